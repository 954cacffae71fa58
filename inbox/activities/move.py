"""Someone now acts under another name, maybe in another house: those who followed follow on."""

from typing import Any

from actors import directory, following
from actors.models import Actor
from federation.errors import Ignored
from federation.vocabulary import id_of


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    uri = id_of(activity.get("target"))
    if id_of(activity["object"]) != actor.uri or uri in ("", actor.uri):
        raise Ignored("one only moves oneself, and elsewhere")
    target = directory.find(uri)
    if not target.local:
        target = directory.learn(uri)
    if actor.uri not in target.also_known_as:
        raise Ignored("the new name does not confirm the old one")
    following.move(actor, target)
