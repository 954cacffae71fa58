"""A house that is slow to answer is asked by few at once, and left alone for a while: it must not hold up the others.

Kept in the memory of each process, by the hosts of houses that may be asked; nothing of it is written.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from federation.errors import NotFetched

AT_ONCE = 2  # questions to one house
BRIEF = 0.5  # seconds that one waits for one's turn
SLOW = 5.0  # seconds after which an answer, or none, is slow
REST = 30.0  # seconds for which whoever was slow is not asked
HOUSES = 10_000

_change = threading.Condition()
_asking: dict[str, list[float]] = {}  # since when
_resting: dict[str, float] = {}
_guests = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def asking(host: str) -> Iterator[None]:
    """Around a question to a house. NotFetched at once while it rests, or soon when it still owes others an answer."""
    began = time.monotonic()
    with _change:
        _change.wait_for(lambda: is_free(host) or rests(host) or keeps_waiting(host, began), BRIEF)
        if rests(host) or not is_free(host):
            raise NotFetched(f"{host} is slow to answer")
        _asking.setdefault(host, []).append(began := time.monotonic())
    try:
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


def rests(host: str) -> bool:
    return _resting.get(host, 0.0) > time.monotonic()


def keeps_waiting(host: str, now: float) -> bool:
    """Whether somebody has been waiting for its answer for so long that waiting for a turn is of no use."""
    return now - min(_asking[host]) > BRIEF


def done(host: str, began: float) -> None:
    with _change:
        _asking[host].remove(began)
        if not _asking[host]:
            del _asking[host]
        if time.monotonic() - began > SLOW:
            make_room()
            _resting[host] = time.monotonic() + REST
        _change.notify_all()


def make_room() -> None:
    if len(_resting) >= HOUSES:
        _resting.clear()
