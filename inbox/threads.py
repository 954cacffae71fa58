"""Conversations of which a reader wants to be told no more."""

from collections.abc import Iterable

from actors.models import Actor
from inbox.models import MutedThread
from outbox.posts import Post


def root_of(post: Post) -> int:
    """The key of the post that began it all, as far as we know."""
    return post.root_id or post.pk


def mute(reader: Actor, post: Post) -> None:
    """`reader` may read `post` (the caller found it through `posts.find`)."""
    MutedThread.objects.get_or_create(reader=reader, root_id=root_of(post))


def unmute(reader: Actor, post: Post) -> None:
    MutedThread.objects.filter(reader=reader, root=root_of(post)).delete()


def muted(reader: Actor, page: Iterable[Post]) -> set[int]:
    """Which of these are of a conversation that she muted, by primary key."""
    roots = {post.pk: root_of(post) for post in page}
    rows = MutedThread.objects.filter(reader=reader, root__among=set(roots.values()))
    silent = set(rows.values_list("root_id", flat=True))
    return {pk for pk, root in roots.items() if root in silent}


def pairs_muted(readers: Iterable[int], page: Iterable[Post]) -> set[tuple[int, int]]:
    """Who of these readers is told of which conversation no more: (reader, first post)."""
    rows = MutedThread.objects.filter(reader__among=set(readers), root__among={root_of(post) for post in page})
    return set(rows.values_list("reader_id", "root_id"))
