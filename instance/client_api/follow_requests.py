"""Those who ask to follow the agent; a request goes by the id of the account that asks."""

from typing import Any

from actors import following
from actors.models import Follow
from federation.errors import NotHere
from instance.client_api.door import Call, door
from instance.client_api.entities import accounts, relationships
from instance.client_api.routing import at


@door("read:follows")
def index(call: Call) -> Any:
    rows = following.requests_to(call.me).filter(follower__suspended_at=None).select_related("follower__service")
    return [accounts.account(row.follower, call.me) for row in call.page(rows, usual=40, most=80)]


def asked_by(call: Call, pk: int) -> Follow:
    """A request made to the agent, and to nobody else."""
    found = following.requests_to(call.me).filter(follower=pk).first()
    if found is None:
        raise NotHere(str(pk))
    return found


@door("write:follows")
def authorize(call: Call, pk: int) -> Any:
    asked = asked_by(call, pk)
    following.accept(asked)
    return relationships.relationships(call.me, [asked.follower])[0]


@door("write:follows")
def reject(call: Call, pk: int) -> Any:
    asked = asked_by(call, pk)
    following.refuse(asked)
    return relationships.relationships(call.me, [asked.follower])[0]


ROUTES = [
    at("v1/follow_requests", GET=index),
    at("v1/follow_requests/<id:pk>/authorize", POST=authorize),
    at("v1/follow_requests/<id:pk>/reject", POST=reject),
]
