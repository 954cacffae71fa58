"""Ways in that open nothing any more, ties that ended long ago, and what those who left had kept for themselves."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.timezone import now

from actors import throttle
from actors.models import Attempt, Comparison, Endorsement, Follow, Mute, Remark, SignInLink
from federation.night import chore

COMPARED = timedelta(days=1)  # much longer than the pause between two comparisons, which is all that needs the row
LEFT = timedelta(days=30)  # a mistake is noticed by then


def of_those_who_left(column: str) -> Q:
    """Rows of an agent, by the column that names her: her account was closed a month ago. Nobody else reads them."""
    return Q(**{f"{column}__agent__is_active": False, f"{column}__agent__closed_at__lt": now() - LEFT})


@chore("links")
def links() -> QuerySet[SignInLink]:
    return SignInLink.objects.filter(expires_at__lte=now())


@chore("attempts")
def attempts() -> QuerySet[Attempt]:
    return Attempt.objects.filter(since__lt=now() - throttle.WINDOW)


@chore("mutes")
def mutes() -> QuerySet[Mute]:
    return Mute.objects.filter(Q(until__lte=now()) | of_those_who_left("actor"))


@chore("comparisons")
def comparisons() -> QuerySet[Comparison]:
    return Comparison.objects.filter(state="done", state_since__lt=now() - COMPARED)


@chore("follows")
def follows() -> QuerySet[Follow]:
    """Those that ended: what is repeated of them, by a house that was restored, must not begin them again."""
    return Follow.objects.filter(state__in=["refused", "undone"], state_since__lt=now() - settings.KEEP["traces"])


@chore("remarks")
def remarks() -> QuerySet[Remark]:
    return Remark.objects.filter(of_those_who_left("actor"))


@chore("endorsements")
def endorsements() -> QuerySet[Endorsement]:
    return Endorsement.objects.filter(of_those_who_left("actor"))
