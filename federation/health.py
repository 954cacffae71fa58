"""How houses fare: one that does not answer is asked again ever more rarely, and gets all at its first sign of life.

Its letters stay in their rows, untouched: `Peer.try_at` holds them back (see `federation.departures`).
"""

import random
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import structlog
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.timezone import is_naive, now

from federation import hallway
from federation.models import Delivery, Peer

log = structlog.get_logger()
MINUTES = [1, 5, 15, 60, 180, 360, 720]  # then daily
DAY = 86_400


def alive(peer: Peer) -> None:
    """Something proven came from this house: what waits for it leaves now. Free when it was not failing."""
    if peer.failures:
        revive([peer.host])


@transaction.atomic
def revive(hosts: Collection[str]) -> None:
    """These houses answer. Letters that were only due when their house was to be tried are due now."""
    failing = Peer.objects.filter(host__among=hosts, failures__gt=0)
    tried_at = failing.filter(host=OuterRef("host")).values("try_at")
    Delivery.objects.filter(host__among=hosts, state="waiting", due_at=Subquery(tried_at)).update(due_at=now())
    for peer in failing:
        log.info("peer.answers_again", host=peer.host, failures=peer.failures, silent_since=str(peer.failing_since))
    failing.update(failures=0, failing_since=None, try_at=None)
    hallway.wake("deliveries")


@transaction.atomic
def fail(seen: Mapping[str, tuple[int, float]]) -> dict[str, Peer]:
    """One step down for each house, however many letters failed at once; the houses as they stand now.

    `seen` has, for each host, the failures that it had when the letter left, and the seconds that it asked for.
    """
    found = {peer.host: peer for peer in Peer.objects.select_for_update().filter(host__among=seen).order_by("pk")}
    stepping = [peer for host, peer in found.items() if peer.failures == seen[host][0]]
    for peer in stepping:
        peer.try_at = next_try(peer.failures, seen[peer.host][1])
        peer.failures = min(peer.failures + 1, 32_000)
        peer.failing_since = peer.failing_since or now()
        say = log.error if peer.paused else log.info
        say("peer.fails", host=peer.host, failures=peer.failures, paused=peer.paused)
    Peer.objects.bulk_update(stepping, ["failures", "failing_since", "try_at"])
    return found


def next_try(failures: int, asked: float = 0) -> datetime:
    """When to try again after so many failures; `asked` are the seconds of their Retry-After."""
    minutes = MINUTES[failures] if failures < len(MINUTES) else 24 * 60
    seconds = minutes * 60 * random.uniform(0.9, 1.1)  # noqa: S311  spreads the load, guards nothing
    return now() + timedelta(seconds=max(seconds, min(asked, DAY)))


def seconds_asked(retry_after: str) -> float:
    """Of a Retry-After header (RFC 9110, 10.2.3): seconds, or a date. 0 for what cannot be read."""
    if retry_after.isdecimal():
        return float(retry_after[:9])
    try:
        moment = parsedate_to_datetime(retry_after)
        return 0.0 if is_naive(moment) else max(0.0, (moment - now()).total_seconds())
    except (ValueError, OverflowError):  # the latter for numbers beyond any calendar
        return 0.0
