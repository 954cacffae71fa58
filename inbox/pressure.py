"""When more arrives than is handled, the door says so, and whoever knocked comes again: nothing is lost.

What a house sends is counted in the memory of each process, by the hosts of houses that proved who they are
(`federation.allowances`); nothing of it is written.
"""

import time
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from federation import allowances, peers
from federation.errors import TooMany, TryAgain
from inbox.models import Receipt

FRESH = 5.0  # seconds for which the depth of the queue is believed
HOUSES = 10_000
HOUSES_AT_LEAST = 4  # that share the queue


@dataclass
class Depth:
    """How much waits, of all houses or of one."""

    waiting: int = 0
    read_at: float = -FRESH


depth = Depth()
shares: dict[str, Depth] = {}


def must_have_room() -> None:
    """TryAgain while more letters wait than are soon handled."""
    if fresh(depth, Q()) >= settings.INBOX_DEPTH:
        raise TryAgain("too many letters wait")


def must_leave_room(host: str) -> None:
    """TryAgain from a house of which very many letters wait, once the queue is half full: the rest is for others."""
    if fresh(depth, Q()) < settings.INBOX_DEPTH / 2:
        return
    if len(shares) > HOUSES:
        shares.clear()
    if fresh(shares.setdefault(host, Depth()), Q(actor__host=host)) >= settings.INBOX_DEPTH / HOUSES_AT_LEAST:
        raise TryAgain(f"too many letters of {host} wait")


def fresh(found: Depth, whose: Q) -> int:
    """Counted anew now and then. What a suspended house sent before waits for an admin, and counts for nothing."""
    if time.monotonic() - found.read_at > FRESH:
        waiting, suspended = Receipt.objects.filter(whose, state="waiting"), list(peers.suspended_hosts())
        if suspended:  # else nobody needs to be looked up
            waiting = waiting.exclude(actor__host__in=suspended)
        found.waiting = waiting.order_by()[: settings.INBOX_DEPTH].values("pk").count()
        found.read_at = time.monotonic()
    return found.waiting


def must_not_read_too_much(host: str) -> None:
    if not allowances.spend("reading", host, settings.HOUSE_BURST, settings.HOUSE_RATE):
        raise TooMany(f"{host} reads too much at once")


def must_not_flood(host: str) -> None:
    """TooMany from a house, whichever of its people write, beyond so many letters a second and so many at once."""
    if not allowances.spend("letters", host, settings.HOUSE_BURST, settings.HOUSE_RATE):
        raise TooMany(f"{host} sends too much at once")
