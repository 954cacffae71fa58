"""Letters that arrived and were acted upon, and what one was told long ago."""

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.timezone import now

from federation.night import chore
from inbox.models import Conversation, Notification, Receipt, Report
from outbox import leftovers

ENDED = ["handled", "ignored", "failed"]


@chore("receipts")
def receipts() -> QuerySet[Receipt]:
    """The same letter again is refused by its date soon after; signed anew, by a house that missed our answer or was
    restored, it is known by its receipt for longer than backups are kept."""
    return Receipt.objects.filter(state__in=ENDED, state_since__lt=now() - settings.KEEP["letters"])


@chore("notifications")
def notifications() -> QuerySet[Notification]:
    return Notification.objects.filter(created_at__lt=now() - settings.KEEP["notifications"])


@chore("reports")
def reports() -> QuerySet[Report]:
    """Those that a moderator has seen to."""
    return Report.objects.filter(handled=True, created_at__lt=now() - settings.KEEP["reports"])


def ends_a_conversation() -> Q:
    """Of a withdrawn post: others of its conversation may still be there, and the conversation would go with it."""
    return Q(Exists(Conversation.objects.filter(~Q(root=F("last")), last=OuterRef("pk"))))


leftovers.HELD_BY.append(ends_a_conversation)
