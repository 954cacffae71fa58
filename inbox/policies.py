"""From whom a reader is told things at once, from whom apart, from whom not at all."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.utils.timezone import now

from actors.models import Actor, Follow
from federation.ids import moment_of
from inbox.models import Notification, NotificationPermission, NotificationPolicy

FACETS = (
    "for_not_following",
    "for_not_followers",
    "for_new_accounts",
    "for_private_mentions",
    "for_limited_accounts",  # nobody is limited in this house: it is kept, and changes nothing
)
CHOICES = ("accept", "filter", "drop")
ASKED_FOR = {"status", "poll", "update"}  # by the reader herself
NEW, RECENT = timedelta(days=30), timedelta(days=3)
Pair = tuple[int, int]


def of(reader: Actor) -> NotificationPolicy:
    """Hers, or the usual one: everything is accepted."""
    return NotificationPolicy.objects.filter(reader=reader).first() or NotificationPolicy(reader=reader)


def choose(reader: Actor, facets: dict[str, str]) -> NotificationPolicy:
    """Each of `FACETS` that is named becomes one of `CHOICES`; what has come already stays where it is."""
    known = {name: choice for name, choice in facets.items() if name in FACETS and choice in CHOICES}
    return NotificationPolicy.objects.update_or_create(reader=reader, defaults=known)[0]


def sorted_out(news: Sequence[Notification]) -> list[Notification]:
    """Without those that their reader drops; those that she sets apart are marked.

    Three queries, whatever their number; one when none of the readers has a policy.
    """
    rows = NotificationPolicy.objects.filter(reader__among={each.reader_id for each in news}) if news else []
    policies = {row.reader_id: row for row in rows}
    judged = [each for each in news if each.reader_id in policies and each.reason not in ASKED_FOR]
    if not judged:
        return list(news)
    people = {each.reader_id for each in judged} | {each.actor_id for each in judged}
    follows, permitted = follows_among(people), permissions_among(people)
    dropped: list[Notification] = []
    for each in judged:
        if (each.reader_id, each.actor_id) in permitted:
            continue
        choices = {getattr(policies[each.reader_id], facet) for facet in facets_of(each, follows)}
        each.filtered = "filter" in choices
        if "drop" in choices:
            dropped.append(each)
    return [each for each in news if not any(each is other for other in dropped)]


def facets_of(news: Notification, follows: dict[Pair, datetime]) -> list[str]:
    """What is unusual about it, of `FACETS`."""
    followed = (news.reader_id, news.actor_id) in follows
    follower_since = follows.get((news.actor_id, news.reader_id))
    unasked = news.reason == "mention" and news.post is not None and news.post.audience == "named"
    found = {
        "for_not_following": not followed,
        "for_not_followers": follower_since is None or follower_since > now() - RECENT,
        "for_new_accounts": moment_of(news.actor.ulid) > now() - NEW,
        "for_private_mentions": unasked and not followed,
    }
    return [facet for facet, holds in found.items() if holds]


def follows_among(people: Collection[int]) -> dict[Pair, datetime]:
    rows = Follow.objects.filter(follower__among=people, followed__among=people, state="accepted")
    return {(one, other): since for one, other, since in rows.values_list("follower", "followed", "state_since")}


def permissions_among(people: Collection[int]) -> set[Pair]:
    rows = NotificationPermission.objects.filter(reader__among=people, actor__among=people)
    return set(rows.values_list("reader_id", "actor_id"))
