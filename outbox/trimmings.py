"""What hangs from many posts, asked once for all of them: people named, subjects, for the faces that list posts."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import QuerySet, Value

from actors.models import Actor
from federation.composed import Composed
from outbox import posts as reading
from outbox.models import Post


def named_in(posts: Sequence[Post]) -> dict[int, list[Actor]]:
    """Whom each post names, by its primary key."""
    rows = Post.named.through.objects.filter(post__among=[each.pk for each in posts]).select_related("actor__service")
    found: dict[int, list[Actor]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.post_id, []).append(row.actor)
    return found


def hanging(_shape: None, pks: Collection[int]) -> "QuerySet[Any, Any]":
    named = Post.named.through.objects.filter(post__among=pks)
    borne = Post.hashtags.through.objects.filter(post__among=pks)
    people = named.values_list("post_id", "pk", "actor_id", "actor__handle", "actor__domain", "actor__local")
    subjects = borne.values_list("post_id", Value(0), Value(0), "hashtag__name", Value(""), Value(False))
    return people.union(subjects, all=True)


HANGING = Composed(hanging)


def of(posts: Sequence[Post]) -> tuple[dict[int, list[Actor]], dict[int, list[str]]]:
    """Whom each post names (their keys and addresses alone), and its hashtags without their sign, by primary key."""
    named: dict[int, list[Actor]] = {}
    subjects: dict[int, list[str]] = {}
    for post, _pk, actor, name, domain, local in sorted(HANGING(pks=[each.pk for each in posts])):
        if actor:
            named.setdefault(post, []).append(Actor(pk=actor, handle=name, domain=domain, local=local))
        else:
            subjects.setdefault(post, []).append(name)
    return named, subjects


def subjects_beginning(viewer: Actor, start: str, most: int) -> list[str]:
    """Hashtags that begin so, of posts that `viewer` may read."""
    rows = reading.readable_by(viewer).order_by().filter(hashtags__name__startswith=start.lower())
    return list(rows.values_list("hashtags__name", flat=True).distinct().order_by("hashtags__name")[:most])
