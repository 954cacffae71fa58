"""Which letters leave next: house by house, the most urgent first, none before older news of the same thing.

Houses that are closed, or down and not yet to be tried, are passed over without a look at their rows.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.sql.compiler import SQLCompiler
from django.utils.timezone import now

from federation.models import Delivery, Peer

TALK, INTERACTIVE, FAN_OUT, BACKFILL = range(4)
LEASE = timedelta(seconds=60)
FEW, HAND = 4, 16  # letters to one house that are taken at a time: first, and at most
FAIR = 4  # one place of so many goes to what has waited longest, however urgent the rest
SHIFT = 2**48  # an urgency and a number, packed so that they sort


@dataclass(frozen=True)
class House:
    """What is known of a house when letters leave for it; rows are packed with their urgency (see SHIFT)."""

    host: str
    failures: int
    way: str
    following: list[int]
    oldest: list[int]


class Several(Subquery):
    """The values of a subquery (its column `stamp`), as one value: a list, which SQLite writes as JSON."""

    @staticmethod
    def convert_value(value: list[int] | str, *_: object) -> list[int]:
        return value if isinstance(value, list) else orjson.loads(value)

    def as_sql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        array = "ARRAY(%(subquery)s)"
        inner = "(SELECT json_group_array(stamp) FROM (%(subquery)s))"
        template = array if connection.vendor == "postgresql" else inner
        return super().as_sql(compiler, connection, template=template, **context)


def due() -> QuerySet[Delivery]:
    """Rows whose time has come, and that nobody has in hand."""
    free = Q(leased_until=None) | Q(leased_until__lte=now())
    return Delivery.objects.filter(free, state="waiting", due_at__lte=now())


@transaction.atomic
def take(room: int, in_hand: Mapping[str, int], allowed: Mapping[str, int]) -> list[tuple[Delivery, House]]:
    """Lease at most `room` rows: nobody else takes them until the lease ends, even if we are killed now.

    Of each house, at most what it is `allowed` (else FEW) beyond what is `in_hand` of it.
    """
    full = [host for host, number in in_hand.items() if number >= allowed.get(host, FEW)]
    houses = {house.host: house for house in ready(full)}
    places = {host: room_of(house, in_hand.get(host, 0), allowed.get(host, FEW)) for host, house in houses.items()}
    rows = lock(choose(room, houses.values(), places))
    behind = [row for row in rows if row.behind is not None]
    taken = [row for row in rows if row.behind is None]
    until = now() + LEASE
    Delivery.objects.filter(pk__in=[row.pk for row in taken]).update(leased_until=until)
    wait_for_older(behind)
    if probes := {row.host for row in taken if houses[row.host].failures}:
        Peer.objects.filter(host__in=probes).update(try_at=until)  # one at a time
    return [(row, houses[row.host]) for row in taken]


def room_of(house: House, in_hand: int, allowed: int) -> int:
    """A house that was down gets one letter, to see whether it answers."""
    return max(0, (1 if house.failures else allowed) - in_hand)


def ready(full: Collection[str]) -> list[House]:
    """Houses that letters may leave for now, our own among them, each with the rows that are next."""
    theirs = due().filter(host=OuterRef("host"))
    to_try = Peer.objects.filter(Q(try_at=None) | Q(try_at__lte=now())).exclude(host__in=full)
    strangers = to_try.exclude(state__in=["active", "blocked"])
    ours = due().filter(host=settings.HOST)
    stairs = list(stamped(ours, "urgency", "due_at", "pk")[:HAND].values_list("stamp", flat=True))
    return [
        *houses(to_try.filter(state="active"), theirs),
        *houses(strangers, theirs.filter(urgency=TALK)),
        *([House(settings.HOST, 0, "", stairs, [])] if stairs else []),
    ]


def houses(peers: QuerySet[Peer], rows: QuerySet[Delivery]) -> list[House]:
    found = peers.filter(Exists(rows)).annotate(
        following=Several(stamped(rows, "urgency", "due_at", "pk").values("stamp")[:HAND]),
        oldest=Several(stamped(rows, "due_at", "pk").values("stamp")[:1]),
    )
    return [
        House(peer.host, peer.failures, peer.knocks_with, peer.following, peer.oldest)
        for peer in found.only("host", "failures", "knocks_with")
    ]


def stamped(rows: QuerySet[Delivery], *order: str) -> QuerySet[Any, Any]:
    return rows.order_by(*order).annotate(stamp=F("urgency") * SHIFT + F("pk"))


def choose(room: int, houses: Iterable[House], places: Mapping[str, int]) -> list[int]:
    """Numbers of rows: the most urgent, but for some places that go to what has waited longest."""
    urgent = sorted((stamp, house.host) for house in houses for stamp in house.following)
    oldest = sorted((stamp % SHIFT, stamp, house.host) for house in houses for stamp in house.oldest)
    patient = [(stamp, host) for _, stamp, host in oldest]
    left, chosen = dict(places), dict[int, None]()
    for limit, candidates in ((room - room // FAIR, urgent), (room, patient), (room, urgent)):
        for stamp, host in candidates:
            number = stamp % SHIFT
            if len(chosen) < limit and left[host] and number not in chosen:
                chosen[number] = None
                left[host] -= 1
    return list(chosen)


def lock(numbers: Collection[int]) -> list[Any]:
    """These rows, without those that somebody else took in between; `behind` is when older news of theirs are due."""
    older = Delivery.objects.filter(
        host=OuterRef("host"),
        dispatch__object_uri=OuterRef("dispatch__object_uri"),
        dispatch__lt=OuterRef("dispatch"),
        state="waiting",
    )
    rows = due().filter(pk__in=numbers).annotate(behind=Subquery(older.order_by("-due_at").values("due_at")[:1]))
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    return list(rows.order_by("urgency", "pk")) if numbers else []


def wait_for_older(behind: Iterable[Any]) -> None:
    """News whose elders wait for a later day wait with them, out of the way of what can leave."""
    later = [Delivery(pk=row.pk, due_at=row.behind) for row in behind if row.behind > now()]
    Delivery.objects.filter(state="waiting").bulk_update(later, ["due_at"])
