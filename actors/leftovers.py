"""Ways in that open nothing any more, and ties that ended long ago."""

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils.timezone import now

from actors import throttle
from actors.models import Attempt, Comparison, Follow, Mute, SignInLink
from federation.night import chore

COMPARED = timedelta(days=1)  # much longer than the pause between two comparisons, which is all that needs the row


@chore("links")
def links() -> QuerySet[SignInLink]:
    return SignInLink.objects.filter(expires_at__lte=now())


@chore("attempts")
def attempts() -> QuerySet[Attempt]:
    return Attempt.objects.filter(since__lt=now() - throttle.WINDOW)


@chore("mutes")
def mutes() -> QuerySet[Mute]:
    return Mute.objects.filter(until__lte=now())


@chore("comparisons")
def comparisons() -> QuerySet[Comparison]:
    return Comparison.objects.filter(state="done", state_since__lt=now() - COMPARED)


@chore("follows")
def follows() -> QuerySet[Follow]:
    """Those that ended: what is repeated of them, by a house that was restored, must not begin them again."""
    return Follow.objects.filter(state__in=["refused", "undone"], state_since__lt=now() - settings.KEEP["traces"])
