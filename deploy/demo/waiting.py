"""How much is still on its way between the three houses, asked of their databases by reading only."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing

from deploy.demo.houses import Trouble
from deploy.demo.parts import Plan
from federation.models import Delivery
from inbox.models import Receipt
from outbox.posts import Attachment

ROWS = (Delivery, Receipt, Attachment)
LOST = ("abandoned", "failed", "missing")
PATIENCE = 180.0  # seconds without any letter that moves


def count(plan: Plan, *states: str) -> int:
    """Letters to send, arrivals to handle and media to fetch that are in one of these states."""
    total = 0
    marks = ", ".join("?" * len(states))
    for town in plan.towns.values():
        with closing(sqlite3.connect(f"file:{town.database}?mode=ro", uri=True, timeout=20)) as database:
            for model in ROWS:
                query = f"SELECT count(*) FROM {model._meta.db_table} WHERE state IN ({marks})"  # noqa: S608  our own names
                total += database.execute(query, states).fetchone()[0]
    return total


def until_delivered(plan: Plan, check: Callable[[], None], tell: Callable[[int, int], None]) -> None:
    """Return once nothing waits anywhere, looked at twice since an arrival may make somebody write."""
    most, last, quiet, since = 0, -1, 0, time.monotonic()
    while quiet < 2:
        check()
        waiting = count(plan, "waiting")
        if waiting != last:
            last, since = waiting, time.monotonic()
        if time.monotonic() - since > PATIENCE:
            raise Trouble(f"{waiting} letters do not get through. Why is in {plan.folder}/*/log.")
        most, quiet = max(most, waiting), 0 if waiting else quiet + 1
        tell(most - waiting, most)
        time.sleep(0.3)
