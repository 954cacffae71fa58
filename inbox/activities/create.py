"""Someone published a post."""

from typing import Any

from actors.models import Actor
from federation.errors import Ignored
from federation.vocabulary import id_of
from inbox import fetching, notifications
from outbox import arriving, posts


def prepare(actor: Actor, activity: dict[str, Any]) -> None:
    """A post that is only named is asked for in its author's house."""
    if not actor.local and not isinstance(activity["object"], dict):
        fetching.bring_own(actor, id_of(activity["object"]))


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    if isinstance(activity["object"], dict):
        kept = arriving.keep(actor, activity["object"])
        if kept is None:
            raise Ignored("not addressed to us, withdrawn, or of no kind that we know")
        post = kept
    else:
        post = posts.find_by_uri(actor, id_of(activity["object"]))
    notifications.tell_of_post(post)
