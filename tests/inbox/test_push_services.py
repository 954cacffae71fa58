"""Push services that are busy, away, or know the device no more."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils.timezone import now

from inbox import notifications, push_keys, ringing
from inbox.models import Push, PushSubscription
from tests.inbox.push_service import PushService
from tests.inbox.pushing import carries

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # a Wednesday


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as found:
        yield found


def ring(service, julien, helene, status, **headers):
    found = service.telephone()
    carries(julien, found)
    path = "/" + found.endpoint.split("/", 3)[3]
    service.answers[path] = (status, {name.replace("_", "-"): value for name, value in headers.items()})
    notifications.tell(julien, helene, "follow")
    return found, path


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(status, julien, helene, service, work):
    ring(service, julien, helene, status)
    work()
    assert not PushSubscription.objects.exists() and not Push.objects.exists()


@pytest.mark.parametrize("status", [400, 401, 403, 302])
def test_what_is_refused_is_not_tried_again_and_the_device_stays(status, julien, helene, service, work):
    ring(service, julien, helene, status)
    work()
    assert PushSubscription.objects.exists() and not Push.objects.exists() and len(service.asked) == 1


@pytest.mark.parametrize("status", [413, 429, 500, 503])
def test_a_busy_service_is_rung_later(status, clock, julien, helene, service, work):
    found, path = ring(service, julien, helene, status)
    work()
    row = Push.objects.get()
    assert row.due_at == NOON + timedelta(seconds=30) and row.attempts == 1
    del service.answers[path]
    clock.move_to(row.due_at)
    work()
    assert found.heard and not Push.objects.exists()


@pytest.mark.parametrize(
    ("said", "after"),
    [("600", 600), ("Wed, 25 Nov 2026 12:20:00 GMT", 1200), ("5", 30), ("9999999999", 6 * 3600), ("soon", 30),
     ("-5", 30), ("Wed, 25 Nov 2026 12:20:00", 1200), ("", 30)],
)  # fmt: skip
def test_a_service_says_when(said, after, clock, julien, helene, service, work):
    ring(service, julien, helene, 429, Retry_After=said)
    work()
    assert Push.objects.get().due_at - NOON in (timedelta(seconds=after), timedelta(seconds=30))


def test_after_about_a_day_it_is_no_news_any_more(clock, julien, helene, service, work):
    ring(service, julien, helene, 503)
    for _ in range(20):
        work()
        if not (row := Push.objects.first()):
            break
        clock.move_to(row.due_at)
    assert not Push.objects.exists() and len(service.asked) == 9
    assert timedelta(hours=18) < now() - NOON < timedelta(hours=30)


def test_a_service_that_is_away_holds_up_nobody(julien, helene, service, telephone, work):
    gone = PushService(push_keys.public_key())
    carries(julien, gone.telephone())
    gone.stop()
    notifications.tell(julien, helene, "follow")
    work()
    assert len(telephone.heard) == 1 and Push.objects.get().attempts == 1


def test_a_ring_that_one_worker_has_is_not_another_ones(julien, helene, telephone, work):
    notifications.tell(julien, helene, "follow")
    (row,) = ringing.take()
    assert ringing.take() == [] and not ringing.leased(Push(pk=row.pk, due_at=NOON, attempts=0))
    work()
    assert telephone.heard == []


def test_a_fault_of_one_is_its_own(julien, helene, service, telephone, work):
    """Keys that no verb would have kept."""
    broken = carries(julien, service.telephone())
    PushSubscription.objects.filter(pk=broken.pk).update(p256dh="AAAA")
    notifications.tell(julien, helene, "follow")
    work()
    assert len(telephone.heard) == 1 and Push.objects.get().subscription == broken
