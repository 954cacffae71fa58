"""From the door to the handler: keep first, then act, with all effects in one transaction, at most once."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import structlog
from celery import shared_task
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from actors import directory
from federation import hallway
from federation.errors import FederationError, Ignored, NotFetched, Refused
from inbox.activities import HANDLERS, IN_CROWDS, PREPARATIONS
from inbox.gate import Admitted
from inbox.models import Receipt

log = structlog.get_logger()
Row = tuple[int, int]  # a receipt's key, its actor's
PATIENCE = 8
BATCH = 50
GATHERS = 0.1  # seconds
AHEAD = 200  # how far a worker looks for what no other worker holds


def keep(admitted: Admitted) -> None:
    """Written down before we say 202: what was acknowledged is handled, whatever happens to this process."""
    activity = admitted.activity
    receipt = Receipt(
        uri=activity["id"], actor=admitted.actor, kind=activity["type"][:50], activity=activity, state="waiting"
    )
    Receipt.objects.bulk_create([receipt], ignore_conflicts=True)
    hallway.wake("receipts")


@hallway.drain("receipts", gathers=GATHERS, crowd=BATCH)
def act_due() -> int:
    """Handle what waits, oldest first: one actor's news keep their order, even when several workers share them."""
    due = waiting().filter(due_at__lte=now()).order_by("pk").values_list("pk", "actor_id", "kind")[:AHEAD]
    crowd, alone = sorted_out(due)
    moved, busy = act_together(crowd)
    for pk, actor in alone[:BATCH]:
        if actor in busy:
            continue
        if act(pk):
            moved += 1
        elif waiting().filter(pk=pk).exists():  # another worker is at it
            busy.add(actor)
    return moved


def waiting() -> QuerySet[Receipt]:
    return Receipt.objects.filter(state="waiting")


def sorted_out(due: Iterable[tuple[int, int, str]]) -> tuple[list[Row], list[Row]]:
    """What may be handled in a crowd, and what must come after: nobody's post overtakes her older news."""
    crowd: list[Row] = []
    alone: list[Row] = []
    others: set[int] = set()
    for pk, actor, kind in due:
        if kind in IN_CROWDS and actor not in others:
            crowd.append((pk, actor))
        else:
            others.add(actor)
            alone.append((pk, actor))
    return crowd, alone


def act_together(crowd: list[Row]) -> tuple[int, set[int]]:
    """Handle the first of a crowd in one transaction; how many, and the actors whose turn has not come.

    Should one of them be at fault, each is handled alone, and the fault is its own.
    """
    if not crowd:
        return 0, set()
    taken: list[int] = []
    try:
        with transaction.atomic():
            receipts = lock_all(crowd)
            taken = [receipt.pk for receipt in receipts]
            close(receipts, outcomes_of(receipts))
    except Exception:
        log.exception("activities.fault", count=len(taken))
        for pk in taken:
            act(pk)
    return len(taken), {actor for pk, actor in crowd if pk not in taken}


def lock_all(crowd: list[Row]) -> list[Receipt]:
    """As many as make a batch, in order, without what another worker holds and what must come after that."""
    rows = locked(waiting().filter(pk__in=[pk for pk, _ in crowd]).select_related("actor").order_by("pk"))
    mine = {receipt.pk: receipt for receipt in rows[:BATCH]}
    last = max(mine, default=0)
    missing = [pk for pk, _ in crowd if pk < last and pk not in mine]
    elsewhere = set(waiting().filter(pk__in=missing).values_list("actor_id", flat=True)) if missing else set()
    return [receipt for receipt in mine.values() if receipt.actor_id not in elsewhere]


def outcomes_of(receipts: Sequence[Receipt]) -> list[FederationError | None]:
    """Of each receipt, in order; those of one kind are handled together."""
    found: dict[int, FederationError | None] = {}
    for kind in {receipt.kind for receipt in receipts}:
        same = [receipt for receipt in receipts if receipt.kind == kind]
        reasons = IN_CROWDS[kind]([(receipt.actor, receipt.activity) for receipt in same])
        found |= dict(zip([receipt.pk for receipt in same], reasons, strict=True))
    return [found[receipt.pk] for receipt in receipts]


def close(receipts: Sequence[Receipt], reasons: Sequence[FederationError | None]) -> None:
    """One statement for all that were handled, and one for each reason to ignore some; their texts go."""
    said = [str(reason)[:200] if reason else "" for reason in reasons]
    for reason in set(said):
        same = [receipt for receipt, each in zip(receipts, said, strict=True) if each == reason]
        rows = Receipt.objects.filter(pk__in=[receipt.pk for receipt in same])
        Receipt.step_all(rows, "waiting", "ignored" if reason else "handled", reason=reason, activity={})
    for receipt, reason in zip(receipts, said, strict=True):
        log.info("activity.done", activity=receipt.uri, state="ignored" if reason else "handled", reason=reason)


def locked(rows: QuerySet[Receipt]) -> QuerySet[Receipt]:
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows


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
            preparation(receipt.actor, receipt.activity)
    except (Ignored, Refused) as reason:
        return str(reason) or type(reason).__name__
    return ""


def lock(pk: int) -> Receipt | None:
    return locked(waiting().filter(pk=pk).select_related("actor")).first()


def outcome(receipt: Receipt) -> tuple[str, str]:
    """Handled, or ignored for a reason that an admin can read."""
    handler = HANDLERS.get(receipt.activity["type"])
    if handler is None:
        return "ignored", f"{receipt.activity['type']} is not handled"
    try:
        with transaction.atomic():
            handler(receipt.actor, receipt.activity)
    except NotFetched:
        raise
    except FederationError as reason:
        return "ignored", str(reason)
    return "handled", ""


def postpone(pk: int, error: Exception) -> None:
    """Tried again, less and less often; after eight tries it stays in sight as failed, never deleted."""
    receipt = Receipt.objects.filter(pk=pk, state="waiting").first()
    if receipt is None:
        return
    attempts = receipt.attempts + 1
    if attempts >= PATIENCE:
        receipt.step("failed", attempts=attempts, reason=str(error)[:200])
        log.error("activity.failed", activity=receipt.uri)
    else:
        later = now() + timedelta(seconds=4**attempts)
        Receipt.objects.filter(pk=pk).update(attempts=attempts, due_at=later, reason=str(error)[:200])


@shared_task(name="inbox.receive_local")
def receive_local(activity: dict[str, Any]) -> None:
    """A colleague of the house wrote: no wire was crossed, so there is no signature to check."""
    keep(Admitted(directory.find(activity["actor"]), activity))
