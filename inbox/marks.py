"""A reader's own marks on posts, for a whole page at once: kept for later, silenced, filtered."""

from collections.abc import Sequence
from typing import Any

from actors.models import Actor
from inbox.models import Bookmark, MutedThread
from outbox.posts import Post


def of(viewer: Actor, posts: Sequence[Post], context: str | None = None) -> dict[int, dict[str, Any]]:
    """By primary key: `bookmarked`, `muted` (its conversation), and the `filtered` of where it is shown."""
    pks = [post.pk for post in posts]
    kept = set(Bookmark.objects.filter(reader=viewer, post__among=pks).values_list("post_id", flat=True))
    roots = {post.root_id or post.pk for post in posts}
    silenced = set(MutedThread.objects.filter(reader=viewer, root__among=list(roots)).values_list("root_id", flat=True))
    return {
        post.pk: {
            "bookmarked": post.pk in kept,
            "muted": (post.root_id or post.pk) in silenced,
            "filtered": [],
        }
        for post in posts
    }
