"""Another house reports something written here, so that our moderators look at it."""

from typing import Any

from actors.models import Actor
from federation import peers, words
from federation.vocabulary import ids_of
from inbox.models import Report


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    about = [uri for uri in ids_of(activity["object"])[:50] if peers.is_ours(uri)]
    said = words.line(activity.get("content"), 5_000)
    Report.objects.get_or_create(uri=activity["id"], defaults={"actor": actor, "about": about, "words": said})
