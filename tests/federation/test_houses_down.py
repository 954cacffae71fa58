"""Houses are down, not letters: one that does not answer is tried ever more rarely, and gets all when it is back."""

import json
import time
from datetime import datetime, timedelta

import pytest
from django.utils.timezone import now
from structlog.testing import capture_logs

from federation import delivery, departures, health, keys, peers
from federation.documents import Answer
from federation.models import Delivery, Peer
from federation.settling import Told, settle
from tests.federation.hostile import reply
from tests.federation.owing import JULIEN, answering, news, owe, take

pytestmark = pytest.mark.django_db
SCHEDULE = [1, 5, 15, 60, 180, 360, 720, 1440, 1440]


@pytest.fixture(autouse=True)
def julien_signs(db):
    keys.generate(JULIEN)


@pytest.fixture
def failing(martel):
    """Ten letters are owed to a house that was tried in vain."""
    answering(martel, 503)
    owe(martel, *[news(number) for number in range(10)])
    delivery.pay_due()
    martel.asked.clear()
    return Peer.objects.get(host=martel.host)


def try_at(house) -> datetime:
    moment = Peer.objects.get(host=house.host).try_at
    assert moment
    return moment


def sent() -> int:
    return Delivery.objects.filter(state="sent").count()


def test_a_house_that_is_down_is_tried_once_at_each_step_whatever_is_owed_to_it(martel, failing, time_machine):
    waits, moment = [], now()
    for _ in SCHEDULE:
        waits.append((try_at(martel) - moment).total_seconds() / 60)
        delivery.pay_due()
        moment = try_at(martel) + timedelta(seconds=1)
        time_machine.move_to(moment, tick=False)
        delivery.pay_due()
    assert len(martel.asked) == len(SCHEDULE)
    assert [wait / step for wait, step in zip(waits, SCHEDULE, strict=True)] == pytest.approx([1] * 9, abs=0.11)
    assert Peer.objects.get(host=martel.host).failures == 10
    assert sent() == 0


@pytest.mark.parametrize("trouble", ["refuses connections", "hangs up", "hangs", 429, 500, 502, 503, 504])
def test_every_kind_of_trouble_is_the_house_s_and_counts_once(martel, trouble, hurried):
    martel.pages["/inbox"] = {
        "hangs": lambda request: time.sleep(2),
        "hangs up": lambda request: setattr(request, "close_connection", True),
    }.get(trouble, reply(trouble if isinstance(trouble, int) else 202))
    if trouble == "refuses connections":
        martel.stop()
    owe(martel, *[news(number) for number in range(10)])
    delivery.pay_due()
    assert Peer.objects.values_list("failures").get(host=martel.host) == (1,)
    assert Delivery.objects.filter(state="waiting", leased_until=None).count() == 10


def test_news_for_a_house_that_is_down_wait_with_the_others(martel, failing):
    owe(martel, news(99))
    assert delivery.pay_due() == 0
    assert martel.asked == []


def test_a_house_that_is_back_gets_all_that_waited_at_once(martel, failing, time_machine):
    time_machine.move_to(failing.try_at)
    answering(martel, 202)
    delivery.pay_due()
    assert sent() == 10
    peer = Peer.objects.get(host=martel.host)
    assert (peer.failures, peer.failing_since, peer.try_at) == (0, None, None)


def test_while_a_house_is_being_tried_nobody_else_tries_it(martel, failing, time_machine):
    time_machine.move_to(failing.try_at)
    assert [len(take()), len(take())] == [1, 0]


def test_anything_proven_that_arrives_from_a_house_that_was_silent_opens_its_lane(martel, failing):
    answering(martel, 202)
    assert delivery.pay_due() == 0
    delivery.alive(failing)
    delivery.pay_due()
    assert sent() == 10


def test_an_arrival_from_a_house_that_fares_well_costs_nothing(martel, django_assert_num_queries):
    peer = peers.admit(martel.origin)
    with django_assert_num_queries(0):
        delivery.alive(peer)


def test_after_a_week_a_house_is_paused_its_letters_kept_and_it_is_asked_daily(martel, failing, time_machine):
    Peer.objects.update(failing_since=now() - timedelta(days=7, seconds=-30), failures=13)
    assert not Peer.objects.get(host=martel.host).paused
    for _ in range(29):
        time_machine.move_to(try_at(martel) + timedelta(seconds=1))
        with capture_logs() as logs:
            delivery.pay_due()
        assert [(log["event"], log["log_level"], log["paused"]) for log in logs] == [("peer.fails", "error", True)]
    assert len(martel.asked) == 29
    assert Peer.objects.get(host=martel.host).paused
    assert Delivery.objects.filter(state="waiting").count() == 10
    answering(martel, 202)
    delivery.alive(Peer.objects.get(host=martel.host))
    delivery.pay_due()
    assert sent() == 10


def test_one_letter_that_a_house_stumbles_over_stops_the_others_ever_more_rarely(martel, time_machine):
    """Their server fails at it each time, and takes everything else."""

    def stumble(request):
        poison = json.loads(martel.asked[-1][3])["id"] == news(0)["id"]
        reply(500 if poison else 202)(request)

    martel.pages["/inbox"] = stumble
    owe(martel, news(0))
    for number in range(1, 8):
        owe(martel, news(number))
        delivery.pay_due()
        row = Delivery.objects.get(dispatch__activity_uri=news(0)["id"])
        assert (row.state, row.attempts) == ("waiting", number)
        assert (row.due_at - now()).total_seconds() / 60 == pytest.approx(SCHEDULE[number - 1], rel=0.15)
        time_machine.move_to(row.due_at + timedelta(seconds=1))
    assert sent() >= 6  # the seventh waits for the next try, unless a slow answer made it leave beside the other
    assert Peer.objects.get(host=martel.host).failures <= 1


def test_a_house_that_takes_other_letters_meanwhile_is_not_down(martel):
    def one_in_four(request):
        reply(503 if json.loads(martel.asked[-1][3])["id"].endswith("3") else 202)(request)

    martel.pages["/inbox"] = one_in_four
    owe(martel, *[news(number) for number in range(4)])
    delivery.pay_due()
    assert sent() == 3
    assert Peer.objects.get(host=martel.host).failures == 0
    assert Delivery.objects.get(state="waiting").attempts == 1


def test_a_house_that_asks_for_time_is_given_it_whatever_else_it_takes(martel):
    def one_in_four(request):
        enough = json.loads(martel.asked[-1][3])["id"].endswith("3")
        reply(429, Retry_After="3600")(request) if enough else reply(202)(request)

    martel.pages["/inbox"] = one_in_four
    owe(martel, *[news(number) for number in range(4)])
    delivery.pay_due()
    assert (try_at(martel) - now()).total_seconds() > 3500
    answering(martel, 202)
    owe(martel, news(5))
    assert delivery.pay_due() == 0


def test_a_letter_that_is_refused_says_nothing_of_the_house(martel):
    answering(martel, 403)
    owe(martel, news(1))
    delivery.pay_due()
    answering(martel, 202)
    owe(martel, news(2))
    delivery.pay_due()
    assert sent() == 1
    assert Peer.objects.get(host=martel.host).failures == 0


def test_a_house_that_was_struck_off_while_a_letter_travelled_is_nobody_s_trouble(martel):
    owe(martel, news(1))
    (taken,), _ = departures.take(1, {}, {})
    Peer.objects.filter(host=martel.host).delete()
    settle([Told(*taken, Answer(503, {}, b"", ""))])
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == ("waiting", 1)
    assert row.due_at > now()


def test_failures_are_counted_within_what_a_column_holds(martel, failing):
    Peer.objects.update(failures=32_000, try_at=now())
    health.fail({martel.host: (32_000, 0)})
    assert Peer.objects.get(host=martel.host).failures == 32_000
