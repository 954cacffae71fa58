"""Someone elsewhere wants nothing more to do with one of us: the follow between them ends, and nothing else changes."""

from typing import Any

from actors import follow_arrivals
from actors.models import Actor
from federation.errors import Ignored
from federation.vocabulary import id_of


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    target = Actor.objects.filter(uri=id_of(activity["object"]), local=True).first()
    if target is None:
        raise Ignored("nobody here goes by this name")
    follow_arrivals.ended(target, actor)
