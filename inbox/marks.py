"""A reader's own marks on posts, for a whole page at once: kept for later, silenced, filtered."""

from collections.abc import Sequence
from dataclasses import dataclass

from actors.models import Actor
from inbox import bookmarks, filtering, threads
from inbox.filtering import Match
from outbox.posts import Post


@dataclass(frozen=True)
class Marks:
    kept: bool
    muted: bool  # its conversation
    filtered: list[Match]


def of(viewer: Actor, posts: Sequence[Post], context: str | None = None) -> dict[int, Marks]:
    """By primary key; what is filtered, of where it is shown (`context`; None: anywhere)."""
    kept, muted = bookmarks.kept(viewer, posts), threads.muted(viewer, posts)
    met = filtering.matching(viewer, posts, context)
    return {post.pk: Marks(post.pk in kept, post.pk in muted, met.get(post.pk, [])) for post in posts}
