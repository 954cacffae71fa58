"""From the door to the handler: keep first, then act, with all effects in one transaction, at most once."""

from datetime import timedelta
from typing import Any

import structlog
from celery import shared_task
from django.db import DatabaseError, connection, transaction
from django.utils.timezone import now

from actors import answers, directory
from federation import hallway, peers
from federation.errors import FederationError, Ignored, NotFetched, Refused
from federation.vocabulary import id_of
from inbox.activities import HANDLERS, PREPARATIONS
from inbox.gate import Admitted
from inbox.models import Receipt

log = structlog.get_logger()
PATIENCE = 8
BATCH = 50


@transaction.atomic
def keep(admitted: Admitted) -> Receipt:
    """Written down before we say 202: what was acknowledged is handled, whatever happens to this process."""
    receipt, new = Receipt.objects.get_or_create(
        uri=admitted.activity["id"],
        defaults={
            "actor": admitted.actor,
            "kind": admitted.activity["type"][:50],
            "activity": admitted.activity,
            "state": "waiting",
        },
    )
    if new:
        hallway.wake("receipts")
    return receipt


@hallway.drain("receipts")
def act_due() -> int:
    """Handle what waits, oldest first: one actor's news keep their order, even when several workers share them."""
    close_over()
    waiting = Receipt.objects.filter(state="waiting").exclude(actor__host__in=peers.suspended_hosts())
    due = list(waiting.filter(due_at__lte=now()).order_by("pk").values_list("pk", "actor_id")[:BATCH])
    moved, busy = 0, set()
    for pk, actor in due:
        if actor in busy:
            continue
        if act(pk):
            moved += 1
        elif waiting.filter(pk=pk).exists():  # another worker is at it
            busy.add(actor)
    return moved


def close_over() -> None:
    """What came from a house with which it is over is not acted upon any more; its instance actor may still speak."""
    rows = Receipt.objects.filter(state="waiting", actor__host__in=peers.over_hosts()).exclude(
        actor__kind="Application"
    )
    Receipt.step_all(rows[:BATCH], "ignored", reason="the partnership ended", activity={})


def act(pk: int) -> bool:
    """Handle one receipt: its effects and its own step are one transaction. False when another worker has it."""
    try:
        refusal = prepare(pk)
        with transaction.atomic():
            receipt = lock(pk)
            if receipt is None:
                return False
            state, reason = ("ignored", refusal) if refusal else outcome(receipt)
            receipt.step(state, reason=reason[:200], activity=stub(receipt.activity))
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


def stub(activity: dict[str, Any]) -> dict[str, Any]:
    """What is kept of an activity once it was handled: nothing that its author may want back."""
    return {name: id_of(activity.get(name)) for name in ("id", "type", "actor", "object")}


def lock(pk: int) -> Receipt | None:
    rows = Receipt.objects.filter(pk=pk, state="waiting").select_related("actor")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    return rows.first()


def outcome(receipt: Receipt) -> tuple[str, str]:
    """Handled, or ignored for a reason that an admin can read."""
    between_houses = answers.concern(receipt.actor, receipt.activity)
    handler = answers.hear if between_houses else HANDLERS.get(receipt.activity["type"])
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
