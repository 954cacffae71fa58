"""Carries letters without ever waiting for the slow: as some arrive others leave, and answers are noted in bulk."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from time import monotonic, sleep

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from federation import departures, hallway, lanes, letters, settling
from federation.departures import FEW
from federation.documents import Answer
from federation.errors import FederationError, Undelivered
from federation.lanes import Letter, Outcome
from federation.lined_up import HAND, House
from federation.models import Delivery
from federation.settling import HOUSE, TAKEN, Told

log = structlog.get_logger()
UNDER_WAY = 512  # letters at a time, of one process
ROOM = 128  # that must be free before more rows are looked for
LISTEN = 0.1  # seconds, then it may be time to look for rows that have come due
MOMENT = 0.2  # seconds in which answers gather
LOOK = 1.0  # seconds after which rows are looked for, even if nothing was heard
PATIENCE = (0.5, 1, 2, 4, 8, 16)  # seconds, with a database that is away: less than a lease


class Round:
    """One worker's: `pay` ends when all that was taken is settled; `more` tells whether anything is due then."""

    def __init__(self, climb: Callable[[Delivery], None]) -> None:
        self.climb = climb
        self.told: SimpleQueue[tuple[int, Outcome, str]] = SimpleQueue()
        self.under_way: dict[int, tuple[Delivery, House]] = {}
        self.in_hand = Counter[str]()
        self.allowed: dict[str, int] = {}
        self.until = monotonic() + hallway.TURN if settings.WORK == "celery" else math.inf
        self.looked, self.more = 0.0, False
        self.settled = 0

    def pay(self) -> int:
        self.set_out()
        while self.under_way:
            told = self.hear()
            self.write_down(told)
            if self.may_set_out(bool(told)):
                self.set_out_safely()
        return self.settled

    def may_set_out(self, heard: bool) -> bool:
        """When places have become free, rows written, or time gone by."""
        if monotonic() > self.until or hallway.at_rest() or UNDER_WAY - len(self.under_way) < ROOM:
            return False
        return hallway.rang("deliveries") or (heard and self.more) or monotonic() - self.looked > LOOK

    def set_out_safely(self) -> None:
        """Whatever goes wrong, what is under way must be settled first; the fault, if it lasts, shows afterwards."""
        try:
            self.set_out()
        except Exception:
            log.exception("delivery.not_taken")

    def set_out(self) -> None:
        self.looked, self.more = monotonic(), True  # for all we know, should the database not say
        leaving = []
        taken, self.more = departures.take(UNDER_WAY - len(self.under_way), self.in_hand, self.allowed)
        for row, house, letter in letters.of_rows(taken):
            self.under_way[row.pk] = row, house
            self.in_hand[row.host] += 1
            if row.host == settings.HOST:
                self.told.put((row.pk, self.carry_up(row), ""))
            elif isinstance(letter, Undelivered):
                self.told.put((row.pk, letter, ""))
            else:
                leaving.append(letter)
        lanes.carry(leaving, self.tell)

    def carry_up(self, row: Delivery) -> Outcome:
        try:
            self.climb(row)
        except FederationError as error:
            return error
        return Answer(202, {}, b"", row.inbox)

    def tell(self, letter: Letter, outcome: Outcome) -> None:
        self.told.put((letter.number, outcome, letter.way))

    def hear(self) -> list[Told]:
        """What was told, a moment's worth of it at once."""
        try:
            told = [self.told.get(timeout=LISTEN)]
        except Empty:
            return []
        end = monotonic() + MOMENT
        while self.told.qsize() + 1 < len(self.under_way) and monotonic() < end:
            sleep(MOMENT / 5)
        told += [self.told.get() for _ in range(self.told.qsize())]
        return [Told(*self.under_way[number], outcome, way) for number, outcome, way in told]

    def write_down(self, told: Sequence[Told]) -> None:
        persist(told)
        for each in told:
            host = each.row.host
            del self.under_way[each.row.pk]
            self.in_hand[host] -= 1
            if each.verdict == TAKEN:  # who answers gets more at a time
                self.allowed[host] = min(HAND, 2 * self.allowed.get(host, FEW))
            elif each.verdict == HOUSE:
                self.allowed.pop(host, None)
        self.settled += len(told)


def persist(told: Sequence[Told]) -> None:
    """A database that restarts is waited for: were answers forgotten, the letters would leave again."""
    pauses = list(PATIENCE)
    while True:
        try:
            settling.settle(told)
            break
        except (OperationalError, InterfaceError):
            if not pauses or connection.in_atomic_block:
                raise
            log.warning("delivery.not_settled", rows=len(told), exc_info=True)
            connection.close()
            sleep(pauses.pop(0))
