"""How a follow reads on the wire, and what the other house is told of it, under the name of ours that it knows."""

from typing import Any

from django.conf import settings

from actors.models import Actor, Follow
from federation import delivery, ids, names
from federation.vocabulary import with_context

Document = dict[str, Any]


def tell(follow: Follow, reader: Actor, letter: Document, sender_uri: str) -> None:
    inbox = ids.shared_inbox() if reader.local else reader.inbox
    delivery.send(letter, [inbox], sender_uri)


def send_request(follow: Follow, origin: str = "") -> None:
    """As it was made; or anew, under the present `origin` of ours, by someone who made it under a former one."""
    letter = document(follow) | {"id": names.at(follow.uri, origin or names.origin_of(follow.uri))}
    tell(follow, follow.followed, with_context(letter), follow.follower.uri)


def send_answer(kind: str, follow: Follow) -> None:
    """A yes under the name that was asked; a no under each: whoever follows may do so under several."""
    asked = names.origin_at(follow.under) if follow.under else settings.ORIGIN
    for origin in {asked} if kind == "Accept" else {asked, settings.ORIGIN, *names.former_origins()}:
        about = document(follow) | {"object": names.at(follow.followed.uri, origin)}
        letter = {"id": ids.activity_uri(origin=origin), "type": kind, "actor": follow.followed.uri, "object": about}
        delivery.send(with_context(letter), [follow.follower.inbox], follow.followed.uri)


def send_undo(follow: Follow, *origins: str) -> None:
    """Under the name by which it was asked, and under the present one, by which it may have been asked anew."""
    for origin in origins or sorted({names.origin_of(follow.uri), settings.ORIGIN}):
        about = document(follow) | {"id": names.at(follow.uri, origin)}
        undo = {"id": ids.activity_uri(origin=origin), "type": "Undo", "actor": follow.follower.uri, "object": about}
        delivery.send(with_context(undo), [follow.followed.inbox], follow.follower.uri)


def document(follow: Follow) -> Document:
    return {"id": follow.uri, "type": "Follow", "actor": follow.follower.uri, "object": follow.followed.uri}
