"""What an admin says to another house: an offer, an acceptance, a few words."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy

from actors import conventions, terms

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def words(label: "_StrPromise", *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=terms.WORDS, required=required, widget=forms.Textarea(attrs={"rows": "3"})
    )


def contact() -> forms.EmailField:
    return forms.EmailField(
        label=gettext_lazy("Notre délégué à la protection des données"),
        help_text=gettext_lazy("Son adresse électronique, que l’autre collectivité lira."),
        max_length=terms.CONTACT,
        error_messages={
            "required": gettext_lazy("Écrivez l’adresse électronique de votre délégué à la protection des données."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class Offer(forms.Form):
    host = forms.CharField(
        label=gettext_lazy("Adresse de l’autre serveur"),
        help_text=gettext_lazy("Par exemple rsi.vernay.fr. Il est appelé tout de suite, pour savoir qui il est."),
        max_length=260,
        error_messages={"required": gettext_lazy("Écrivez l’adresse du serveur.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    purpose = forms.CharField(
        label=gettext_lazy("Pourquoi échanger ?"),
        max_length=terms.PURPOSE,
        error_messages={"required": gettext_lazy("Dites pourquoi vous voulez échanger avec cette collectivité.")},
    )
    contact = contact()
    words = words(gettext_lazy("Votre message"))


class Accept(forms.Form):
    contact = contact()
    words = words(gettext_lazy("Votre message"))


class Say(forms.Form):
    words = words(gettext_lazy("Votre message"))


class Ask(forms.Form):
    words = words(gettext_lazy("Votre message"), required=True)


class Record(forms.Form):
    """What stands in the record of exchanges in place of what the letters said; blank leaves what they said."""

    purpose = forms.CharField(label=gettext_lazy("Finalité"), max_length=terms.PURPOSE, required=False)
    contact = forms.EmailField(
        label=gettext_lazy("Leur délégué à la protection des données"), max_length=terms.CONTACT, required=False
    )
    since = forms.DateField(
        label=gettext_lazy("Depuis le"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    annex = forms.CharField(
        label=gettext_lazy("Annexe"),
        help_text=gettext_lazy("La convention ou la délibération, et où elle est rangée."),
        max_length=conventions.ANNEX,
        required=False,
    )
