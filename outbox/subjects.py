"""Hashtags by their names, and how much one who looks may read of an author under them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max
from django.utils.timezone import localdate

from actors.models import Actor
from federation.errors import NotHere
from outbox import keeping, posts, text

SUGGESTED = 10


@dataclass(frozen=True)
class Use:
    """Of a subject, in the posts of one author that somebody may read."""

    count: int = 0
    last: date | None = None


def name_of(said: str) -> str:
    """A subject's name as it is kept, from `#Voirie` or `voirie`. NotHere when it is none."""
    name = said.removeprefix("#").lower()
    if text.hashtags(f"#{name}") != [name]:
        raise NotHere(said[:100])
    return name


def row(said: str) -> int:
    """The key of a subject; a new one is made."""
    name = name_of(said)
    return keeping.hashtags({name})[name]


def uses(viewer: Actor, author: Actor, names: Sequence[str]) -> dict[str, Use]:
    """What `viewer` may read of the author's under each of these names."""
    found = posts.by(viewer, author).filter(hashtags__name__among=list(names)).order_by().values_list("hashtags__name")
    rows = found.annotate(n=Count("pk", distinct=True), last=Max("published_at"))
    return {name: Use(count, localdate(last)) for name, count, last in rows}


def most_used(author: Actor, without: Sequence[str]) -> list[str]:
    """The subjects of the author's own posts, the most frequent first."""
    found = posts.by(author, author).exclude(hashtags=None).order_by().values_list("hashtags__name")
    ranked = found.exclude(hashtags__name__in=without).annotate(n=Count("pk")).order_by("-n", "hashtags__name")
    return [name for name, _count in ranked[:SUGGESTED]]
