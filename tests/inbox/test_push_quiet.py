"""Devices do not ring in the quiet hours; afterwards they do, a little."""

from datetime import UTC, datetime

import pytest
import time_machine

from actors import arrivals
from inbox import notifications, quiet
from inbox.models import Notification, Push
from tests.inbox.pushing import carries, say


@pytest.fixture
def night(aubin):
    """Wednesday, nine in the evening, with the usual hours."""
    aubin.quiet = {}
    aubin.save()
    with time_machine.travel(datetime(2026, 11, 25, 20, 0, tzinfo=UTC), tick=False) as clock:
        yield clock


def morning(clock):
    clock.move_to(datetime(2026, 11, 26, 6, 30, tzinfo=UTC))


def test_at_night_nothing_rings_and_in_the_morning_it_does(julien, helene, service, night, work):
    found = service.telephone()
    carries(julien, found)
    notifications.tell(julien, helene, "follow")
    work()
    night.move_to(datetime(2026, 11, 26, 6, 29, tzinfo=UTC))
    work()
    assert service.asked == []
    morning(night)
    work()
    assert found.titles() == ["Hélène Vasseur vous suit"]


def test_after_a_long_night_a_telephone_rings_three_times(aubin, julien, helene, service, night, work):
    """The newest, and first of all what was addressed to him."""
    found = service.telephone()
    carries(julien, found)
    notifications.tell(julien, helene, "mention", say(helene, "Dans la nuit"))
    for number in range(80):
        notifications.tell(julien, arrivals.invite(f"Agent {number:02}", "Agent").actor, "follow")
    assert Push.objects.count() == 81
    morning(night)
    work()
    assert sorted(found.titles()) == ["Agent 78 vous suit", "Agent 79 vous suit", "Hélène Vasseur vous cite"]
    assert not Push.objects.exists() and Notification.objects.count() == 81


def test_an_agent_has_hours_of_her_own(julien, helene, service, night, work):
    found, his = service.telephone(), service.telephone()
    carries(helene, found)
    carries(julien, his)
    quiet.choose(helene.agent, quiet.NEVER)
    notifications.tell(helene, julien, "follow")
    notifications.tell(julien, helene, "follow")
    work()
    assert found.heard and not his.heard


def test_what_is_owed_waits_when_quiet_hours_were_chosen_meanwhile(julien, helene, service, night, work):
    found = service.telephone()
    carries(julien, found)
    quiet.choose(julien.agent, quiet.NEVER)
    notifications.tell(julien, helene, "follow")
    quiet.choose(julien.agent, None)
    work()
    assert service.asked == [] and Push.objects.get().attempts == 0
    morning(night)
    work()
    assert found.heard


def test_a_service_keeps_no_ring_into_the_quiet_hours(julien, helene, service, night, work):
    found = service.telephone()
    carries(julien, found)
    night.move_to(datetime(2026, 11, 25, 18, 0, tzinfo=UTC))
    notifications.tell(julien, helene, "follow")
    work()
    assert service.asked[0][1]["ttl"] == "3600"
