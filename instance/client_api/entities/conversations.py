"""Conversation: a talk with named people, as its reader sees it."""

from collections.abc import Sequence
from typing import Any

from actors.models import Actor
from inbox import conversations
from inbox.models import Conversation
from instance.client_api.entities import accounts, statuses

Entity = dict[str, Any]


def talks(page: Sequence[Conversation], viewer: Actor) -> list[Entity]:
    found = conversations.talks(viewer, page)
    last = statuses.statuses([talk.last for talk in found], viewer)
    return [
        {
            "id": str(talk.row.pk),
            "unread": talk.row.unread,
            "accounts": accounts.accounts(talk.people, viewer),
            "last_status": status,
        }
        for talk, status in zip(found, last, strict=True)
    ]
