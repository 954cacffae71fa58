"""Owe a document to some inboxes, then pay.

One row per (activity, inbox), written with what it tells of.
"""

from collections.abc import Iterable
from itertools import islice

from celery import current_app
from django.db.models import Exists, OuterRef
from django.utils.timezone import now

from federation import courier, hallway, peers
from federation.departures import BACKFILL, FAN_OUT, INTERACTIVE, TALK
from federation.health import alive
from federation.letters import EXTRA_HEADERS
from federation.models import Delivery, Dispatch
from federation.vocabulary import id_of

__all__ = [
    "BACKFILL", "EXTRA_HEADERS", "FAN_OUT", "INTERACTIVE", "TALK",
    "alive", "pay_due", "retry", "send", "subject_of", "take_over",
]  # fmt: skip

Document = dict[str, object]
FEW = 5  # inboxes: somebody waits for the answer
AT_A_TIME = 500  # rows written
ABOUT_THEIR_OBJECT = {"Create", "Update", "Delete", "Undo", "Accept", "Reject"}
UP_THE_STAIRS = "inbox.receive_local"


def send(document: Document, inboxes: Iterable[str], sender_uri: str, urgency: int | None = None) -> None:
    """Write what is owed, in the caller's transaction, and wake whoever pays."""
    owed = sorted(set(inboxes))
    if not owed:
        return
    columns = {"object_uri": subject_of(document), "sender_uri": sender_uri, "document": document}
    dispatch, _ = Dispatch.objects.get_or_create(activity_uri=str(document["id"]), defaults=columns)
    if urgency is None:
        urgency = INTERACTIVE if len(owed) <= FEW else FAN_OUT
    rows = (
        Delivery(dispatch=dispatch, inbox=inbox, host=peers.authority_of(inbox), urgency=urgency, state="waiting")
        for inbox in owed
    )
    while some := list(islice(rows, AT_A_TIME)):
        Delivery.objects.bulk_create(some, ignore_conflicts=True)
    hallway.wake("deliveries")


def subject_of(document: Document) -> str:
    """What a letter is news of: letters about the same thing keep their order on their way to the same inbox."""
    if document["type"] in ABOUT_THEIR_OBJECT:
        return id_of(document.get("object")) or str(document["id"])
    return str(document["id"])


@hallway.drain("deliveries")
def pay_due() -> int:
    """Carry what is due until nothing is, nor under way; returns how many rows were settled."""
    return courier.Round(climb).pay()


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
    moved = row.step("waiting", attempts=0, due_at=now(), leased_until=None)
    hallway.wake("deliveries")
    return moved
