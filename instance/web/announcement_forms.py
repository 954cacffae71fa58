"""What an admin writes to announce something."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from outbox import text


def moment(label: Any, hint: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        help_text=hint,
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": gettext_lazy("Écrivez une date et une heure.")},
    )


class Announce(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Votre annonce"),
        help_text=gettext_lazy("Tous les agents la lisent en haut de leur accueil, jusqu’à ce qu’ils la rangent."),
        max_length=text.LIMIT,
        error_messages={"required": gettext_lazy("Écrivez l’annonce.")},
        widget=forms.Textarea(attrs={"rows": "6"}),
    )
    starts_at = moment(gettext_lazy("À partir de"), gettext_lazy("Rien : dès maintenant."))
    ends_at = moment(gettext_lazy("Jusqu’à"), gettext_lazy("Rien : jusqu’à ce que vous la retiriez."))
    all_day = forms.BooleanField(
        label=gettext_lazy("Sans heure"),
        help_text=gettext_lazy("Seuls les jours comptent, et sont montrés."),
        required=False,
    )
