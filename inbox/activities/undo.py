"""Someone takes back a follow, a like or a share of their own."""

from typing import Any

from actors import following
from actors.models import Actor
from federation.errors import Ignored
from federation.vocabulary import id_of, text_of
from outbox import reactions


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    undone = activity["object"]
    inner = undone if isinstance(undone, dict) else {}
    kind, uri, target = text_of(inner.get("type"), 50), id_of(undone), id_of(inner.get("object"))
    left = following.left(actor, uri, target if kind == "Follow" else "")
    if not left and not reactions.undone(actor, kind, uri, target):
        raise Ignored("nothing of the sender's to undo")
