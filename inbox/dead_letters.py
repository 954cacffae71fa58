"""What arrived and could not be handled, or was ignored for a reason, and another try for the former."""

from datetime import datetime

import structlog
from django.db.models import QuerySet
from django.utils.timezone import now

from federation import hallway, peers
from inbox.models import Receipt

log = structlog.get_logger()


def failed(host: str = "") -> QuerySet[Receipt]:
    """Newest first, without what they say."""
    return kept("failed", host)


def ignored(host: str = "") -> QuerySet[Receipt]:
    return kept("ignored", host)


def kept(state: str, host: str) -> QuerySet[Receipt]:
    rows = Receipt.objects.filter(state=state).select_related("actor").defer("activity").order_by("-state_since", "-pk")
    return rows.filter(actor__host=host) if host else rows


def waiting() -> QuerySet[Receipt]:
    """Oldest first."""
    return Receipt.objects.filter(state="waiting").order_by("state_since")


def replay(receipt: Receipt) -> None:
    if receipt.step("waiting", attempts=0, begun=0, due_at=now(), reason=""):
        log.info("receipt.replayed", activity=receipt.uri)
        hallway.wake("receipts")


def left_lying(before: datetime) -> int:
    """What could have been handled by then, when nothing has been handled since: nobody works."""
    if Receipt.objects.filter(state__in=["handled", "ignored"], state_since__gt=before).exists():
        return 0
    return waiting().filter(due_at__lte=before).exclude(actor__host__in=peers.suspended_hosts()).count()
