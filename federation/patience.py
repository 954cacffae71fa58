"""How long other houses keep our workers waiting: one that takes more than its share waits in turn, not the others.

In the memory of each process, by kind of work and host; nothing of it is written.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 5.0  # seconds for which one house may keep the workers of one kind waiting
SHARE = 0.25  # of a worker's time, in the long run
HOUSES = 10_000

_waited: dict[tuple[str, str], tuple[float, float]] = {}  # seconds, and as of when: they are forgiven with time


@contextmanager
def waiting_for(host: str, work: str, quick: float = 0.0) -> Iterator[None]:
    """Around a question to a house; an answer within `quick` seconds is not counted."""
    begun = time.monotonic()
    try:
        yield
    finally:
        ended = time.monotonic()
        if ended - begun > quick:
            make_room()
            _waited[work, host] = (left(work, host) + ended - begun, ended)


def tired_of(work: str) -> list[str]:
    """The hosts whose turn has not come again."""
    return [host for kind, host in list(_waited) if kind == work and is_tired_of(host, work)]


def is_tired_of(host: str, work: str) -> bool:
    return left(work, host) > AT_ONCE


def left(work: str, host: str) -> float:
    seconds, at = _waited.get((work, host), (0.0, 0.0))
    return max(0.0, seconds - SHARE * (time.monotonic() - at))


def make_room() -> None:
    """What is forgiven is forgotten; and all of it, if there is too much even so."""
    if len(_waited) >= HOUSES:
        for work, host in list(_waited):
            if not left(work, host):
                _waited.pop((work, host), None)
        if len(_waited) >= HOUSES:
            _waited.clear()


def forget() -> None:
    _waited.clear()
