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
_asking: dict[str, int] = {}
_resting: dict[str, float] = {}


@contextmanager
def asking(host: str) -> Iterator[None]:
    """Around a question to a house. NotFetched at once while it rests, or soon when it still owes others an answer."""
    with _change:
        if not _change.wait_for(lambda: rests(host) or _asking.get(host, 0) < AT_ONCE, BRIEF) or rests(host):
            raise NotFetched(f"{host} is slow to answer")
        _asking[host] = _asking.get(host, 0) + 1
    began = time.monotonic()
    try:
        yield
    finally:
        done(host, time.monotonic() - began)


def rests(host: str) -> bool:
    return _resting.get(host, 0.0) > time.monotonic()


def done(host: str, took: float) -> None:
    with _change:
        _asking[host] -= 1
        if not _asking[host]:
            del _asking[host]
        if took > SLOW:
            make_room()
            _resting[host] = time.monotonic() + REST
        _change.notify_all()


def make_room() -> None:
    if len(_resting) >= HOUSES:
        _resting.clear()
