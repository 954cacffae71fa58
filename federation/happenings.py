"""What happens in the house is told to whoever listens just now, by its kind and its ids alone, never by what it says.

It is a hint: one that is lost costs liveness and nothing else, since who listens also asks now and then, and who may
read of it is asked again when it is told on. With SQLite those who listen are in this process; with PostgreSQL they are
wherever they like, and its own notifications carry the hint, a few hundred ids in each.
"""

from collections.abc import Callable, Iterable
from functools import partial

import orjson
import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction

log = structlog.get_logger()
CHANNEL = "preau_happenings"
TOGETHER = 300  # ids in one hint: PostgreSQL takes 8,000 bytes
# One round trip, and no wait for the disk: what a crash takes with it nobody was told of.
NOTIFY = "SELECT set_config('synchronous_commit', 'off', true), pg_notify(%s, %s)"

Ear = Callable[[str, list[int]], object]
_ears: list[Ear] = []


def happened(kind: str, ids: Iterable[int]) -> None:
    """After the present transaction, whoever listens is told that this became of rows with these ids."""
    whole = list(ids)
    for first in range(0, len(whole), TOGETHER):
        transaction.on_commit(partial(_tell, kind, whole[first : first + TOGETHER]))


def listen(ear: Ear) -> Callable[[], None]:
    """Have `ear` called with kinds and ids, in the thread where it happened; returns what ends that. For SQLite."""
    _ears.append(ear)
    return partial(_ears.remove, ear)


def _tell(kind: str, ids: list[int]) -> None:
    if settings.SQLITE:
        for ear in tuple(_ears):
            ear(kind, ids)
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(NOTIFY, (CHANNEL, written(kind, ids)))
    except (DatabaseError, InterfaceError) as error:
        log.warning("happening.lost", kind=kind, reason=type(error).__name__)


def written(kind: str, ids: list[int]) -> str:
    """As PostgreSQL carries it: `read` takes it apart."""
    return orjson.dumps([kind, ids]).decode()


def read(words: str) -> tuple[str, list[int]]:
    kind, ids = orjson.loads(words)
    return str(kind), [int(each) for each in ids]
