"""Owe a document to some inboxes, then pay.

One row per (activity, inbox), written with what it tells of.
"""

from collections.abc import Iterable
from hashlib import sha256
from itertools import islice

from celery import current_app
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import now

from federation import courier, hallway, names, peers
from federation.health import alive
from federation.letters import EXTRA_HEADERS
from federation.lined_up import BACKFILL, FAN_OUT, INTERACTIVE, TALK
from federation.models import Delivery, Dispatch
from federation.vocabulary import id_of

__all__ = [
    "BACKFILL", "EXTRA_HEADERS", "FAN_OUT", "INTERACTIVE", "TALK",
    "alive", "pay_due", "retry", "send", "subject_of", "take_over",
]  # fmt: skip

Document = dict[str, object]
FEW = 5  # inboxes: somebody waits for the answer
AT_A_TIME = 500  # rows written
DEEDS = {"Like", "Announce", "Follow"}
PINS = {"Add", "Remove"}
ABOUT_A_DEED = {"Undo", "Accept", "Reject"}
ABOUT_THEIR_OBJECT = {"Create", "Update", "Delete"} | ABOUT_A_DEED
UP_THE_STAIRS = "inbox.receive_local"


@transaction.atomic(savepoint=False)
def send(document: Document, inboxes: Iterable[str], sender_uri: str, urgency: int | None = None) -> None:
    """Write what is owed, in the caller's transaction or one of its own, and wake whoever pays.

    A house with which it is over is owed nothing any more, but what one says to end it, or to begin again (`TALK`).
    What has an id under a former name of ours is said under that name, whole, and signed by the key of that time.
    """
    origin = names.origin_of(str(document["id"]))
    document, sender_uri = names.as_at(document, origin), names.as_at(sender_uri, origin)
    owed = {inbox: peers.authority_of(inbox) for inbox in sorted(set(inboxes))}
    over = set() if urgency == TALK else peers.over_among(owed.values())
    owed = {inbox: host for inbox, host in owed.items() if host not in over}
    if not owed:
        return
    columns = {"object_uri": subject_of(document), "sender_uri": sender_uri, "document": document}
    dispatch, _ = Dispatch.objects.get_or_create(activity_uri=str(document["id"]), defaults=columns)
    if urgency is None:
        urgency = INTERACTIVE if len(owed) <= FEW else FAN_OUT
    rows = (
        Delivery(dispatch=dispatch, inbox=inbox, host=host, urgency=urgency, state="waiting")
        for inbox, host in owed.items()
    )
    while some := list(islice(rows, AT_A_TIME)):
        Delivery.objects.bulk_create(some, ignore_conflicts=True)
    hallway.wake("deliveries")


def subject_of(document: Document) -> str:
    """What a letter is news of: letters about the same thing keep their order on their way to the same house.

    A Like, a share or a follow is about who does it and to what: done anew, it must not overtake its own undoing.
    """
    kind, about = document["type"], document.get("object")
    if kind in DEEDS | PINS:
        deed = f"{id_of(document.get('actor'))} {id_of(about)}"
        return f"{'Add' if kind in PINS else kind} {sha256(deed.encode()).hexdigest()}"
    if kind in ABOUT_A_DEED and isinstance(about, dict) and about.get("type") in DEEDS:
        return subject_of(about)
    return id_of(about) if kind in ABOUT_THEIR_OBJECT and id_of(about) else str(document["id"])


@hallway.drain("deliveries", whole=True)
def pay_due() -> int:
    """Carry what is due until nothing is, nor under way, or it is time for other work; how many rows were settled."""
    this = courier.Round(climb)
    settled = this.pay()
    if settled and this.more:  # else it is in the hands of others, who wake themselves
        hallway.wake("deliveries")
    return settled


def climb(row: Delivery) -> None:
    """To a colleague of the house, up the stairs: no wire is crossed."""
    current_app.tasks[UP_THE_STAIRS](row.dispatch.document)


def take_over() -> None:
    """The one worker of an embedded house has just started: whatever is on lease was taken by one that died."""
    Delivery.objects.filter(state="waiting", leased_until__gt=now()).update(leased_until=now())
    owed = Delivery.objects.filter(dispatch=OuterRef("pk")).exclude(state="sent")
    Dispatch.objects.filter(~Exists(owed)).exclude(document={}).update(document={})


def retry(pk: int) -> bool:
    """Owe a letter again that was given up. False when it is not given up any more, or its text was withdrawn."""
    row = Delivery.objects.select_related("dispatch").get(pk=pk)
    if row.state != "abandoned" or not row.dispatch.document:
        return False
    moved = row.step("waiting", attempts=0, due_at=now(), leased_until=None, answer="")
    hallway.wake("deliveries")
    return moved
