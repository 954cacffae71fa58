"""Someone pins one of their posts to their profile."""

from typing import Any

from actors.models import Actor
from federation.errors import Ignored
from federation.vocabulary import id_of
from outbox import arriving


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    if not arriving.pin(actor, id_of(activity.get("target")), id_of(activity["object"]), pinned=True):
        raise Ignored("no such post of the sender's here")
