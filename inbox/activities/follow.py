"""Someone asks to follow one of us."""

from typing import Any

from actors import follow_arrivals, following, house_follows
from actors.models import Actor
from federation import names
from federation.errors import Ignored
from federation.vocabulary import id_of
from inbox import notifications
from outbox import taken_back


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    said = id_of(activity["object"])
    ours = Actor.objects.filter(local=True)
    followed = ours.filter(uri=said).first() or ours.filter(uri=names.presently(said)).first()
    if followed is not None and followed.kind == "Application":
        house_follows.followed(actor, followed, activity["id"])
        return
    if followed is None or not followed.active or following.apart(actor, followed):
        raise Ignored("nobody here can be followed by this name")
    if taken_back.before(actor, activity["id"]):
        raise Ignored("taken back before it came")
    follow = follow_arrivals.arrived(actor, followed, activity["id"], names.former_host(said))
    following.answer(follow)
    waits = followed.approves_followers and follow.state != "accepted"
    notifications.tell(followed, actor, "follow_asked" if waits else "follow")
