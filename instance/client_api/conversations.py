"""The reader's talk with named people."""

from typing import Any

from inbox import conversations
from instance.client_api.door import Call, door
from instance.client_api.entities.conversations import talks
from instance.client_api.routing import at


@door("read:statuses")
def index(call: Call) -> Any:
    """By their last post, so that Link is the only way on."""
    return talks(call.page(conversations.rows(call.me), key="number"), call.me)


@door("write:conversations")
def read(call: Call, pk: int) -> Any:
    return talks([conversations.mark(call.me, pk, unread=False)], call.me)[0]


@door("write:conversations")
def unread(call: Call, pk: int) -> Any:
    return talks([conversations.mark(call.me, pk, unread=True)], call.me)[0]


@door("write:conversations")
def remove(call: Call, pk: int) -> Any:
    conversations.remove(call.me, pk)
    return {}


ROUTES = [
    at("v1/conversations", GET=index),
    at("v1/conversations/<id:pk>", DELETE=remove),
    at("v1/conversations/<id:pk>/read", POST=read),
    at("v1/conversations/<id:pk>/unread", POST=unread),
]
