"""Letters that arrived and were acted upon, what one was told long ago, and what those who left kept for themselves."""

from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.utils.timezone import now

from actors.leftovers import of_those_who_left
from federation.night import chore
from inbox.models import (
    Bookmark,
    Conversation,
    Filter,
    FollowedTag,
    List,
    Marker,
    MutedThread,
    Notification,
    NotificationPermission,
    NotificationPolicy,
    Receipt,
    Report,
)
from outbox import leftovers

ENDED = ["handled", "ignored", "failed"]
# What a reader keeps for herself, by the column that names her.
OWN: list[tuple[str, type[Model], str]] = [
    ("bookmarks", Bookmark, "reader"),
    ("muted threads", MutedThread, "reader"),
    ("lists", List, "owner"),
    ("followed tags", FollowedTag, "reader"),
    ("filters", Filter, "owner"),
    ("markers", Marker, "reader"),
    ("conversations", Conversation, "reader"),
    ("notification policies", NotificationPolicy, "reader"),
    ("notification permissions", NotificationPermission, "reader"),
]


def own(kind: type[Model], column: str) -> QuerySet[Any]:
    return kind._base_manager.filter(of_those_who_left(column))


for name, kind, column in OWN:
    chore(name)(partial(own, kind, column))


@chore("receipts")
def receipts() -> QuerySet[Receipt]:
    """The same letter again is refused by its date soon after; signed anew, by a house that missed our answer or was
    restored, it is known by its receipt for longer than backups are kept."""
    return Receipt.objects.filter(state__in=ENDED, state_since__lt=now() - settings.KEEP["letters"])


@chore("notifications")
def notifications() -> QuerySet[Notification]:
    old = Q(created_at__lt=now() - settings.KEEP["notifications"])
    return Notification.objects.filter(old | of_those_who_left("reader"))


@chore("reports")
def reports() -> QuerySet[Report]:
    """Those that a moderator has seen to."""
    return Report.objects.filter(handled=True, created_at__lt=now() - settings.KEEP["reports"])


def ends_a_conversation() -> Q:
    """Of a withdrawn post: others of its conversation may still be there, and the conversation would go with it."""
    return Q(Exists(Conversation.objects.filter(~Q(root=F("last")), last=OuterRef("pk"))))


leftovers.HELD_BY.append(ends_a_conversation)
