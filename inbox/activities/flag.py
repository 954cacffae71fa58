"""Another house reports something written here, so that our moderators look at it."""

from typing import Any

from actors import throttle
from actors.models import Actor
from federation import peers, words
from federation.errors import Ignored
from federation.vocabulary import ids_of
from inbox.models import Report

PER_HOUSE = 100  # reports within a quarter of an hour: moderators are people


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    about = [uri for uri in ids_of(activity["object"])[:50] if peers.is_ours(uri)]
    known = Report.objects.filter(uri=activity["id"]).exists()
    if not known and throttle.too_many("reports", actor.host, PER_HOUSE):
        raise Ignored("too many reports of one house")
    said = words.line(activity.get("content"), 5_000)
    Report.objects.get_or_create(uri=activity["id"], defaults={"actor": actor, "about": about, "words": said})
