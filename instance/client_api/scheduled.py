"""Statuses that leave later, as `v1/statuses` with `scheduled_at` makes them: listed, moved and given up."""

from typing import Any

from django.utils.translation import gettext as _

from instance.client_api.door import Call, Invalid, door
from instance.client_api.entities.scheduled import scheduled
from instance.client_api.routing import at
from outbox import scheduling


@door("read:statuses")
def index(call: Call) -> Any:
    return [scheduled(row, call.me) for row in call.page(scheduling.own(call.me))]


@door("read:statuses")
def show(call: Call, pk: int) -> Any:
    return scheduled(scheduling.find(call.me, pk), call.me)


@door("write:statuses")
def move(call: Call, pk: int) -> Any:
    scheduling.find(call.me, pk)
    due_at = call.moment("scheduled_at")
    if due_at is None:
        raise Invalid(_("Dites quand publier."))
    return scheduled(scheduling.change(call.me, pk, due_at), call.me)


@door("write:statuses")
def cancel(call: Call, pk: int) -> Any:
    scheduling.cancel(call.me, pk)
    return {}


ROUTES = [
    at("v1/scheduled_statuses", GET=index),
    at("v1/scheduled_statuses/<id:pk>", GET=show, PUT=move, DELETE=cancel),
]
