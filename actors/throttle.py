"""How often a door may be tried: a table, so that it holds in every process and without Redis."""

import hashlib
from datetime import timedelta

from django.db.models import F
from django.utils.timezone import now

from actors.models import Attempt

WINDOW = timedelta(minutes=15)


def too_many(door: str, key: str, limit: int) -> bool:
    """Count one more try at `door`; True when there were over `limit` within a quarter of an hour."""
    hashed = hashlib.sha256(f"{door}\0{key}".encode()).hexdigest()
    Attempt.objects.filter(since__lt=now() - WINDOW).delete()
    attempt, _ = Attempt.objects.get_or_create(key=hashed)
    Attempt.objects.filter(pk=attempt.pk).update(count=F("count") + 1)
    return attempt.count + 1 > limit


def forget(door: str, key: str) -> None:
    Attempt.objects.filter(key=hashlib.sha256(f"{door}\0{key}".encode()).hexdigest()).delete()
