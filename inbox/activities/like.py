"""Someone found a post useful; reactions with an emoji count as such."""

from typing import Any

from actors.models import Actor
from federation.errors import Ignored
from federation.vocabulary import id_of
from inbox import notifications
from outbox import posts, reactions, taken_back


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    if taken_back.before(actor, activity["id"]):
        raise Ignored("taken back before it came")
    post = posts.find_by_uri(actor, id_of(activity["object"]))
    if actor.local or reactions.liked(actor, activity["id"], post):
        notifications.tell_author(post, actor, "like")
