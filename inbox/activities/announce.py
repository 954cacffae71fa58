"""Someone shared a post with their followers, or a group passes on what somebody did."""

from typing import Any

from actors.models import Actor
from federation.errors import Ignored
from federation.vocabulary import id_of
from inbox import fetching, notifications, relaying
from outbox import posts, reactions, taken_back


def prepare(actor: Actor, activity: dict[str, Any]) -> None:
    """A post that we do not have is asked for in its own house."""
    if actor.local:
        return
    if relaying.is_relay(activity):
        relaying.prepare(actor, activity)
    elif uri := id_of(activity["object"]):
        fetching.bring_public(actor, uri)


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    if taken_back.before(actor, activity["id"]):
        raise Ignored("taken back before it came")
    if relaying.is_relay(activity):
        relaying.handle(actor, activity)
        return
    post = posts.find_by_uri(actor, id_of(activity["object"]))
    if actor.local or reactions.boosted(actor, activity["id"], post):
        notifications.tell_author(post, actor, "boost")
