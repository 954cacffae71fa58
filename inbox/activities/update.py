"""Someone edited a post, or what their house says of them changed."""

from typing import Any

from actors import directory
from actors.models import Actor
from federation.errors import Ignored
from federation.vocabulary import id_of
from inbox import notifications
from outbox import arriving, posts


def prepare(actor: Actor, activity: dict[str, Any]) -> None:
    """Never believe a pushed description: its house is asked."""
    if id_of(activity["object"]) == actor.uri and not actor.local:
        directory.learn(actor.uri)


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    changed = activity["object"]
    if id_of(changed) == actor.uri:
        return
    if actor.local:
        notifications.tell_of_edit(posts.own(actor, changed))
        return
    post = arriving.revise(actor, changed)
    if post is None:
        raise Ignored("no such post here, or nothing newer")
    if post.is_news:
        notifications.tell_of_edit(post)
