"""What the agent is told, by groups: who found the same status useful on one day is one line."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from federation.errors import NotHere
from inbox import notifications as told
from inbox.models import Notification
from instance.client_api.door import Call, door
from instance.client_api.entities import accounts, notifications
from instance.client_api.notifications import COUNTED, chosen
from instance.client_api.routing import at
from instance.client_api.windows import Window

LOOK = 400  # rows that one page may gather


@door("read:notifications")
def index(call: Call) -> Any:
    """Each row is on one page only; a group may go on on the next, under the same key."""
    window, grouped = call.window(40, 80), grouped_of(call)
    rows = gathered(chosen(call), window, grouped)
    call.turn([row.pk for row in rows], window)
    return whole(call, rows, grouped)


def grouped_of(call: Call) -> list[str]:
    return call.words("grouped_types") if "grouped_types" in call.given else list(notifications.GROUPED)


def gathered(rows: QuerySet[Notification], window: Window, grouped: Sequence[str]) -> list[Notification]:
    """The rows of as many groups as the page may hold, newest first."""
    upwards = window.min_id is not None
    if window.max_id is not None:
        rows = rows.filter(pk__lt=window.max_id)
    floor = window.min_id if upwards else window.since_id
    if floor is not None:
        rows = rows.filter(pk__gt=floor)
    found, keys = [], set()
    for row in rows.order_by("pk" if upwards else "-pk")[:LOOK]:
        keys.add(notifications.key(row, grouped))
        if len(keys) > window.limit:
            break
        found.append(row)
    return found[::-1] if upwards else found


def whole(call: Call, rows: Sequence[Notification], grouped: Sequence[str]) -> Any:
    about = notifications.shown_posts(rows, call.me)
    rows = [row for row in rows if not row.post_id or row.post_id in about]
    groups = notifications.groups(rows, grouped)
    people = {row.actor_id: row.actor for each in groups.values() for row in each[: notifications.SAMPLE]}
    said = {
        "statuses": list(about.values()),
        "notification_groups": [notifications.group(name, each) for name, each in groups.items()],
    }
    if call.text("expand_accounts", 20) != "partial_avatars":
        return said | {"accounts": accounts.accounts(people.values(), call.me)}
    first = {each[0].actor_id for each in groups.values()}
    return said | {
        "accounts": [accounts.account(each, call.me) for pk, each in people.items() if pk in first],
        "partial_accounts": [notifications.partial(each, call.me) for pk, each in people.items() if pk not in first],
    }


def rows_of(call: Call, key: str) -> list[Notification]:
    rows = told.page(call.me, filtered=None).filter(notifications.named(key), reason__in=notifications.TYPES)
    found = list(rows.select_related("actor__service", "post").order_by("-pk")[:LOOK])
    if not found:
        raise NotHere(key)
    return found


@door("read:notifications")
def show(call: Call, key: str) -> Any:
    return whole(call, rows_of(call, key), [] if key.startswith("ungrouped") else notifications.GROUPED)


@door("read:notifications")
def people(call: Call, key: str) -> Any:
    found = {row.actor_id: row.actor for row in rows_of(call, key)}
    return accounts.accounts(found.values(), call.me)


@door("write:notifications")
def dismiss(call: Call, key: str) -> Any:
    told.dismiss(call.me, [row.pk for row in rows_of(call, key)])
    return {}


@door("read:notifications")
def unread(call: Call) -> Any:
    limit = max(1, min(call.integer("limit", 100) or 100, COUNTED))
    rows = list(chosen(call).filter(new=True).order_by("-pk")[:COUNTED])
    return {"count": min(limit, len(notifications.groups(rows, grouped_of(call))))}


ROUTES = [
    at("v2/notifications", GET=index),
    at("v2/notifications/unread_count", GET=unread),
    at("v2/notifications/<str:key>", GET=show),
    at("v2/notifications/<str:key>/accounts", GET=people),
    at("v2/notifications/<str:key>/dismiss", POST=dismiss),
]
