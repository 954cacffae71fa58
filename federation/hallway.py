"""Where work waits: rows are the truth, this only wakes those who do it.

Embedded, threads of the one process drain it, one for each kind of work; in production Celery workers do, woken through
Redis and, should Redis have forgotten, by a sweep every ten seconds. One edge of the house goes up through here and
nowhere else: a letter to a colleague of the same house is handed to `inbox.receiving` by name (`federation.delivery`).
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, repeat
from time import monotonic, sleep

import structlog
from celery import shared_task
from django.conf import settings
from django.db import InterfaceError, close_old_connections, transaction
from django.db import OperationalError as DatabaseAway
from kombu.exceptions import OperationalError

from federation import rest

log = structlog.get_logger()
Drain = Callable[[], int]
DRAINS: dict[str, Drain] = {}
SWEEP_SECONDS = 2.0
TURN = 10.0  # seconds after which a Celery worker lets work of another kind have its turn,
SHORT_TURN = 1.0  # and after which it does when its work comes in pieces: all workers may be at the same kind
HINT_SECONDS = 60  # after which a hint that no worker took is dropped: rows wait, and later sweeps tell of them


@dataclass(frozen=True)
class Manners:
    """How a kind of work is done: `gathers` seconds are left for a crowd to gather, unless `crowd` rows were there.

    `whole`: it is not asked again whether anything is due; it ends when nothing is, or wakes itself.
    """

    gathers: float = 0.0
    crowd: int = 1
    whole: bool = False

    def let_gather(self, moved: int) -> None:
        """Many rows together cost little more than one: what comes one by one is left to gather for a moment."""
        if moved < self.crowd:
            sleep(self.gathers)


_bells: dict[str, threading.Event] = {}
_manners: dict[str, Manners] = {}
_noted: dict[str, float] = {}


def drain(name: str, gathers: float = 0.0, crowd: int = 1, whole: bool = False) -> Callable[[Drain], Drain]:
    """Register a function that does some of the due work, or the whole of it, and returns how many rows it moved."""

    def register(function: Drain) -> Drain:
        DRAINS[name] = function
        _bells[name] = threading.Event()
        _manners[name] = Manners(gathers, crowd, whole)
        return function

    return register


def wake(name: str) -> None:
    """After the present transaction, hint that rows of this kind are due."""
    transaction.on_commit(lambda: _ring(name))


def at_rest() -> bool:
    """Somebody works on this instance (`preau maintenance`): rows wait, and only commands do any work."""
    return settings.MAINTENANCE.exists() or rest.is_heard()


def rang(name: str) -> bool:
    """Whether an embedded worker was woken since it last looked; asking is hearing."""
    woken = _bells[name].is_set()
    _bells[name].clear()
    return woken


def _ring(name: str) -> None:
    if settings.WORK == "thread":
        _bells[name].set()
    elif settings.WORK == "celery":
        try:
            if _is_news(name):
                run.apply_async((name,), retry=False, expires=HINT_SECONDS)
        except (OperationalError, OSError):
            log.warning("hallway.broker_unreachable", drain=name)


def _is_news(name: str) -> bool:
    """Whether no hint is on its way. A worker that hears one still waits for a crowd to gather before it looks: what is
    written within half of that time of such a note needs no other."""
    if not settings.REDIS_URL:
        return True
    if monotonic() < _noted.get(name, 0.0):
        return False
    from federation import hints

    news = hints.is_news(name)
    _noted[name] = monotonic() + _manners[name].gathers / 2
    return news


def _heard(name: str) -> None:
    if settings.REDIS_URL:
        from federation import hints

        hints.heard(name)


@shared_task(name="preau.run")
def run(name: str) -> None:
    """Do what is due of one kind, until nothing is, or until it is time for another kind."""
    manners = _manners[name]
    _heard(name)
    sleep(manners.gathers)
    try:
        close_old_connections()  # those that serve no more; the others are kept from task to task
        _in_turn(name, manners)
    except (DatabaseAway, InterfaceError) as error:
        log.warning("hallway.database_away", drain=name, reason=type(error).__name__)
    finally:
        close_old_connections()


def _in_turn(name: str, manners: Manners) -> None:
    until = monotonic() + SHORT_TURN
    while not at_rest() and (moved := DRAINS[name]()) and not manners.whole:
        if monotonic() > until:
            _ring(name)
            break
        manners.let_gather(moved)


@shared_task(name="preau.sweep")
def sweep() -> None:
    """Whatever the broker forgot, the rows remember."""
    for name in DRAINS:
        run.apply_async((name,), retry=False, expires=HINT_SECONDS)


def run_until_idle(rounds: int = 50) -> None:
    """Do all the due work in this thread, until none of them has found any in its turn; tests and one-shot commands
    call it."""
    idle = 0
    for work in chain.from_iterable(repeat(list(DRAINS.values()), rounds)):
        idle = 0 if work() else idle + 1
        if idle == len(DRAINS):
            return


def start_threads() -> None:
    """The embedded workers: a drain has a thread of its own, so that a house which is slow holds up no arrival."""
    for name, work in DRAINS.items():
        threading.Thread(target=_work_forever, args=(name, work), name=f"preau-{name}", daemon=True).start()


def _work_forever(name: str, work: Drain) -> None:
    bell, manners = _bells[name], _manners[name]
    while True:
        _work_safely(name, work, manners)
        if bell.wait(SWEEP_SECONDS):
            sleep(manners.gathers)
        bell.clear()


def _work_safely(name: str, work: Drain, manners: Manners) -> None:
    """A fault must not end the thread; the rows stay due and are taken again."""
    try:
        while not at_rest() and (moved := work()) and not manners.whole:
            manners.let_gather(moved)
    except Exception:
        log.exception("hallway.failed", drain=name)
    finally:
        close_old_connections()
