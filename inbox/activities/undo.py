"""Someone takes back a follow, a like or a share of their own."""

from typing import Any

from actors import follow_arrivals
from actors.models import Actor
from federation.errors import Ignored
from federation.vocabulary import id_of, text_of
from inbox.models import Receipt
from outbox import reactions, taken_back


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    undone = activity["object"]
    inner = undone if isinstance(undone, dict) else {}
    kind, uri, target = text_of(inner.get("type"), 50), id_of(undone), id_of(inner.get("object"))
    repeated = Receipt.objects.filter(uri=uri, actor=actor, state="handled").exists()
    if repeated:
        target = ""  # this very one was done: should the sender have done it anew since, under another id, that stays
    left = follow_arrivals.left(actor, uri, target if kind == "Follow" else "")
    if left or reactions.undone(actor, kind, uri, target):
        return
    if repeated or belongs_to_another(actor, uri) or not taken_back.remember(actor, kind, uri):
        raise Ignored("nothing of the sender's to undo")


def belongs_to_another(actor: Actor, uri: str) -> bool:
    return Receipt.objects.filter(uri=uri).exclude(actor=actor).exists()
