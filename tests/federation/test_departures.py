"""Which letters leave next, and which must wait."""

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from federation import delivery, departures, keys, lined_up, peers
from federation.lined_up import BACKFILL, FAN_OUT, INTERACTIVE, TALK
from federation.models import Delivery, Dispatch, Peer
from tests.federation.owing import JULIEN, answering, hamlets, leaving, news, owe, take

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def julien_signs(db):
    keys.generate(JULIEN)


def owe_as(urgency, *letters, house="127.0.2.1"):
    Peer.objects.get_or_create(host=house, defaults={"state": "active"})
    for each in letters:
        delivery.send(each, [f"http://{house}/inbox"], JULIEN, urgency)


# --- Who is first ---


def test_what_somebody_waits_for_leaves_before_what_goes_to_many():
    owe_as(BACKFILL, news(1))
    owe_as(FAN_OUT, news(2))
    owe_as(INTERACTIVE, news(3))
    owe_as(TALK, news(4))
    assert leaving() == [news(number)["id"] for number in (4, 3, 2, 1)]


def test_a_letter_to_few_is_more_urgent_than_one_to_many():
    hamlets(delivery.FEW)
    assert set(Delivery.objects.values_list("urgency", flat=True)) == {INTERACTIVE}
    Peer.objects.all().delete()
    Delivery.objects.all().delete()
    hamlets(delivery.FEW + 1)
    assert set(Delivery.objects.values_list("urgency", flat=True)) == {FAN_OUT}


def test_among_houses_the_urgent_leave_first_whoever_came_first():
    hamlets(20)
    owe_as(INTERACTIVE, news(2))
    assert [row.host for row in take(1)] == ["127.0.2.1"]


def test_urgent_letters_without_end_do_not_starve_the_others():
    """To one house and to many: of each batch, a share goes to what has waited longest."""
    owe_as(BACKFILL, news(0))
    owe_as(BACKFILL, news(1), house="127.0.2.2")
    for batch in range(1, 4):
        for number in range(12):
            owe_as(INTERACTIVE, news(100 * batch + number))
            owe_as(INTERACTIVE, news(100 * batch + 50 + number), house=f"127.0.3.{number}")
        rows = take(8)
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(state="sent")
    assert not Delivery.objects.filter(urgency=BACKFILL, state="waiting").exists()


def test_news_that_wait_for_less_urgent_elders_do_not_stand_in_their_way():
    """Even when there is a place for one letter only."""
    owe_as(FAN_OUT, *[news(number, of=f"{number}") for number in range(6)])
    owe_as(INTERACTIVE, *[news(10 + number, of=f"{number}", type="Update") for number in range(6)])
    assert len(take()) == departures.FEW
    Delivery.objects.update(leased_until=None)
    Peer.objects.update(failures=1)
    assert len(take()) == 1


def test_news_whose_elders_were_due_again_only_now_follow_them():
    owe_as(FAN_OUT, news(1, of="post"), news(2, of="post", type="Update"))
    Delivery.objects.filter(dispatch__activity_uri=news(2)["id"]).update(due_at=now() - timedelta(hours=1))
    Peer.objects.update(failures=1)
    assert [row.dispatch.activity_uri for row in take()] == [news(1)["id"]]


def test_every_house_has_its_turn():
    """One that is owed much does not come before those that are owed little."""
    owe_as(FAN_OUT, *[news(number) for number in range(10)])
    hamlets(4)
    assert len({row.host for row in take(5)}) == 5


# --- Who must wait ---


def test_a_house_that_is_not_on_the_list_is_owed_its_letters_still(martel):
    owe(martel, news(1))
    Peer.objects.all().delete()
    assert take() == []
    assert Delivery.objects.get().state == "waiting"


@pytest.mark.parametrize("state", ["offered", "requested", "declined", "refused"])
def test_only_talk_leaves_for_a_house_that_is_not_open(martel, state):
    answering(martel, 202)
    Peer.objects.update(state=state)
    owe(martel, news(1))
    delivery.send(news(2, type="Offer"), [f"{martel.origin}/inbox"], JULIEN, urgency=TALK)
    delivery.pay_due()
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == ["waiting", "sent"]


@pytest.mark.parametrize("state", ["blocked", "suspended", None])
def test_not_even_talk_leaves_for_a_house_that_is_blocked_or_unknown(martel, state):
    Peer.objects.update(state=state) if state else Peer.objects.all().delete()
    delivery.send(news(2, type="Offer"), [f"{martel.origin}/inbox"], JULIEN, urgency=TALK)
    assert delivery.pay_due() == 0
    assert martel.asked == []


@pytest.mark.parametrize("urgency", [TALK, FAN_OUT])
def test_a_house_that_is_struck_off_at_the_moment_of_departure_gets_nothing(martel, monkeypatch, urgency):
    """The list is asked again by the door itself; it is asked once more a minute later."""
    delivery.send(news(1), [f"{martel.origin}/inbox"], JULIEN, urgency)
    real = departures.take

    def strike_off(*args):
        taken = real(*args)
        Peer.objects.update(state="blocked")
        return taken

    monkeypatch.setattr(departures, "take", strike_off)
    delivery.pay_due()
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.leased_until, martel.asked) == ("waiting", 0, None, [])
    assert 50 < (row.due_at - now()).total_seconds() <= 60
    assert Peer.objects.get().failures == 0


def test_the_list_is_asked_once_for_many_houses():
    hamlets(30)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(peers.admitted([f"127.0.1.{number}" for number in range(40)])) == 30
    assert len(asked) == 1


@pytest.mark.parametrize("talks", [False, True])
def test_few_letters_and_many_are_lined_up_alike(talks):
    """The two ways to look: at each letter, or at the first of each house."""
    chance = random.Random(7)
    dispatch = Dispatch.objects.create(activity_uri="urn:x", object_uri="x", sender_uri=JULIEN)
    states = {"a": "active", "b": "active", "c": "suspended", "d": "offered", "e": "active", "f": "requested"}
    Peer.objects.bulk_create(Peer(host=f"{name}.example", state=state) for name, state in states.items())
    Peer.objects.filter(host="e.example").update(failures=3, try_at=now() + timedelta(hours=1))
    Peer.objects.filter(host="b.example").update(failures=3, try_at=now() - timedelta(hours=1))
    moments = [now() + timedelta(minutes=minutes) for minutes in (-50, -5, -1, 30)]
    Delivery.objects.bulk_create(
        Delivery(
            dispatch=dispatch,
            inbox=f"http://{number}.example/",
            host=f"{chance.choice('abcdefg')}.example",
            urgency=chance.randrange(4),
            state=chance.choice(["waiting", "waiting", "sent"]),
            due_at=chance.choice(moments),
            leased_until=chance.choice([None, None, *moments]),
        )
        for number in range(800)
    )
    few, many = lined_up.of_few(talks), lined_up.of_many(talks)
    assert few is not None and {house.host for house in many} == (
        {"d.example", "f.example"} if talks else {"a.example", "b.example"}
    )
    by_host = {house.host: house for house in many}
    due_at = dict(Delivery.objects.values_list("pk", "due_at"))
    for house in few:
        other = by_host.pop(house.host)
        assert (house.failures, house.way, house.following) == (other.failures, other.way, other.following)
        assert due_at[house.oldest] == due_at[other.oldest]
    assert not by_host


def test_beyond_a_number_letters_are_not_looked_at_one_by_one(monkeypatch):
    hamlets(8)
    monkeypatch.setattr(lined_up, "FEW", 7)
    lined_up.letters.cache_clear()
    try:
        assert lined_up.of_few(talks=False) is None
        assert len(take(100)) == 8
    finally:
        lined_up.letters.cache_clear()
