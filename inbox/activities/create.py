"""Someone published a post."""

from typing import Any

from actors.models import Actor
from federation.errors import Ignored
from inbox import notifications
from outbox import arriving, posts


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    if actor.local:
        post = posts.find_by_uri(actor, activity["object"])
    elif isinstance(activity["object"], dict):
        kept = arriving.keep(actor, activity["object"])
        if kept is None:
            raise Ignored("not addressed to us, withdrawn, or of no kind that we know")
        post = kept
    else:
        raise Ignored("the post must come whole")
    notifications.tell_of_post(post)
