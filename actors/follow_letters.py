"""How a follow reads on the wire, and what the other house is told of it."""

from typing import Any

from actors.models import Actor, Follow
from federation import delivery, ids
from federation.vocabulary import with_context

Document = dict[str, Any]


def tell(follow: Follow, reader: Actor, letter: Document, sender_uri: str) -> None:
    inbox = ids.shared_inbox() if reader.local else reader.inbox
    delivery.send(letter, [inbox], sender_uri)


def send_answer(kind: str, follow: Follow) -> None:
    letter = {"id": ids.activity_uri(), "type": kind, "actor": follow.followed.uri, "object": document(follow)}
    delivery.send(with_context(letter), [follow.follower.inbox], follow.followed.uri)


def send_undo(follow: Follow) -> None:
    undo = {"id": ids.activity_uri(), "type": "Undo", "actor": follow.follower.uri, "object": document(follow)}
    delivery.send(with_context(undo), [follow.followed.inbox], follow.follower.uri)


def document(follow: Follow) -> Document:
    return {"id": follow.uri, "type": "Follow", "actor": follow.follower.uri, "object": follow.followed.uri}
