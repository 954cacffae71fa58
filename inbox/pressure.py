"""When more arrives than is handled, the door says so, and whoever knocked comes again: nothing is lost.

What a house sends is counted in the memory of each process, by the hosts of houses that proved who they are; nothing
of it is written.
"""

import time
from dataclasses import dataclass

from django.conf import settings

from federation.errors import TooMany, TryAgain
from inbox.models import Receipt

FRESH = 2.0  # seconds for which the depth of the queue is believed
HOUSES = 10_000


@dataclass
class Depth:
    waiting: int = 0
    read_at: float = -FRESH


@dataclass
class Bucket:
    """What a house may still send at once; it fills up again with time."""

    left: float
    at: float


depth = Depth()
buckets: dict[str, Bucket] = {}


def must_have_room() -> None:
    """TryAgain while more letters wait than are soon handled."""
    if time.monotonic() - depth.read_at > FRESH:
        deep = Receipt.objects.filter(state="waiting").order_by()[: settings.INBOX_DEPTH].values("pk")
        depth.waiting, depth.read_at = deep.count(), time.monotonic()
    if depth.waiting >= settings.INBOX_DEPTH:
        raise TryAgain("too many letters wait")


def must_not_flood(host: str) -> None:
    """TooMany from a house, whichever of its people write, beyond so many letters a second and so many at once."""
    now = time.monotonic()
    if len(buckets) > HOUSES:
        buckets.clear()
    bucket = buckets.setdefault(host, Bucket(settings.HOUSE_BURST, now))
    bucket.left = min(settings.HOUSE_BURST, bucket.left + (now - bucket.at) * settings.HOUSE_RATE)
    bucket.at = now
    if bucket.left < 1:
        raise TooMany(f"{host} sends too much at once")
    bucket.left -= 1
