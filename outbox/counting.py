"""How many chose what in a poll, and what the one who looks chose; nobody learns what others did."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.dateparse import parse_datetime
from django.utils.timezone import now

from actors.models import Actor
from outbox.models import Post, Vote

Counts = dict[int, int]


@dataclass(frozen=True)
class Option:
    """One choice. `count` is None while it is hidden, or when the house that holds the poll does not tell."""

    title: str
    count: int | None
    share: int  # per cent of those who voted; 0 when hidden
    chosen: bool  # by the one who looks


@dataclass(frozen=True)
class Results:
    """A poll as one may see it. `voters` is None when that is not told; `own` holds the looker's choices, from 0."""

    options: list[Option]
    votes: int
    voters: int | None
    multiple: bool
    ends_at: datetime | None
    over: bool
    hidden: bool
    own: list[int]


def ends_at(post: Post) -> datetime | None:
    said = post.details.get("poll", {}).get("ends_at")
    return parse_datetime(said) if said else None


def is_over(post: Post) -> bool:
    end = ends_at(post)
    return end is not None and end <= now()


def own_votes(viewer: Actor | None, posts: Iterable[Post]) -> dict[int, list[int]]:
    """What `viewer` chose in each of these posts, by its key; polls in which she did not vote are not there."""
    asked = [post.pk for post in posts if post.is_poll]
    if viewer is None or not asked:
        return {}
    found: dict[int, list[int]] = {}
    rows = Vote.objects.filter(post__among=asked, actor=viewer).order_by("choice")
    for post, choice in rows.values_list("post", "choice"):
        found.setdefault(post, []).append(choice)
    return found


def counted(posts: Iterable[Post]) -> dict[int, tuple[Counts, int]]:
    """Of our own polls, by key: how many chose each option, and how many voted; one statement for them all."""
    ours = [post.pk for post in posts if post.is_poll and post.local]
    if not ours:
        return {}
    before = Vote.objects.filter(post=OuterRef("post"), actor=OuterRef("actor"), choice__lt=OuterRef("choice"))
    votes = Vote.objects.filter(post__among=ours).annotate(first=~Exists(before))
    rows = votes.values_list("post", "choice").annotate(n=Count("pk"), voters=Count("pk", filter=Q(first=True)))
    found: dict[int, tuple[Counts, int]] = {pk: ({}, 0) for pk in ours}
    for post, choice, count, voters in rows.order_by():
        counts, before_it = found[post]
        found[post] = (counts | {choice: count}, before_it + voters)
    return found


def results(posts: Iterable[Post], viewer: Actor | None) -> dict[int, Results]:
    """Of every poll among them, by key, as `viewer` may see it; two statements however many there are."""
    polls = [post for post in posts if post.is_poll]
    ours, own = counted(polls), own_votes(viewer, polls)
    return {post.pk: result(post, *tally(post, ours.get(post.pk)), own.get(post.pk, [])) for post in polls}


def tally(post: Post, ours: tuple[Counts, int] | None) -> tuple[list[int | None], int | None]:
    """How many chose each option and how many voted: from the votes, or as the house that holds the poll says."""
    poll: dict[str, Any] = post.details["poll"]
    if ours is None:
        counts = [*poll.get("counts", []), *[None] * len(poll["options"])]
        return counts[: len(poll["options"])], poll.get("voters")
    return [ours[0].get(choice, 0) for choice in range(len(poll["options"]))], ours[1]


def result(post: Post, counts: list[int | None], voters: int | None, own: list[int]) -> Results:
    poll: dict[str, Any] = post.details["poll"]
    over, multiple = is_over(post), bool(poll.get("multiple"))
    hidden = bool(poll.get("hide_totals")) and not over
    votes = sum(count or 0 for count in counts)
    whole = (voters or votes) if multiple else votes
    options = [
        Option(title, None if hidden else count, share(0 if hidden else count, whole), choice in own)
        for choice, (title, count) in enumerate(zip(poll["options"], counts, strict=True))
    ]
    return Results(options, votes, voters, multiple, ends_at(post), over, hidden, own)


def share(count: int | None, whole: int) -> int:
    return min(100, round(100 * (count or 0) / whole)) if whole else 0
