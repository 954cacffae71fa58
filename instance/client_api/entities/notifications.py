"""Notification, and groups of them: one line for each kind of deed on one status in one day."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Q

from actors.models import Actor
from federation.errors import NotHere
from inbox.models import Notification
from instance.client_api.entities import accounts, dates, statuses
from outbox import posts

Entity = dict[str, Any]
# Clients know these types; a reason that is not here is not sent.
TYPES = {
    "mention": "mention",
    "reply": "mention",
    "like": "favourite",
    "boost": "reblog",
    "follow": "follow",
    "follow_asked": "follow_request",
    "status": "status",
    "poll": "poll",
    "update": "update",
}
GROUPED = ("favourite", "reblog", "follow")
KEY = re.compile(r"(?P<type>favourite|reblog|follow)(-(?P<number>[0-9]{1,19}))?-(?P<day>[0-9]{1,7})")
ALONE = re.compile(r"ungrouped-(?P<pk>[0-9]{1,18})")
SAMPLE = 8


def reasons(types: Iterable[str]) -> list[str]:
    """Ours, for the types of clients; unknown ones are as if they had not been said."""
    wanted = set(types)
    return [reason for reason, kind in TYPES.items() if kind in wanted]


def key(row: Notification, grouped: Iterable[str] = GROUPED) -> str:
    kind, day = TYPES[row.reason], row.created_at.astimezone(UTC).toordinal()
    if kind not in grouped or kind not in GROUPED:
        return f"ungrouped-{row.pk}"
    return f"{kind}-{row.post.number}-{day}" if row.post else f"{kind}-{day}"


def named(group: str) -> Q:
    """The rows of the group of this key; NotHere for what is no key."""
    if found := ALONE.fullmatch(group):
        return Q(pk=int(found["pk"]))
    found = KEY.fullmatch(group)
    if found is None or not 0 < int(found["day"]) < date.max.toordinal():
        raise NotHere(group)
    begun = datetime.combine(date.fromordinal(int(found["day"])), time(), UTC)
    number = int(found["number"]) if found["number"] else None
    within = Q(created_at__gte=begun, created_at__lt=begun + timedelta(days=1), reason__in=reasons([found["type"]]))
    if number is not None and number >= 2**63:
        raise NotHere(group)
    return within & (Q(post=None) if number is None else Q(post__number=number))


def shown_posts(rows: Sequence[Notification], viewer: Actor) -> dict[int, Entity]:
    """The statuses that they are about, by key, through the reading door again."""
    pks = {row.post_id for row in rows if row.post_id}
    found = list(posts.readable_by(viewer).filter(pk__among=list(pks))) if pks else []
    return {
        post.pk: entity for post, entity in zip(found, statuses.statuses(found, viewer, "notifications"), strict=True)
    }


def notifications(rows: Sequence[Notification], viewer: Actor) -> list[Entity]:
    about = shown_posts(rows, viewer)
    return [
        {
            "id": str(row.pk),
            "type": TYPES[row.reason],
            "created_at": dates.moment(row.created_at),
            "group_key": key(row),
            "filtered": row.filtered,
            "account": accounts.account(row.actor, viewer),
        }
        | ({"status": about[row.post_id]} if row.post_id else {})
        for row in rows
        if row.reason in TYPES and (not row.post_id or row.post_id in about)
    ]


def groups(rows: Sequence[Notification], grouped: Iterable[str] = GROUPED) -> dict[str, list[Notification]]:
    """By key, newest first, each as they come."""
    found: dict[str, list[Notification]] = {}
    for row in rows:
        found.setdefault(key(row, grouped), []).append(row)
    return found


def group(name: str, rows: Sequence[Notification]) -> Entity:
    """Of rows that are newest first."""
    first, last = rows[0], rows[-1]
    about = {"status_id": str(first.post.number)} if first.post else {}
    people = list(dict.fromkeys(str(row.actor_id) for row in rows))
    return about | {
        "group_key": name,
        "notifications_count": len(rows),
        "type": TYPES[first.reason],
        "most_recent_notification_id": first.pk,
        "page_min_id": str(last.pk),
        "page_max_id": str(first.pk),
        "latest_page_notification_at": dates.moment(first.created_at),
        "sample_account_ids": people[:SAMPLE],
    }


def partial(actor: Actor, viewer: Actor) -> Entity:
    whole = accounts.account(actor, viewer)
    return {name: whole[name] for name in ("id", "acct", "locked", "bot", "url", "avatar", "avatar_static")}
