"""Someone edited a post, or what their house says of them changed."""

from typing import Any

from actors import directory
from actors.documents import KINDS
from actors.models import Actor
from federation.errors import Ignored
from federation.vocabulary import id_of
from inbox import notifications
from outbox import arriving, posts


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    changed = activity["object"]
    if id_of(changed) == actor.uri or (isinstance(changed, dict) and changed.get("type") in KINDS):
        refresh(actor, id_of(changed))
        return
    if actor.local:
        notifications.tell_of_post(posts.find_by_uri(actor, changed))
        return
    post = arriving.revise(actor, changed) if isinstance(changed, dict) else None
    if post is None:
        raise Ignored("no such post here, or nothing newer")
    notifications.tell_of_post(post)


def refresh(actor: Actor, uri: str) -> None:
    """Never believe a pushed description: its house is asked."""
    if uri != actor.uri:
        raise Ignored("one only describes oneself")
    if not actor.local:
        directory.learn(actor.uri)
