"""What an agent says of herself, and a few lines of her own: a name, a value."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actors.documents import FIELDS
from actors.profiles import FIELD

SHOWN = 4  # lines that are there to be filled, even when few are


class Profile(forms.Form):
    """What an agent says of herself; her name is verified by her organisation and is not here."""

    occupation = forms.CharField(label=gettext_lazy("Fonction"), max_length=200, required=False)
    summary = forms.CharField(
        label=gettext_lazy("Ce que vous faites, avec vos mots"),
        help_text=gettext_lazy("Quelques phrases. Elles aident vos collègues à vous trouver."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": "5"}),
    )
    portrait = forms.FileField(
        label=gettext_lazy("Votre portrait"),
        help_text=gettext_lazy(
            "Une photo ou un dessin, au plus 15 Mo. La date et le lieu de prise de vue sont retirés."
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
    without_portrait = forms.BooleanField(label=gettext_lazy("Retirer mon portrait"), required=False)
    approves_followers = forms.BooleanField(
        label=gettext_lazy("Choisir moi-même qui me suit"),
        help_text=gettext_lazy("Chaque demande attend votre accord."),
        required=False,
    )
    discoverable = forms.BooleanField(
        label=gettext_lazy("Figurer dans l’annuaire des collectivités partenaires"),
        help_text=gettext_lazy("Vos collègues d’ici vous trouvent toujours."),
        required=False,
    )

    def __init__(self, *args: Any, lines: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        filled = [*lines, *[("", "")] * FIELDS][:FIELDS]
        for number, (name, value) in enumerate(filled, 1):
            self.fields[f"line_name_{number}"] = line(_("Ligne %(n)s : nom") % {"n": number}, name)
            self.fields[f"line_value_{number}"] = line(_("Ligne %(n)s : contenu") % {"n": number}, value)
        self.shown = min(FIELDS, max(SHOWN, len(lines) + 1))

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Those that are shown, to be filled."""
        return [(self[f"line_name_{n}"], self[f"line_value_{n}"]) for n in range(1, self.shown + 1)]

    def lines(self) -> tuple[tuple[str, str], ...]:
        """What was typed."""
        said = self.cleaned_data
        return tuple((said[f"line_name_{n}"], said[f"line_value_{n}"]) for n in range(1, FIELDS + 1))


def line(label: str, initial: str) -> forms.CharField:
    return forms.CharField(label=label, initial=initial, max_length=FIELD, required=False)
