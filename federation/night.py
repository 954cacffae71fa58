"""What has outlived its purpose goes at night, a few rows at a time: the rooms say here which rows these are."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import sleep
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from federation import hallway

log = structlog.get_logger()
Rows = QuerySet[Any, Any]
WINDOW = 2_000  # rows that one question looks at
AT_ONCE = 200  # rows that go in one transaction: nobody waits long for it
PAUSE = 0.02  # seconds between two of these, for whoever else wants to write


def delete(rows: Rows) -> None:
    rows.delete()


@dataclass(frozen=True)
class Chore:
    """`over` gives the rows whose time is over, now; `erase` is called with some of these, locked."""

    over: Callable[[], Rows]
    erase: Callable[[Rows], None]


CHORES: dict[str, Chore] = {}


def chore(name: str, erase: Callable[[Rows], None] = delete) -> Callable[[Callable[[], Rows]], Callable[[], Rows]]:
    """Register a function that says which rows of a kind are over."""

    def register(over: Callable[[], Rows]) -> Callable[[], Rows]:
        CHORES[name] = Chore(over, erase)
        return over

    return register


def clear(name: str, *, dry_run: bool = False) -> int:
    """How many rows went, or would go. Two may do this at once; interrupted, it has done what it has done.

    The newest come first, since what refers to another row is mostly the newer one. Each row is looked at once, in
    windows along the primary key: no statement reads the whole of a table, nor writes to more than a few rows.
    """
    this, count, below = CHORES[name], 0, None
    every = this.over().model._base_manager.order_by("-pk").values_list("pk", flat=True)
    while not hallway.at_rest():
        window = list((every.filter(pk__lt=below) if below else every)[:WINDOW])
        if not window:
            break
        below = window[-1]
        over = this.over().filter(pk__gte=below, pk__lte=window[0]).order_by("-pk")
        while found := list(over.values_list("pk", flat=True)):  # again: what hung from one another goes one by one
            moved = len(found) if dry_run else sum(erased(this, some) for some in in_pieces(found))
            count += moved
            if dry_run or not moved:
                break
    if count and not dry_run:
        log.info("night.cleared", chore=name, count=count)
    return count


def in_pieces(found: Sequence[int]) -> Iterator[Sequence[int]]:
    return (found[first : first + AT_ONCE] for first in range(0, len(found), AT_ONCE))


def erased(this: Chore, some: Sequence[int]) -> int:
    """Those of these that nobody holds, and that are over still once we hold them. What came to hang from one of them
    at that very moment keeps all of them for another night."""
    sleep(PAUSE)
    try:
        with transaction.atomic():
            held = this.over().order_by("pk").filter(pk__among=some).select_for_update(skip_locked=True, of=("self",))
            mine = list(held.values_list("pk", flat=True))
            still = list(this.over().filter(pk__among=mine).values_list("pk", flat=True))
            this.erase(this.over().model._base_manager.filter(pk__among=still))
    except IntegrityError:
        return 0
    return len(still)
