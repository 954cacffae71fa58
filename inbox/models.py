"""What arrived and is being handled, and what each reader is told."""

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from federation.states import Stateful
from inbox.own_models import (
    Announcement,
    Bookmark,
    Conversation,
    Filter,
    FilterKeyword,
    FilterPost,
    FollowedTag,
    List,
    Marker,
    MutedThread,
    NotificationPermission,
    NotificationPolicy,
    Push,
    PushSubscription,
)

__all__ = [
    "Announcement",
    "Bookmark",
    "Conversation",
    "Filter",
    "FilterKeyword",
    "FilterPost",
    "FollowedTag",
    "List",
    "Marker",
    "MutedThread",
    "Notification",
    "NotificationPermission",
    "NotificationPolicy",
    "Push",
    "PushSubscription",
    "Receipt",
    "Report",
]


class Receipt(Stateful):
    """A verified activity, kept from the moment we said 202 until it is handled. Its unique id makes twice once."""

    STEPS = {"waiting": {"handled", "ignored", "failed"}, "failed": {"waiting"}}

    uri = models.CharField(max_length=500, unique=True)
    actor = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=50, blank=True)
    activity = models.JSONField()
    size = models.PositiveIntegerField(default=0, db_default=0)  # of that, in characters
    attempts = models.PositiveSmallIntegerField(default=0)
    begun = models.PositiveSmallIntegerField(
        default=0, db_default=0
    )  # and not known to have ended: see inbox.beginnings
    due_at = models.DateTimeField(default=now)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="receipt_waiting", condition=Q(state="waiting")),
            models.Index(fields=["state", "state_since"], name="receipt_by_state"),
        ]


class Notification(models.Model):
    """Something that `reader` is told; `new` until her notifications page showed it."""

    reader = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="notifications")
    actor = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=20)
    post = models.ForeignKey("outbox.Post", null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=now)
    new = models.BooleanField(default=True)
    filtered = models.BooleanField(default=False, db_default=False)  # set apart by the reader's policy

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "actor", "reason", "post"], name="told_once"),
            models.UniqueConstraint(
                fields=["reader", "actor", "reason"], name="told_once_of_no_post", condition=Q(post=None)
            ),
        ]
        indexes = [models.Index(fields=["reader", "-created_at"], name="notification_page")]


class Report(models.Model):
    """A Flag: something that a moderator must look at."""

    uri = models.CharField(max_length=500, unique=True)
    actor = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")
    about = models.JSONField(default=list)
    words = models.TextField(blank=True)
    category = models.CharField(max_length=20, default="other", db_default="other")
    forwarded = models.BooleanField(default=False, db_default=False)
    handled = models.BooleanField(default=False, db_default=False)  # a moderator has seen to it
    created_at = models.DateTimeField(default=now)
