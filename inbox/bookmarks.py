"""What a reader keeps at hand, for herself alone."""

from collections.abc import Iterable

from django.db.models import QuerySet

from actors.models import Actor
from inbox.models import Bookmark
from outbox import posts
from outbox.posts import Post

PAGE, LARGEST = 20, 2**63 - 1


def add(reader: Actor, post: Post) -> None:
    """`reader` may read `post` (the caller found it through `posts.find`)."""
    Bookmark.objects.get_or_create(reader=reader, post=post)


def remove(reader: Actor, post: Post) -> None:
    Bookmark.objects.filter(reader=reader, post=post).delete()


def rows(reader: Actor) -> QuerySet[Bookmark]:
    """The last kept first, each with its post; without those that she may not read any more."""
    still = posts.readable_by(reader).order_by().values("pk")
    shown_with = [f"post__{each}" for each in posts.SHOWN_WITH]
    return Bookmark.objects.filter(reader=reader, post__in=still).select_related("post", *shown_with).order_by("-pk")


def kept(reader: Actor, page: Iterable[Post]) -> set[int]:
    """Which of these she kept, by primary key."""
    pks = [post.pk for post in page]
    return set(Bookmark.objects.filter(reader=reader, post__among=pks).values_list("post_id", flat=True))


def mark(page: list[Post], reader: Actor) -> list[Post]:
    """The same posts, which know whether the reader kept them."""
    pks = kept(reader, page)
    for post in page:
        post.kept = post.pk in pks
    return page


def page(reader: Actor, before: int | None = None) -> tuple[list[Bookmark], int | None]:
    """Up to twenty, kept before the one of the key `before`, and the key to ask the next page with."""
    found = list((rows(reader) if before is None else rows(reader).filter(pk__lt=min(before, LARGEST)))[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None
