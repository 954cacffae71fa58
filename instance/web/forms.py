"""What agents type, checked field by field; each mistake is a sentence next to its field."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actors.accounts import Agent
from outbox.kinds import KINDS


class SignIn(forms.Form):
    login = forms.CharField(
        label=gettext_lazy("Votre nom d’accès"),
        help_text=gettext_lazy("Souvent prénom.nom, par exemple julie.martin."),
        max_length=64,
        error_messages={"required": gettext_lazy("Écrivez votre nom d’accès.")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Mot de passe"),
        strip=False,
        max_length=200,
        error_messages={"required": gettext_lazy("Écrivez votre mot de passe.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_login(self) -> str:
        return str(self.cleaned_data["login"]).strip().lower().lstrip("@")


class Edit(forms.Form):
    """The words of a post; an article has a title too."""

    title = forms.CharField(label=gettext_lazy("Titre"), max_length=300, required=False)
    text = forms.CharField(
        label=gettext_lazy("Votre message"),
        help_text=gettext_lazy("Écrivez @ pour citer une personne, # pour un sujet."),
        required=False,
        widget=forms.Textarea(attrs={"rows": "8"}),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != "article":
            del self.fields["title"]


class Compose(forms.Form):
    """A new post. Its audience, its people and its files are checked by `instance.web.compose`."""

    kind = forms.ChoiceField(initial="note", choices=[(code, code) for code in KINDS])
    title = forms.CharField(
        label=gettext_lazy("Titre"),
        help_text=gettext_lazy("Seulement pour un article."),
        max_length=300,
        required=False,
    )
    text = forms.CharField(
        label=gettext_lazy("Votre message"),
        help_text=gettext_lazy("Écrivez @ pour citer une personne, # pour un sujet."),
        required=False,
        widget=forms.Textarea(attrs={"rows": "6"}),
    )
    audience = forms.ChoiceField(label=gettext_lazy("Qui verra votre message ?"), initial="organisation")
    houses = forms.MultipleChoiceField(label=gettext_lazy("Collectivités"), required=False)
    named = forms.CharField(
        label=gettext_lazy("Personnes"),
        help_text=gettext_lazy("Leurs noms, séparés par une espace : @julie.martin @karim.haddad@vernay.fr"),
        max_length=2000,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    photos = forms.Field(label=gettext_lazy("Photos"), required=False)
    documents = forms.Field(label=gettext_lazy("Documents"), required=False)

    def __init__(self, *args: Any, audiences: list[str], houses: list[str], reply: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].required = not reply
        self.fields["kind"].required = not reply
        audience, chosen = self.fields["audience"], self.fields["houses"]
        if isinstance(audience, forms.ChoiceField) and isinstance(chosen, forms.MultipleChoiceField):
            audience.choices = [(code, code) for code in audiences]
            chosen.choices = [(host, host) for host in houses]


class Password(forms.Form):
    """A first password, or a new one."""

    current = forms.CharField(
        label=gettext_lazy("Mot de passe actuel"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("Nouveau mot de passe"),
        help_text=gettext_lazy("Douze signes au moins. Quatre mots sans rapport entre eux font un bon mot de passe."),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("Le même, encore une fois"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agent = agent
        if not agent.has_usable_password():
            del self.fields["current"]

    def clean_current(self) -> str:
        current = str(self.cleaned_data["current"])
        if not self.agent.check_password(current):
            raise forms.ValidationError(_("Ce n’est pas votre mot de passe actuel."))
        return current

    def clean_new(self) -> str:
        new = str(self.cleaned_data["new"])
        validate_password(new, self.agent)
        return new

    def clean(self) -> dict[str, Any]:
        words = super().clean() or self.cleaned_data
        if words.get("new") and words.get("again") and words["new"] != words["again"]:
            self.add_error("again", _("Les deux mots de passe diffèrent."))
        return words


class Look(forms.Form):
    theme = forms.ChoiceField(
        label=gettext_lazy("Apparence"),
        choices=[("", gettext_lazy("Automatique")), ("light", gettext_lazy("Clair")), ("dark", gettext_lazy("Sombre"))],
        required=False,
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Langue"),
        choices=[("", gettext_lazy("Celle du navigateur")), ("fr", "Français"), ("en", "English")],
        required=False,
        widget=forms.RadioSelect,
    )
