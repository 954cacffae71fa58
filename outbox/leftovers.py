"""What is left of posts that were withdrawn, of letters that were taken, and files that no post ever carried."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import now

from actors.leftovers import of_those_who_left
from federation.models import Delivery, Dispatch
from federation.night import chore
from outbox import erasing, uploads
from outbox.models import Attachment, Boost, FeaturedTag, Like, Post, Scheduled, Tombstone

UPLOADS = timedelta(days=7)  # a post that was begun on a Friday is sent on Monday
# What of the rooms above still stands on a post that was withdrawn.
HELD_BY: list[Callable[[], Q]] = []


def trace_begins() -> Q:
    """Of a post: withdrawn so long ago that nothing brings it back."""
    return Q(withdrawn_at__lt=now() - settings.KEEP["traces"])


@chore("deliveries")
def deliveries() -> QuerySet[Delivery]:
    """Settled long ago. Those of a post to other houses stay with it: whoever was sent it is told when it is withdrawn,
    and its author is shown where it went."""
    told = Post.objects.filter(~trace_begins() | Q(withdrawn_at=None), uri=OuterRef("dispatch__object_uri"), local=True)
    settled = Delivery.objects.filter(state__in=["sent", "abandoned"], state_since__lt=now() - settings.KEEP["letters"])
    return settled.filter(Q(host=settings.HOST) | ~Exists(told))


@chore("dispatches")
def dispatches() -> QuerySet[Dispatch]:
    """Owed to nobody, and to nobody's knowledge ever."""
    return Dispatch.objects.filter(~Exists(Delivery.objects.filter(dispatch=OuterRef("pk"))))


@chore("posts")
def shells() -> QuerySet[Post]:
    """What remains of withdrawn posts, once nobody answers them, nor waits to be told that they are gone."""
    answers = Q(in_reply_to=OuterRef("pk")) | Q(root=OuterRef("pk")) | Q(in_reply_to_uri=OuterRef("uri"))
    owed = Dispatch.objects.filter(object_uri=OuterRef("uri"))
    found = Post.objects.filter(trace_begins(), ~Exists(Post.objects.filter(answers)), ~Exists(owed))
    for held in HELD_BY:
        found = found.exclude(held())
    return found


@chore("tombstones")
def tombstones() -> QuerySet[Tombstone]:
    return Tombstone.objects.filter(since__lt=now() - settings.KEEP["traces"])


@chore("likes")
def likes() -> QuerySet[Like]:
    return Like.objects.filter(post__withdrawn_at__isnull=False)


@chore("boosts")
def boosts() -> QuerySet[Boost]:
    return Boost.objects.filter(post__withdrawn_at__isnull=False)


def drop_uploads(rows: QuerySet[Attachment]) -> None:
    for row in rows:
        transaction.on_commit(partial(default_storage.delete, uploads.raw(row)))
    erasing.drop(rows)


@chore("uploads", erase=drop_uploads)
def unpublished() -> QuerySet[Attachment]:
    """Sent by an author of ours, and in no post, published or to come."""
    to_come = Scheduled.attachments.through.objects.filter(attachment=OuterRef("pk"))
    alone = Attachment.objects.filter(post=None, state_since__lt=now() - UPLOADS)
    return alone.filter(~Exists(to_come)).order_by()


@chore("scheduled")
def never_published() -> QuerySet[Scheduled]:
    """Its files go as those of any upload."""
    return Scheduled.objects.filter(of_those_who_left("author"))


@chore("featured tags")
def featured_tags() -> QuerySet[FeaturedTag]:
    return FeaturedTag.objects.filter(of_those_who_left("author"))
