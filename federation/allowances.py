"""How much one house may ask of us at once and in the long run: counted in each process's memory, never written."""

import time
from dataclasses import dataclass

HOUSES = 50_000  # and kinds of work


@dataclass
class Bucket:
    """What a house may still ask for at once; it fills up again with time."""

    left: float
    at: float


_buckets: dict[tuple[str, str], Bucket] = {}


def spend(work: str, host: str, at_once: float, a_second: float) -> bool:
    """One more of this kind of work for this house; False, and nothing is counted, when it had its share."""
    bucket = filled(work, host, at_once, a_second)
    if bucket.left < 1:
        return False
    bucket.left -= 1
    return True


def left(work: str, host: str, at_once: float, a_second: float) -> bool:
    """Whether a house may have more work of which only the end tells how much it was: `charge` it then."""
    return filled(work, host, at_once, a_second).left > 0


def charge(work: str, host: str, at_once: float, a_second: float, amount: float) -> None:
    filled(work, host, at_once, a_second).left -= amount


def filled(work: str, host: str, at_once: float, a_second: float) -> Bucket:
    now = time.monotonic()
    if len(_buckets) > HOUSES:
        _buckets.clear()
    bucket = _buckets.setdefault((work, host), Bucket(at_once, now))
    bucket.left = min(at_once, bucket.left + (now - bucket.at) * a_second)
    bucket.at = now
    return bucket


def forget() -> None:
    _buckets.clear()
