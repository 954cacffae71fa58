"""What a reader is told, and that she has been."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from actors import directory, following
from actors.models import Actor
from inbox.models import Notification
from outbox import posts
from outbox.posts import Post

REASONS = ("mention", "reply", "follow", "follow_asked", "like", "boost")


def tell(reader: Actor, actor: Actor, reason: str, post: Post | None = None) -> None:
    """Tell a local reader once; never of herself, nor of someone she does not want to hear."""
    if not reader.local or reader == actor or following.apart(reader, actor) or following.has_muted(reader, actor):
        return
    told = Notification(reader=reader, actor=actor, reason=reason, post=post)
    Notification.objects.bulk_create([told], ignore_conflicts=True)


def tell_of_posts(posts: Sequence[Post]) -> None:
    """The same for many, of which most concern nobody in particular: those cost nothing."""
    for post in posts:
        if post.in_reply_to is not None or not has_just_come(post) or named_here(post):
            tell_of_post(post)


def has_just_come(post: Post) -> bool:
    """Whom it names was looked up a moment ago; and whoever is named by a post from elsewhere reads it."""
    return hasattr(post, "readers_named")


def named_here(post: Post) -> list[Actor]:
    if has_just_come(post):
        return [reader for reader in post.readers_named if reader.local and reader.kind == "Person"]
    return list(post.named.filter(local=True, kind="Person"))


def tell_of_post(post: Post) -> None:
    """Those whom a new or edited post answers or names, if they may read it."""
    parent = post.in_reply_to
    answered = parent.author if parent and parent.author.local else None
    if answered and may_read(answered, post):
        tell(answered, post.author, "reply", post)
    for reader in named_here(post):
        if reader != answered and (has_just_come(post) or may_read(reader, post)):
            tell(reader, post.author, "mention", post)


def tell_author(post: Post, actor: Actor, reason: str) -> None:
    tell(post.author, actor, reason, post)


def may_read(reader: Actor, post: Post) -> bool:
    return posts.readable_by(reader).filter(pk=post.pk).exists()


def page(reader: Actor, before: datetime | None = None) -> QuerySet[Notification]:
    """Newest first, without those about people and posts that the reader may not meet any more."""
    rows = Notification.objects.filter(reader=reader).select_related("actor", "actor__service", "post", "post__author")
    rows = rows.filter(directory.on_the_list("actor__"), actor__suspended_at=None).exclude(
        actor__in=following.kept_apart(reader)
    )
    rows = rows.filter(post=None) | rows.filter(post__in=posts.readable_by(reader).order_by())
    return (rows.filter(created_at__lt=before) if before else rows).order_by("-created_at", "-pk")


def new_count(reader: Actor) -> int:
    return page(reader).filter(new=True).count()


def seen(reader: Actor) -> None:
    """All of them were shown; that, and not when, is kept."""
    Notification.objects.filter(reader=reader, new=True).update(new=False)
