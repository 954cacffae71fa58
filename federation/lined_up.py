"""What is lined up for each house: the letters that are next, with their urgency, and the one that waits longest.

Houses that are closed, or down and not yet to be tried, are passed over without a look at their rows.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from django.conf import settings
from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.sql.compiler import SQLCompiler
from django.utils.timezone import now

from federation import peers
from federation.models import Delivery, Peer

URGENCIES = TALK, INTERACTIVE, FAN_OUT, BACKFILL = range(4)
HAND = 16  # letters to one house that are looked at, of each urgency
FEW = 1_024  # letters that are looked at one by one; of more, the first of each house
STAND_IN = "2000-01-01T00:00:00+00:00"
LETTERS = """
SELECT house.host, house.failures, house.knocks_with, letter.due_at, letter.id, letter.urgency
FROM ({houses}) AS house CROSS JOIN federation_delivery AS letter
WHERE letter.host = house.host AND letter.state = 'waiting' AND letter.due_at <= %s
  AND (letter.leased_until IS NULL OR letter.leased_until <= %s) {kinds}
LIMIT {limit}
"""


@dataclass(frozen=True)
class House:
    """What is known of a house when letters leave for it: the rows that are next with their urgency, and the oldest."""

    host: str
    failures: int
    way: str
    following: tuple[tuple[int, int], ...]
    oldest: int = 0


class Several(Subquery):
    """The keys that a subquery finds, as one value: a list, which SQLite writes as JSON."""

    def as_sql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        array = "ARRAY(%(subquery)s)"
        inner = "(SELECT json_group_array(id) FROM (%(subquery)s))"
        template = array if connection.vendor == "postgresql" else inner
        return super().as_sql(compiler, connection, template=template, **context)


def due(moment: datetime | None = None) -> QuerySet[Delivery]:
    """Rows whose time has come, and that nobody has in hand."""
    moment = moment or now()
    free = Q(leased_until=None) | Q(leased_until__lte=moment)
    return Delivery.objects.filter(free, state="waiting", due_at__lte=moment)


def ready(full: Collection[str]) -> list[House]:
    """Houses that letters may leave for now, our own among them, each with the rows that are next."""
    stairs = due().filter(host=settings.HOST).order_by("urgency", "due_at", "pk").values_list("urgency", "pk")[:HAND]
    return [
        *(house for talks in (False, True) for house in houses(talks) if house.host not in full),
        *([House(settings.HOST, 0, "", tuple(stairs))] if stairs else []),
    ]


def houses(talks: bool) -> list[House]:
    """Those that are open; or those with which we only talk, with the rows of that."""
    found = of_few(talks)
    return of_many(talks) if found is None else found


def of_few(talks: bool) -> list[House] | None:
    """From all the letters that are due, unless they are many: one look at each house, and one at each letter."""
    rows = defaultdict[tuple[str, int, str], list[tuple[Any, int, int]]](list)
    found = answered(letters(settings.FEDERATION, talks))
    if len(found) > FEW:
        return None
    for host, failures, way, *row in found:
        due_at, number, urgency = row
        rows[host, failures, way].append((due_at, number, urgency))
    return [House(*house, in_order(talks, sorted(each)), min(each)[1]) for house, each in rows.items()]


def in_order(talks: bool, rows: Sequence[tuple[Any, int, int]]) -> tuple[tuple[int, int], ...]:
    by_kind = {kind: [number for _, number, urgency in rows if urgency == kind] for kind in kinds(talks)}
    return tuple((urgency, number) for urgency, several in by_kind.items() for number in several[:HAND])


def of_many(talks: bool) -> list[House]:
    """From the first letters of each house: of each urgency a look, however many wait behind them."""
    return [
        House(host, failures, way, steps(talks, found), oldest)
        for host, failures, way, oldest, *found in answered(question(settings.FEDERATION, talks))
    ]


def answered(asked: tuple[str, tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """With the present for its stand-in."""
    statement, values = asked
    moment = connection.ops.adapt_datetimefield_value(now())
    with connection.cursor() as cursor:
        cursor.execute(statement, [moment if value == STAND_IN else value for value in values])
        return list(cursor.fetchall())


def steps(talks: bool, found: Sequence[list[int] | str]) -> tuple[tuple[int, int], ...]:
    lists = [each if isinstance(each, list) else orjson.loads(each) for each in found]
    return tuple((urgency, number) for urgency, row in zip(kinds(talks), lists, strict=True) for number in row)


def kinds(talks: bool) -> Collection[int]:
    return [TALK] if talks else URGENCIES


@cache
def question(federation: str, talks: bool) -> tuple[str, tuple[Any, ...]]:
    """A statement and its values, with STAND_IN for the present: to put it together costs more than to answer it.

    Each of the looks at the rows ends at the first few, whatever waits behind them: see the indexes of Delivery.
    `federation` is the setting, on which it depends who is open.
    """
    moment = datetime.fromisoformat(STAND_IN)
    rows = due(moment).filter(host=OuterRef("host"), **{"urgency": TALK} if talks else {}).order_by("due_at", "id")
    next_of = {f"of_{each}": Several(rows.filter(urgency=each).values("id")[:HAND]) for each in kinds(talks)}
    oldest = Subquery(rows.order_by("due_at").values("id")[:1])
    found = asked_now(talks).annotate(oldest=oldest).filter(oldest__isnull=False).annotate(**next_of)
    return prepared(found.values_list("host", "failures", "knocks_with", "oldest", *next_of))


@cache
def letters(federation: str, talks: bool) -> tuple[str, tuple[Any, ...]]:
    """As `question`; the houses come first, so that nobody looks at rows of those that are passed over."""
    houses, values = prepared(asked_now(talks).values_list("host", "failures", "knocks_with"))
    some = f"AND letter.urgency = {TALK}" if talks else ""
    return LETTERS.format(houses=houses, kinds=some, limit=FEW + 1), (*values, STAND_IN, STAND_IN)


def asked_now(talks: bool) -> QuerySet[Peer]:
    """The houses whose time has come."""
    its_time = Q(try_at=None) | Q(try_at__lte=datetime.fromisoformat(STAND_IN))
    return (peers.only_in_talks() if talks else peers.open_peers()).filter(its_time)


def prepared(found: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    statement, values = found.query.sql_with_params()
    stand_in = connection.ops.adapt_datetimefield_value(datetime.fromisoformat(STAND_IN))
    return statement, tuple(STAND_IN if value == stand_in else value for value in values)
