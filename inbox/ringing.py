"""Rings that are owed are paid: asked again whether they may, sealed, handed to the push service of each device."""

import json
from collections import defaultdict
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import structlog
from django.db import transaction
from django.utils.timezone import now

from federation import hallway, push_services
from federation.errors import Malformed, TryLater
from federation.push_services import Outcome, Ring
from inbox import notifications, owing, push_words, quiet, sealing
from inbox.models import Push, PushSubscription

log = structlog.get_logger()
AHEAD = 500  # rows that are looked at
AT_ONCE = 20  # devices
FEW = 3  # rings of a device that were due together: the others are read in the application
ADDRESSED = ("mention", "reply", "follow_asked")
LEASE = timedelta(minutes=2)  # more than a round takes: what a worker that died had taken is due again
FIRST, FACTOR, LONGEST = timedelta(seconds=30), 4, timedelta(hours=6)
PATIENCE = 9  # tries: after 30 s, 2 min, 8 min, 32 min, 2 h, then every 6 hours: nearly a day
LEAST, MOST = 60, 24 * 3600  # seconds that a service may keep a ring for a device that is off
GONE, BUSY = (404, 410), (413, 429)


@hallway.drain("push")
def pay_due() -> int:
    """Ring some of the devices that are owed a ring. How many rows were taken."""
    if not Push.objects.filter(due_at__lte=now()).exists():
        return 0
    taken = take()
    rings = [(row, ring) for row in taken if (ring := made_safely(row))]
    outcomes = push_services.ring_all([ring for _row, ring in rings])
    for (row, _ring), outcome in zip(rings, outcomes, strict=True):
        settle(row, outcome)
    return len(taken)


@transaction.atomic
def take() -> list[Push]:
    """Rows that no other worker has, on lease: a few of each device, and its others go.

    They are the newest, but what is addressed to her comes before what is done about her posts.
    """
    due = Push.objects.filter(due_at__lte=now())
    rows = due.select_related("subscription__reader__agent", "notification__actor", "notification__post")
    of_device = defaultdict(list)
    for row in rows.order_by("-notification_id")[:AHEAD]:
        of_device[row.subscription_id].append(row)
    taken = []
    for device, some in list(of_device.items())[:AT_ONCE]:
        chosen = sorted(some, key=lambda row: row.notification.reason not in ADDRESSED)[:FEW]
        due.filter(subscription=device).exclude(pk__in=[row.pk for row in chosen]).delete()
        taken += [row for row in chosen if leased(row)]
    return taken


def leased(row: Push) -> bool:
    """Compare and swap, so that of two workers one has it."""
    mine = Push.objects.filter(pk=row.pk, due_at=row.due_at)
    row.due_at, row.attempts = now() + LEASE, row.attempts + 1
    return bool(mine.update(due_at=row.due_at, attempts=row.attempts))


def made_safely(row: Push) -> Ring | None:
    """A fault of one is its own: it is tried again, not for ever, and the others ring."""
    try:
        return made(row)
    except Exception:
        log.exception("push.fault", push=row.pk)
        later(row, TryLater())
        return None


def made(row: Push) -> Ring | None:
    """What is sent, or None: when it may not be any more (the row goes), or not now."""
    device, told, agent = row.subscription, row.notification, row.subscription.reader.agent
    if not may_ring(row):
        row.delete()
        return None
    schedule = quiet.of(agent, quiet.of_house())
    at = now()
    if quiet.is_quiet(at, schedule):
        wait(row, quiet.next_allowed(at, schedule), row.attempts - 1)
        return None
    words = json.dumps(push_words.payload(told, agent), ensure_ascii=False).encode()
    left = int((quiet.next_quiet(at, schedule) - at).total_seconds())
    try:
        return sealing.seal(device, words, topic=f"n{told.pk}", ttl=max(LEAST, min(left, MOST)))
    except Malformed:  # an address that the rules of today do not take
        device.delete()
        return None


def may_ring(row: Push) -> bool:
    """Asked at the last moment: the token may be over, the post withdrawn, its author blocked, the alert off."""
    device, told = row.subscription, row.notification
    live = owing.live().filter(pk=device.pk).exists()
    readable = notifications.page(device.reader).filter(pk=told.pk, filtered=False)
    return live and owing.wants(device, told) and device.policy != "none" and readable.exists()


def settle(row: Push, outcome: Outcome) -> None:
    status = outcome.status if not isinstance(outcome, TryLater | Malformed) else 0
    if status in GONE or isinstance(outcome, Malformed):
        PushSubscription.objects.filter(pk=row.subscription_id, endpoint=row.subscription.endpoint).delete()
        log.info("push.device_gone", device=row.subscription_id, status=status)
    elif status == 0 or status in BUSY or status >= 500:
        later(row, outcome)
    else:
        row.delete()
        if not 200 <= status < 300:
            log.warning("push.refused", device=row.subscription_id, status=status)


def later(row: Push, outcome: Outcome) -> None:
    """Less and less often, when the service says, and in no quiet hours; after about a day it is no news any more."""
    if row.attempts >= PATIENCE:
        log.info("push.given_up", device=row.subscription_id)
        row.delete()
        return
    after = min(LONGEST, max(FIRST * FACTOR ** (row.attempts - 1), asked_for(outcome)))
    schedule = quiet.of(row.subscription.reader.agent, quiet.of_house())
    wait(row, quiet.next_allowed(now() + after, schedule), row.attempts)


def wait(row: Push, until: datetime, attempts: int) -> None:
    """Unless the row went with its device meanwhile."""
    Push.objects.filter(pk=row.pk).update(due_at=until, attempts=attempts)


def asked_for(outcome: Outcome) -> timedelta:
    """`Retry-After`, in seconds or as a date; none when it cannot be read."""
    said = "" if isinstance(outcome, TryLater | Malformed) else outcome.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return timedelta(seconds=min(int(said[:9]), MOST))
    try:
        return parsedate_to_datetime(said) - now()
    except (TypeError, ValueError):
        return timedelta()
