"""What hangs from many posts, asked once for all of them: people named, subjects, for the faces that list posts."""

from collections.abc import Sequence

from actors.models import Actor
from outbox import posts as reading
from outbox.models import Post


def named_in(posts: Sequence[Post]) -> dict[int, list[Actor]]:
    """Whom each post names, by its primary key."""
    rows = Post.named.through.objects.filter(post__among=[each.pk for each in posts]).select_related("actor__service")
    found: dict[int, list[Actor]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.post_id, []).append(row.actor)
    return found


def subjects_of(posts: Sequence[Post]) -> dict[int, list[str]]:
    """The hashtags of each post, without their sign, by its primary key."""
    rows = Post.hashtags.through.objects.filter(post__among=[each.pk for each in posts])
    found: dict[int, list[str]] = {}
    for post, name in rows.order_by("hashtag__name").values_list("post_id", "hashtag__name"):
        found.setdefault(post, []).append(name)
    return found


def subjects_beginning(viewer: Actor, start: str, most: int) -> list[str]:
    """Hashtags that begin so, of posts that `viewer` may read."""
    rows = reading.readable_by(viewer).order_by().filter(hashtags__name__startswith=start.lower())
    return list(rows.values_list("hashtags__name", flat=True).distinct().order_by("hashtags__name")[:most])
