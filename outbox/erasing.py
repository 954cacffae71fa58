"""Nothing of what was said remains, here or on its way."""

from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import now

from federation import happenings
from federation.models import Delivery, Dispatch
from outbox.models import Attachment, Post, Tally


def drop(attachments: QuerySet[Attachment]) -> None:
    """Attachments go with their files, once that is certain."""
    for each in attachments:
        for file in (each.file, each.thumbnail):
            if file:
                transaction.on_commit(partial(file.storage.delete, file.name or ""))
    attachments.delete()


def erase(post: Post) -> None:
    """Nothing of what was said remains, but that something was: replies keep their place."""
    drop(post.attachments.all())
    post.versions.all().delete()
    post.hashtags.clear()
    post.votes.all().delete()
    Tally.objects.filter(post=post).delete()
    owed = Delivery.objects.filter(dispatch__object_uri=post.uri).exclude(host=settings.HOST)
    not_on_its_way = Q(leased_until=None) | Q(leased_until__lte=now())
    owed.filter(not_on_its_way, state="waiting").delete()
    on_its_way = Delivery.objects.filter(dispatch=OuterRef("pk"), state="waiting")
    Dispatch.objects.filter(~Exists(on_its_way), object_uri=post.uri).update(document={})
    Post.objects.filter(pk=post.pk).update(withdrawn_at=now(), source="", html="", title="", details={}, pinned_at=None)
    post.refresh_from_db()
    happenings.happened("withdrawn", [post.pk])
