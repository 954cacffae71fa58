"""From the door to the handler: keep first, then act, with all effects in one transaction, at most once."""

from datetime import timedelta
from time import monotonic
from typing import Any

import structlog
from celery import shared_task
from django.db import DatabaseError, transaction
from django.utils.timezone import now

from actors import answers, directory, synchronisation
from federation import hallway, names, patience, peers
from federation.errors import FederationError, Ignored, NotFetched, Refused, TryAgain
from inbox import beginnings, crowds, rights
from inbox.activities import HANDLERS, PREPARATIONS
from inbox.crowds import BATCH, locked, waiting
from inbox.gate import Admitted
from inbox.models import Receipt
from inbox.writing_down import write_down

log = structlog.get_logger()
PATIENCE = 8
GATHERS = 0.1  # seconds
ROUND = 2.0  # seconds after which what has come meanwhile is looked at, should houses be slow to answer
AHEAD = 200  # how far a worker looks for what no other worker holds


def keep(admitted: Admitted) -> None:
    """Written down before we say 202: what was acknowledged is handled, whatever happens to this process."""
    write_down(admitted.actor, admitted.activity)
    hallway.wake("receipts")
    if admitted.synchronisation:
        synchronisation.heard(admitted.actor, admitted.synchronisation)


@hallway.drain("receipts", gathers=GATHERS, crowd=BATCH)
def act_due() -> int:
    """Handle what waits, oldest first: one actor's news keep their order, even when several workers share them.

    What comes from a house that kept us waiting for too long is left for a while.
    """
    close_over()
    left = {*peers.suspended_hosts(), *patience.tired_of("receipts")}
    due = waiting().filter(due_at__lte=now()).order_by("pk")
    rows = crowds.of_every_house(due.exclude(actor__host__in=left) if left else due, AHEAD)
    crowd, alone = crowds.sorted_out(rows)
    beginnings.count(crowds.first(crowd))
    moved, misfits, busy = crowds.handle(crowd)
    until = monotonic() + ROUND
    for row in crowds.by_turns([*misfits, *alone])[:BATCH]:
        if row.actor in busy or beginnings.too_often(row):
            continue
        if monotonic() > until:
            break
        beginnings.count([row])
        if act(row.pk):
            moved += 1
        elif waiting().filter(pk=row.pk).exists():  # another worker is at it
            busy.add(row.actor)
        if set(patience.tired_of("receipts")) - left:
            break
    return moved


def close_over() -> None:
    """What came from a house with which it is over is not acted upon any more, but for what ends it or begins anew."""
    hosts, last = list(peers.over_hosts()), 0
    rows = waiting().filter(actor__host__in=hosts).select_related("actor").order_by("pk")
    while hosts and (some := list(rows.filter(pk__gt=last)[:BATCH])):
        last = some[-1].pk
        over = [each.pk for each in some if not answers.concern(each.actor, each.activity)]
        Receipt.step_all(
            Receipt.objects.filter(pk__among=over), "waiting", "ignored", reason="the partnership ended", activity={}
        )


def act(pk: int) -> bool:
    """Handle one receipt: its effects and its own step are one transaction. False when another worker has it."""
    try:
        refusal = prepare(pk)
        with transaction.atomic():
            receipt = lock(pk)
            if receipt is None:
                return False
            state, reason = ("ignored", refusal) if refusal else outcome(receipt)
            receipt.step(state, reason=reason[:200], activity={})
            log.info("activity.done", activity=receipt.uri, state=state, reason=reason[:200])
    except (NotFetched, DatabaseError) as error:
        postpone(pk, error)
    except Exception as error:
        log.exception("activity.fault", receipt=pk)
        postpone(pk, error)
    return True


def prepare(pk: int) -> str:
    """Ask other houses for what a handler will need, before the database is held: they may be slow.

    Returns why there is nothing to do, when that is what comes of it: a handler never makes do with what it knew.
    """
    receipt = Receipt.objects.filter(pk=pk, state="waiting").select_related("actor").first()
    preparation = PREPARATIONS.get(receipt.activity["type"]) if receipt else None
    try:
        if receipt and preparation:
            with patience.waiting_for(receipt.actor.host, "receipts"):
                preparation(receipt.actor, receipt.activity)
    except TryAgain as busy:
        raise NotFetched(str(busy)) from busy
    except (Ignored, Refused) as reason:
        return str(reason) or type(reason).__name__
    return ""


def lock(pk: int) -> Receipt | None:
    return locked(waiting().filter(pk=pk).select_related("actor")).first()


def outcome(receipt: Receipt) -> tuple[str, str]:
    """Handled, or ignored for a reason that an admin can read."""
    actor, activity = receipt.actor, receipt.activity
    try:
        with transaction.atomic():
            if answers.concern(actor, activity):
                answers.hear(actor, activity)
            else:
                rights.check(actor, activity)
                HANDLERS[activity["type"]](actor, activity)
    except NotFetched:
        raise
    except FederationError as reason:
        return "ignored", str(reason)
    return "handled", ""


def postpone(pk: int, error: Exception) -> None:
    """Tried again, less and less often; after eight tries it stays in sight as failed, never deleted.

    Of a fault only the kind is kept: its words may quote what was written.
    """
    reason = str(error)[:200] if isinstance(error, FederationError) else type(error).__name__
    receipt = Receipt.objects.filter(pk=pk, state="waiting").first()
    if receipt is None:
        return
    attempts = receipt.attempts + 1
    if attempts >= PATIENCE:
        receipt.step("failed", attempts=attempts, begun=0, reason=reason)
        log.error("activity.failed", activity=receipt.uri)
    else:
        later = now() + timedelta(seconds=4**attempts)
        Receipt.objects.filter(pk=pk).update(attempts=attempts, begun=0, due_at=later, reason=reason)


@shared_task(name="inbox.receive_local")
def receive_local(activity: dict[str, Any]) -> None:
    """A colleague of the house wrote: no wire was crossed, so there is no signature to check."""
    keep(Admitted(directory.find(activity["actor"]), names.presently(activity)))
