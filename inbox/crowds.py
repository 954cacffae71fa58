"""What comes in crowds is handled many at a time, in one transaction and few statements (ADR 13)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

import structlog
from django.db import transaction
from django.db.models import QuerySet

from actors import answers
from actors.models import Actor
from federation.errors import FederationError
from inbox import rights
from inbox.activities import FITS, IN_CROWDS
from inbox.models import Receipt

log = structlog.get_logger()
Row = tuple[int, int]  # a receipt's key, its actor's
BATCH = 50


def waiting() -> QuerySet[Receipt]:
    return Receipt.objects.filter(state="waiting")


def locked(rows: QuerySet[Receipt]) -> QuerySet[Receipt]:
    """Without those that another worker holds. SQLite, with one writer at a time, locks none."""
    return rows.select_for_update(skip_locked=True, of=("self",))


def of_every_house(due: QuerySet[Receipt], ahead: int) -> list[tuple[int, int, str, str]]:
    """The first of what is due. When nearly all of it is one house's, fewer of these, and the first of the others'."""
    rows = with_houses(due, ahead)
    loud = [host for host, count in Counter(host for *_, host in rows).items() if 2 * count > ahead]
    others = with_houses(due.exclude(actor__host__in=loud), ahead) if loud else []
    return [row for row in rows if row[3] in loud][: BATCH // 2] + others if others else rows


def with_houses(due: QuerySet[Receipt], ahead: int) -> list[tuple[int, int, str, str]]:
    """Two questions, of which the first reads no more rows than it returns, however many wait."""
    rows = list(due.values_list("pk", "actor_id", "kind")[:ahead])
    hosts = dict(Actor.objects.filter(pk__in={actor for _, actor, _ in rows}).values_list("pk", "host"))
    return [(pk, actor, kind, hosts[actor]) for pk, actor, kind in rows]


def by_turns(rows: Iterable[Row], houses: Mapping[int, str]) -> list[Row]:
    """The first of each house, then the second of each: none waits for all that another sent."""
    before: Counter[str] = Counter()
    turns = []
    for row in rows:
        turns.append((before[houses[row[1]]], row))
        before[houses[row[1]]] += 1
    return [row for _, row in sorted(turns, key=itemgetter(0))]


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


def handle(crowd: list[Row]) -> tuple[int, list[Row], set[int]]:
    """How many of the first of a crowd were handled; what is to be handled alone; the actors whose turn has not come.

    Should one of them be at fault, all of them are to be handled alone, and the fault is its own.
    """
    if not crowd:
        return 0, [], set()
    taken: list[Receipt] = []
    try:
        with transaction.atomic():
            taken = lock_all(crowd)
            fitting = [receipt for receipt in taken if fits(receipt)]
            close(fitting, outcomes_of(fitting))
    except Exception:
        log.exception("activities.fault", count=len(taken))
        fitting = []
    alone = [(receipt.pk, receipt.actor_id) for receipt in taken if receipt not in fitting]
    here = {receipt.pk for receipt in taken}
    return len(fitting), alone, {actor for pk, actor in crowd if pk not in here}


def fits(receipt: Receipt) -> bool:
    """Whether it asks nothing of other houses, nor is it about being partners."""
    said_between_houses = answers.concern(receipt.actor, receipt.activity)
    return not said_between_houses and FITS[receipt.kind](receipt.actor, receipt.activity)


def lock_all(crowd: list[Row]) -> list[Receipt]:
    """As many as make a batch, in order, without what another worker holds and what must come after that."""
    free = locked(waiting().filter(pk__in=[pk for pk, _ in crowd]).order_by("pk"))
    taken = list(free.values_list("pk", flat=True)[:BATCH])  # only their numbers: what they hold is read afterwards
    mine = Receipt.objects.filter(pk__in=taken).select_related("actor").order_by("pk").in_bulk()
    last = max(mine, default=0)
    missing = [pk for pk, _ in crowd if pk < last and pk not in mine]
    elsewhere = set(waiting().filter(pk__in=missing).values_list("actor_id", flat=True)) if missing else set()
    return [receipt for receipt in mine.values() if receipt.actor_id not in elsewhere]


def outcomes_of(receipts: Sequence[Receipt]) -> list[FederationError | None]:
    """Of each receipt, in order; those of one kind are handled together."""
    found = {receipt.pk: rights.refusal(receipt.actor, receipt.activity) for receipt in receipts}
    for kind in {receipt.kind for receipt in receipts}:
        same = [receipt for receipt in receipts if receipt.kind == kind and found[receipt.pk] is None]
        reasons = IN_CROWDS[kind]([(receipt.actor, receipt.activity) for receipt in same])
        found |= dict(zip([receipt.pk for receipt in same], reasons, strict=True))
    return [found[receipt.pk] for receipt in receipts]


def close(receipts: Sequence[Receipt], reasons: Sequence[FederationError | None]) -> None:
    """One statement for all that were handled, and one for each reason to ignore some; their texts go."""
    said = [str(reason)[:200] if reason else "" for reason in reasons]
    for reason in set(said):
        same = [receipt.pk for receipt, each in zip(receipts, said, strict=True) if each == reason]
        state = "ignored" if reason else "handled"
        Receipt.step_all(Receipt.objects.filter(pk__in=same), "waiting", state, reason=reason, activity={})
    for receipt, reason in zip(receipts, said, strict=True):
        log.info("activity.done", activity=receipt.uri, state="ignored" if reason else "handled", reason=reason)
