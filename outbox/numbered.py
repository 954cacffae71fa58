"""Posts and shares by the digits that clients know them by, through the same reading door."""

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import QuerySet

from actors import directory, following
from actors.models import Actor
from federation.errors import NotHere
from outbox import posts
from outbox.models import Boost, Like, Post

Row = TypeVar("Row", Like, Boost)


def find(viewer: Actor, number: int) -> Post:
    """The post of this number, or what the share of this number shares. NotHere: absent, or not for this viewer."""
    try:
        return written(viewer, number)
    except NotHere:
        return share(viewer, number).post


def written(viewer: Actor, number: int) -> Post:
    """The post of this number, and no share. NotHere."""
    found = posts.readable_by(viewer).filter(number=number).first()
    if found is None:
        raise NotHere(str(number))
    return found


def share(viewer: Actor, number: int) -> Boost:
    """The share of this number, by someone whom the viewer may meet, of a post that she may read. NotHere."""
    found = met(Boost.objects.filter(number=number), viewer).first()
    inner = posts.readable_by(viewer).filter(pk=found.post_id).first() if found else None
    if found is None or inner is None:
        raise NotHere(str(number))
    found.post = inner
    return found


def find_all(viewer: Actor, numbers: Sequence[int]) -> list[Post]:
    """Those that are there for this viewer, in the order asked for."""
    found = {post.number: post for post in posts.readable_by(viewer).filter(number__among=list(numbers))}
    return [found[number] for number in dict.fromkeys(numbers) if number in found]


def own_share(actor: Actor, post: Post) -> Boost | None:
    return Boost.objects.filter(actor=actor, post=post).select_related("actor__service").first()


def likes(viewer: Actor, post: Post) -> QuerySet[Like]:
    """Who found it useful, of those whom the viewer may meet."""
    return met(Like.objects.filter(post=post), viewer)


def shares(viewer: Actor, post: Post) -> QuerySet[Boost]:
    return met(Boost.objects.filter(post=post), viewer)


def met(rows: QuerySet[Row], viewer: Actor) -> QuerySet[Row]:
    """Without those of houses off the list, the suspended, and whoever is kept apart from the viewer."""
    on_the_list = directory.on_the_list("actor__")
    heard = rows.filter(on_the_list, actor__suspended_at=None).exclude(actor__in=following.kept_apart(viewer))
    return heard.select_related("actor__service")
