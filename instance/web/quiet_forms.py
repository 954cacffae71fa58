"""The choice of quiet hours: whose they are, and from when until when."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inbox.quiet import NEVER, Schedule

HOUSE, THESE, NONE = "house", "these", "none"


def clock(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        input_formats=["%H:%M", "%H:%M:%S"],
        error_messages=dict.fromkeys(("required", "invalid"), gettext_lazy("Écrivez une heure, par exemple 20:00.")),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )


class Hours(forms.Form):
    """`house`: the hours that an agent may follow, in words; none where those of the house itself are decided."""

    use_required_attribute = False  # hours may stay empty for who does not choose them

    whose = forms.ChoiceField(label=gettext_lazy("Quand vos appareils ne sonnent-ils pas ?"), widget=forms.RadioSelect)
    begins = clock(gettext_lazy("Du soir, à partir de"))
    ends = clock(gettext_lazy("Jusqu’au matin, à"))
    days_off = forms.BooleanField(
        label=gettext_lazy("Et toute la journée le samedi, le dimanche et les jours fériés"), required=False
    )

    def __init__(self, *args: Any, house: Schedule | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        follow = [(HOUSE, _("Comme ma collectivité : %(hours)s") % {"hours": said(house)})] if house else []
        mine = _("À mes heures, écrites plus bas") if house else _("Aux heures écrites plus bas")
        whose = self.fields["whose"]
        if isinstance(whose, forms.ChoiceField):
            whose.choices = [*follow, (THESE, mine), (NONE, _("Jamais : ils sonnent à toute heure"))]
        if not house:
            whose.label = _("Quand les appareils ne sonnent-ils pas ?")

    def clean(self) -> dict[str, Any]:
        written = super().clean() or {}
        if written.get("whose") in (HOUSE, NONE):  # the hours are not looked at
            for name in ("begins", "ends"):
                self.errors.pop(name, None)
        elif self.is_valid() and written["begins"] == written["ends"] and not written["days_off"]:
            self.add_error("ends", _("Ces deux heures sont les mêmes : choisissez « Jamais », ou une autre heure."))
        return written

    @property
    def schedule(self) -> Schedule | None:
        """What was chosen; None: as the house does."""
        written = self.cleaned_data
        if written["whose"] == HOUSE:
            return None
        return NEVER if written["whose"] == NONE else Schedule(written["begins"], written["ends"], written["days_off"])


def initial(schedule: Schedule, whose: str) -> dict[str, Any]:
    return {"whose": whose, "begins": schedule.begins, "ends": schedule.ends, "days_off": schedule.days_off}


def said(schedule: Schedule) -> str:
    """Quiet hours in words."""
    nights = schedule.begins != schedule.ends
    hours = _("de %(begins)s à %(ends)s") % {"begins": hour(schedule.begins), "ends": hour(schedule.ends)}
    days = _("les samedis, dimanches et jours fériés")
    if nights and schedule.days_off:
        return _("%(hours)s, et %(days)s") % {"hours": hours, "days": days}
    return hours if nights else days if schedule.days_off else _("pas d’heures calmes")


def hour(at: time) -> str:
    """« 7 h 30 », « 20 h », as one line."""
    parts = {"hour": at.hour, "minute": f"{at.minute:02}"}
    words = _("%(hour)s h %(minute)s") % parts if at.minute else _("%(hour)s h") % parts
    return words.replace(" ", "\u00a0")
