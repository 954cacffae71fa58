"""What hangs from many posts, as it was asked once for all of them: people named, subjects."""

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


def of(posts: Sequence[Post]) -> tuple[dict[int, list[Actor]], dict[int, list[str]]]:
    """Whom each decorated post names (their keys and addresses alone), and its hashtags without their sign, by primary
    key."""
    named: dict[int, list[Actor]] = {}
    subjects: dict[int, list[str]] = {}
    for post in posts:
        if not post.hanging:
            named[post.pk], subjects[post.pk] = [], []
            continue
        hanging = sorted(post.hanging)
        named[post.pk] = [
            Actor(pk=pk, handle=name, domain=of, local=here) for _row, pk, name, of, here in hanging if pk
        ]
        subjects[post.pk] = [name for _row, pk, name, _of, _here in hanging if not pk]
    return named, subjects


def subjects_beginning(viewer: Actor, start: str, most: int) -> list[str]:
    """Hashtags that begin so, of posts that `viewer` may read."""
    rows = reading.readable_by(viewer).order_by().filter(hashtags__name__startswith=start.lower())
    return list(rows.values_list("hashtags__name", flat=True).distinct().order_by("hashtags__name")[:most])
