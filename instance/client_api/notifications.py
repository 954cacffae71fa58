"""What the agent is told, one by one."""

from typing import Any

from django.db.models import QuerySet

from federation.errors import NotHere
from inbox import notifications as told
from inbox.models import Notification
from instance.client_api.door import Call, door
from instance.client_api.entities import notifications
from instance.client_api.routing import at

COUNTED = 1_000


def chosen(call: Call) -> QuerySet[Notification]:
    """As narrow as the client asks; types that nobody knows are ignored. Of one account: those set apart too."""
    account = call.ids("account_id")
    apart = account or call.flag("include_filtered")
    rows = (
        told.page(call.me, filtered=None if apart else False)
        .filter(reason__in=notifications.TYPES)
        .select_related("actor__service", "post")
    )
    if "types" in call.given:
        rows = rows.filter(reason__in=notifications.reasons(call.words("types")))
    rows = rows.exclude(reason__in=notifications.reasons(call.words("exclude_types")))
    return rows.filter(actor__in=account) if account else rows


@door("read:notifications")
def index(call: Call) -> Any:
    return notifications.notifications(call.page(chosen(call), usual=40, most=80), call.me)


@door("read:notifications")
def show(call: Call, pk: int) -> Any:
    found = notifications.notifications([told.one(call.me, pk)], call.me)
    if not found:
        raise NotHere(str(pk))
    return found[0]


@door("read:notifications")
def unread(call: Call) -> Any:
    limit = max(1, min(call.integer("limit", 100) or 100, COUNTED))
    return {"count": len(chosen(call).filter(new=True).order_by().values_list("pk", flat=True)[:limit])}


@door("write:notifications")
def clear(call: Call) -> Any:
    told.clear(call.me)
    return {}


@door("write:notifications")
def dismiss(call: Call, pk: int) -> Any:
    told.dismiss(call.me, [told.one(call.me, pk).pk])
    return {}


ROUTES = [
    at("v1/notifications", GET=index),
    at("v1/notifications/clear", POST=clear),
    at("v1/notifications/unread_count", GET=unread),
    at("v1/notifications/<id:pk>", GET=show),
    at("v1/notifications/<id:pk>/dismiss", POST=dismiss),
]
