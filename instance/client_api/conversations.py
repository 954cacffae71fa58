"""The reader's talk with named people."""

from typing import Any

from inbox import conversations
from inbox.models import Conversation
from instance.client_api.door import Call, door
from instance.client_api.entities import accounts, statuses
from instance.client_api.routing import at


def entities(call: Call, page: list[Conversation]) -> list[dict[str, Any]]:
    talks = conversations.talks(call.me, page)
    last = statuses.statuses([talk.last for talk in talks], call.me)
    return [
        {
            "id": str(talk.row.pk),
            "unread": talk.row.unread,
            "accounts": accounts.accounts(talk.people, call.me),
            "last_status": status,
        }
        for talk, status in zip(talks, last, strict=True)
    ]


@door("read:statuses")
def index(call: Call) -> Any:
    """By their last post, so that Link is the only way on."""
    return entities(call, call.page(conversations.rows(call.me), key="number"))


@door("write:conversations")
def read(call: Call, pk: int) -> Any:
    return entities(call, [conversations.mark(call.me, pk, unread=False)])[0]


@door("write:conversations")
def unread(call: Call, pk: int) -> Any:
    return entities(call, [conversations.mark(call.me, pk, unread=True)])[0]


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
