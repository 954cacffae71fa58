"""A house is asked by few at once, and not while it has kept us waiting for too long: it must not hold up the others.

Kept in the memory of each process, by the hosts of houses that may be asked; nothing of it is written.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from federation import patience
from federation.errors import NotFetched

AT_ONCE = 2  # questions to one house
BRIEF = 0.5  # seconds that one waits for one's turn
QUICK = 0.5  # seconds in which an answer is no trouble to anyone
WORK = "questions"

_change = threading.Condition()
_asking: dict[str, list[float]] = defaultdict(list)  # since when
_guests = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def asking(host: str) -> Iterator[None]:
    """Around a question to a house. NotFetched when it was slow, or soon when it still owes others an answer."""
    began = time.monotonic()
    with _change:
        _change.wait_for(lambda: is_free(host) or keeps_waiting(host, began), BRIEF)
        if patience.is_tired_of(host, WORK) or not is_free(host):
            raise NotFetched(f"{host} is slow to answer")
        _asking[host].append(began := time.monotonic())
    try:
        with patience.waiting_for(host, WORK, quick=QUICK):
            yield
    finally:
        done(host, began)


@contextmanager
def asking_a_guest() -> Iterator[None]:
    """Around questions to houses that nobody accepted: whoever has many names, all slow, is asked by few at once."""
    if not _guests.acquire(blocking=False):
        raise NotFetched("other guests are being asked")
    try:
        yield
    finally:
        _guests.release()


def is_free(host: str) -> bool:
    return len(_asking.get(host, ())) < AT_ONCE


def keeps_waiting(host: str, now: float) -> bool:
    """Whether somebody has been waiting for its answer for so long that waiting for a turn is of no use."""
    return now - min(_asking[host]) > BRIEF


def done(host: str, began: float) -> None:
    with _change:
        _asking[host].remove(began)
        if not _asking[host]:
            del _asking[host]
        _change.notify_all()
