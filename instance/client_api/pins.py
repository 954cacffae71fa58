"""Statuses that their author shows first."""

from typing import Any

from instance.client_api.door import Call, door
from instance.client_api.entities import statuses
from instance.client_api.routing import at
from outbox import numbered, pins


@door("write:accounts")
def pin(call: Call, number: int) -> Any:
    post = numbered.find(call.me, number)
    pins.pin(call.me, post)
    return statuses.status(post, call.me)


@door("write:accounts")
def unpin(call: Call, number: int) -> Any:
    post = numbered.find(call.me, number)
    pins.unpin(call.me, post)
    return statuses.status(post, call.me)


ROUTES = [
    at("v1/statuses/<id:number>/pin", POST=pin),
    at("v1/statuses/<id:number>/unpin", POST=unpin),
]
