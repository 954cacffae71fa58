"""What a reader sees.

Timelines are questions asked of the posts, not copies of them (ADR 5).
"""

import re
from collections.abc import Callable

from django.db.models import F, Q, QuerySet

from actors import directory, following
from actors.models import Actor, Mute
from outbox import posts
from outbox.posts import Post

PAGE = 20
BEGINS = Q(in_reply_to_uri="")  # answers are read in their thread
ULID = re.compile("[0-9A-HJKMNP-TV-Z]{26}")


def home(viewer: Actor) -> QuerySet[Post]:
    """What begins among those I follow and in my organisation, what those I follow share, what is addressed to me."""
    followed = following.followed_by(viewer)
    near = (
        Q(author__in=followed)
        | Q(author__service__in=followed)
        | Q(author__local=True, audience__in=["organisation", "service"])
        | Q(author=viewer)
    )
    return heard(viewer).filter(near & BEGINS | posts.addressed_to(viewer) | posts.shared_by(followed))


def service(viewer: Actor) -> QuerySet[Post]:
    """What the colleagues of my service begin."""
    return heard(viewer).filter(BEGINS, author__service=viewer.service) if viewer.service else heard(viewer).none()


def organisation(viewer: Actor) -> QuerySet[Post]:
    return heard(viewer).filter(BEGINS, author__local=True)


def partners(viewer: Actor) -> QuerySet[Post]:
    """What is begun for several houses, here and next door."""
    return heard(viewer).filter(BEGINS, audience__in=["partners", "chosen_partners", "public"])


def heard(viewer: Actor) -> QuerySet[Post]:
    """All that the viewer may read, without the voices that she muted."""
    return posts.readable_by(viewer).exclude(author__in=Mute.objects.filter(actor=viewer).values("target"))


TIMELINES: dict[str, Callable[[Actor], QuerySet[Post]]] = {
    "": home,
    "service": service,
    "collectivite": organisation,
    "partenaires": partners,
}


def page(viewer: Actor, name: str, before: str = "") -> tuple[list[Post], str]:
    """Up to twenty posts older than the ULID `before`, decorated, and the ULID to ask the next page with (or "")."""
    rows = TIMELINES.get(name, home)(viewer)
    return cut(rows, viewer, before)


def cut(rows: QuerySet[Post], viewer: Actor, before: str = "") -> tuple[list[Post], str]:
    found = list((rows.filter(ulid__lt=before) if ULID.fullmatch(before) else rows)[: PAGE + 1])
    shown = posts.decorate(found[:PAGE], viewer)
    mark_sharers(shown, viewer)
    return shown, shown[-1].ulid if len(found) > PAGE else ""


def mark_sharers(shown: list[Post], viewer: Actor) -> None:
    """Who, among those the viewer follows, shared each post."""
    followed = following.followed_by(viewer).filter(directory.on_the_list())
    rows = followed.filter(boosts__post__in=shown)
    sharers = {actor.boosted_post: actor for actor in rows.annotate(boosted_post=F("boosts__post"))}
    for post in shown:
        post.boosted_by = sharers.get(post.pk)
