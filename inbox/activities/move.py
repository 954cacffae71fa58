"""Someone now acts under another name, maybe in another house: those who followed follow on."""

from typing import Any

from actors import directory, following
from actors.models import Actor
from federation import peers
from federation.errors import Ignored
from federation.vocabulary import id_of


def prepare(actor: Actor, activity: dict[str, Any]) -> None:
    """The house of the new name is asked whether it is the same person."""
    uri = destination(actor, activity)
    if not peers.is_ours(uri):
        directory.learn(uri)


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    target = directory.find(destination(actor, activity))
    if actor.uri not in target.also_known_as or not target.active:
        raise Ignored("the new name does not confirm the old one")
    if target.moved_to:
        raise Ignored("the new name has moved on itself")
    following.move(actor, target)


def destination(actor: Actor, activity: dict[str, Any]) -> str:
    uri = id_of(activity.get("target"))
    if id_of(activity["object"]) != actor.uri or uri in ("", actor.uri):
        raise Ignored("one only moves oneself, and elsewhere")
    return uri
