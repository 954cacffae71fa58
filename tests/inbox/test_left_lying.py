"""Work that nobody does is told from work that is under way, or that must wait."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from federation import dead_letters as leaving
from federation.models import Peer
from inbox import dead_letters as arrived
from inbox.models import Receipt
from tests.instance.broken_houses import owe

AN_HOUR, A_WHILE = timedelta(hours=1), timedelta(minutes=10)


def lying():
    before = now() - A_WHILE
    return leaving.left_lying(before), arrived.left_lying(before)


def arrive(lucie, **more):
    uri = f"{lucie.uri}/{Receipt.objects.count()}"
    return Receipt.objects.create(uri=uri, actor=lucie, activity={}, **{"state": "waiting", **more})


def test_what_was_due_an_hour_ago_lies(vernay, lucie):
    owe(vernay, due_at=now() - AN_HOUR)
    arrive(lucie, due_at=now() - AN_HOUR)
    assert lying() == (1, 1)


def test_what_is_not_due_or_was_due_a_moment_ago_does_not(vernay, lucie):
    owe(vernay, due_at=now() + AN_HOUR)
    owe(vernay)
    arrive(lucie, due_at=now() + AN_HOUR)
    arrive(lucie)
    assert lying() == (0, 0)


def test_a_long_queue_that_moves_does_not(vernay, lucie):
    for _ in range(3):
        owe(vernay, due_at=now() - AN_HOUR)
        arrive(lucie, due_at=now() - AN_HOUR)
    owe(vernay, leased_until=now() + timedelta(seconds=30))
    arrive(lucie, state="handled")
    assert lying() == (0, 0)


@pytest.mark.parametrize("change", [{"failures": 3}, {"state": "suspended"}, {"state": "revoked"}])
def test_what_waits_for_a_house_that_does_not_answer_or_must_not_be_written_to_does_not(vernay, change):
    owe(vernay, due_at=now() - AN_HOUR)
    Peer.objects.update(**change)
    assert lying() == (0, 0)


def test_what_came_from_a_suspended_house_waits_for_it(vernay, lucie):
    arrive(lucie, due_at=now() - AN_HOUR)
    Peer.objects.update(state="suspended")
    assert lying() == (0, 0)
