"""Someone asks to follow one of us."""

from typing import Any

from actors import following, partnerships
from actors.models import Actor
from federation.errors import Ignored
from federation.vocabulary import id_of
from inbox import notifications
from outbox import taken_back


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    followed = Actor.objects.filter(uri=id_of(activity["object"]), local=True).first()
    if followed is not None and followed.kind == "Application":
        partnerships.followed(actor, activity["id"])
        return
    if followed is None or not followed.active or following.apart(actor, followed):
        raise Ignored("nobody here can be followed by this name")
    if taken_back.before(actor, activity["id"]):
        raise Ignored("taken back before it came")
    follow = following.arrived(actor, followed, activity["id"])
    following.answer(follow)
    waits = followed.approves_followers and follow.state != "accepted"
    notifications.tell(followed, actor, "follow_asked" if waits else "follow")
