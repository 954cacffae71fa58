"""What comes in crowds is handled many at a time, in one transaction and few statements (ADR 13)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

import structlog
from django.db import transaction
from django.db.models import QuerySet

from actors import answers
from actors.models import Actor
from federation.errors import FederationError
from inbox import rights
from inbox.activities import FITS, IN_CROWDS
from inbox.models import Receipt
from outbox.keeping import LATER

log = structlog.get_logger()
BATCH = 50
ROOM = 1_000_000  # characters of letters that are handled together


class Row(NamedTuple):
    """What is known of a receipt when its turn is looked for: its key, its actor's, since when it waits, and so on."""

    pk: int
    actor: int
    kind: str
    since: datetime
    begun: int
    size: int
    host: str


def waiting() -> QuerySet[Receipt]:
    return Receipt.objects.filter(state="waiting")


def locked(rows: QuerySet[Receipt]) -> QuerySet[Receipt]:
    """Without those that another worker holds. SQLite, with one writer at a time, locks none."""
    return rows.select_for_update(skip_locked=True, of=("self",))


def of_every_house(due: QuerySet[Receipt], ahead: int) -> list[Row]:
    """The first of what is due. When nearly all of it is one house's, fewer of these, and the first of the others'."""
    rows = with_houses(due, ahead)
    loud = [host for host, count in Counter(row.host for row in rows).items() if 2 * count > ahead]
    others = with_houses(due.exclude(actor__host__in=loud), ahead) if loud else []
    return [row for row in rows if row.host in loud][: BATCH // 2] + others if others else rows


def with_houses(due: QuerySet[Receipt], ahead: int) -> list[Row]:
    """Two questions, of which the first reads no more rows than it returns, however many wait."""
    rows = list(due.values_list("pk", "actor_id", "kind", "state_since", "begun", "size")[:ahead])
    hosts = dict(Actor.objects.filter(pk__among={actor for _, actor, *_ in rows}).values_list("pk", "host"))
    return [Row(*row, hosts[row[1]]) for row in rows]


def by_turns(rows: Iterable[Row]) -> list[Row]:
    """The first of each house, then the second of each: none waits for all that another sent."""
    before: Counter[str] = Counter()
    turns = []
    for row in rows:
        turns.append((before[row.host], row))
        before[row.host] += 1
    return [row for _, row in sorted(turns, key=itemgetter(0))]


def sorted_out(due: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """What may be handled in a crowd, and what must come after: nobody's post overtakes her older news.

    What was begun before, and not ended, may be what ends the process: it takes no others with it.
    """
    crowd: list[Row] = []
    alone: list[Row] = []
    others: set[int] = set()
    for row in due:
        if row.kind in IN_CROWDS and row.actor not in others and not row.begun:
            crowd.append(row)
        else:
            others.add(row.actor)
            alone.append(row)
    return by_turns(crowd), alone


def first(rows: Sequence[Row]) -> list[Row]:
    """As many as make a batch, neither too many nor too large together; one at least."""
    sizes = accumulate(row.size for row in rows)
    return [row for row, size in zip(rows, sizes, strict=True) if size <= ROOM or row is rows[0]][:BATCH]


def handle(crowd: list[Row]) -> tuple[int, list[Row], set[int]]:
    """How many of a crowd were handled; what is to be handled alone; the actors whose turn has not come.

    The first batch of which another worker does not hold all.
    """
    busy: set[int] = set()
    while crowd:
        some = first([row for row in crowd if row.actor not in busy])
        if not some:
            break
        moved, alone, held = handle_batch(some)
        busy |= held
        if moved or alone:
            return moved, alone, busy | {row.actor for row in crowd if row not in some}
        crowd = [row for row in crowd if row not in some]
    return 0, [], busy


def handle_batch(batch: list[Row]) -> tuple[int, list[Row], set[int]]:
    """Should one of them be at fault, all of them are to be handled alone, and the fault is its own."""
    taken: list[Receipt] = []
    ended: set[int] = set()
    misfits: set[int] = set()
    try:
        with transaction.atomic():
            taken = lock_all(batch)
            fitting = [receipt for receipt in taken if fits(receipt)]
            misfits = {receipt.pk for receipt in taken} - {receipt.pk for receipt in fitting}
            ended = close(fitting, outcomes_of(fitting))
    except Exception:
        log.exception("activities.fault", count=len(taken))
        misfits, ended = {receipt.pk for receipt in taken}, set()
    held = {row.actor for row in batch if row.pk not in ended | misfits}
    return len(ended), [row for row in batch if row.pk in misfits], held


def fits(receipt: Receipt) -> bool:
    """Whether it asks nothing of other houses, nor is it about being partners."""
    said_between_houses = answers.concern(receipt.actor, receipt.activity)
    return not said_between_houses and FITS[receipt.kind](receipt.actor, receipt.activity)


def lock_all(crowd: list[Row]) -> list[Receipt]:
    """In their order, without what another worker holds and what must come after that."""
    free = locked(waiting().filter(pk__among=[row.pk for row in crowd]).order_by("pk"))
    taken = list(free.values_list("pk", flat=True))  # only their numbers: what they hold is read afterwards
    mine = Receipt.objects.filter(pk__among=taken).select_related("actor").in_bulk()
    missing = [row.pk for row in crowd if row.pk not in mine]
    elsewhere = set(waiting().filter(pk__among=missing).values_list("actor_id", flat=True)) if missing else set()
    return [mine[row.pk] for row in crowd if row.pk in mine and row.actor not in elsewhere]


def outcomes_of(receipts: Sequence[Receipt]) -> list[FederationError | None]:
    """Of each receipt, in order; those of one kind are handled together. LATER for those for which no time was left."""
    found = {receipt.pk: rights.refusal(receipt.actor, receipt.activity) for receipt in receipts}
    for kind in {receipt.kind for receipt in receipts}:
        same = [receipt for receipt in receipts if receipt.kind == kind and found[receipt.pk] is None]
        reasons = IN_CROWDS[kind]([(receipt.actor, receipt.activity) for receipt in same])
        found |= dict(zip([receipt.pk for receipt in same], reasons, strict=True))
    return [found[receipt.pk] for receipt in receipts]


def close(whole: Sequence[Receipt], outcomes: Sequence[FederationError | None]) -> set[int]:
    """One statement for all that were handled, and one for each reason to ignore some; their texts go.

    Returns the keys of those: what is LATER waits.
    """
    ended = [(receipt, reason) for receipt, reason in zip(whole, outcomes, strict=True) if reason is not LATER]
    receipts, reasons = [receipt for receipt, _ in ended], [reason for _, reason in ended]
    said = [str(reason)[:200] if reason else "" for reason in reasons]
    for reason in set(said):
        same = [receipt.pk for receipt, each in zip(receipts, said, strict=True) if each == reason]
        state = "ignored" if reason else "handled"
        Receipt.step_all(Receipt.objects.filter(pk__among=same), "waiting", state, reason=reason, activity={})
    for receipt, reason in zip(receipts, said, strict=True):
        log.info("activity.done", activity=receipt.uri, state="ignored" if reason else "handled", reason=reason)
    return {receipt.pk for receipt in receipts}
