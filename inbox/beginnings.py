"""What ends the process that handles it, so that nobody hears of a fault, is counted before it is begun, and set aside.

Only what has waited for longer than usual is counted: nearly everything is handled before that.
"""

from collections.abc import Iterable
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import F
from django.utils.timezone import now

from inbox.crowds import Row, locked, waiting
from inbox.models import Receipt

log = structlog.get_logger()
LONG = timedelta(minutes=1)
MOST = 8


def count(rows: Iterable[Row]) -> None:
    """Once more, unless another worker is at it; its end forgets it."""
    old = [row.pk for row in rows if row.since < now() - LONG]
    if old:
        with transaction.atomic():
            free = list(locked(waiting().filter(pk__among=old)).values_list("pk", flat=True))
            Receipt.objects.filter(pk__among=free).update(begun=F("begun") + 1)


def too_often(row: Row) -> bool:
    """Whether it was begun again and again and never ended; then it is kept in sight as failed."""
    if row.begun < MOST:
        return False
    receipt = waiting().filter(pk=row.pk).first()
    if receipt and receipt.step("failed", begun=0, reason="the process that handled it ended, each time"):
        log.error("activity.failed", activity=receipt.uri)
    return True
