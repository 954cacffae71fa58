"""Carried without waiting for the slow, while more is written, and through faults of the database."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection
from structlog.testing import capture_logs

from federation import courier, delivery, departures, hallway, http, keys, settling
from federation.models import Delivery, Peer
from tests.federation.hostile import Hostile, elapsed, reply
from tests.federation.owing import JULIEN, answering, news, owe

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def julien_signs(db):
    keys.generate(JULIEN)


@pytest.fixture
def street(db):
    """Twenty houses, of which five let themselves be called and say nothing for a while."""
    houses = [Hostile() for _ in range(20)]
    Peer.objects.bulk_create([Peer(host=house.host, state="active") for house in houses])
    for number, house in enumerate(houses):
        house.pages["/"] = (lambda _: time.sleep(4)) if number < 5 else reply(202)
    yield houses
    for house in houses:
        house.stop()


def test_houses_that_hang_do_not_delay_the_others(street, monkeypatch):
    monkeypatch.setattr(http, "DEADLINE", 3.0)
    for number in range(3):
        delivery.send(news(number), [f"{house.origin}/?{each}" for house in street for each in range(5)], JULIEN)
    last, started, real = {}, time.monotonic(), settling.settle

    def watch(told):
        real(told)
        last.update({each.row.host: time.monotonic() - started for each in told})

    monkeypatch.setattr(settling, "settle", watch)
    delivery.pay_due()
    assert Delivery.objects.filter(state="sent").count() == 15 * 15
    assert max(last[house.host] for house in street[5:]) < min(last[house.host] for house in street[:5])
    assert all(len(house.asked) <= 4 for house in street[:5])
    assert set(Peer.objects.filter(host__in=[house.host for house in street[:5]]).values_list("failures")) == {(1,)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["woken", "by itself"])
def test_what_is_written_while_a_slow_house_is_waited_for_leaves_at_once(martel, vernay, settings, monkeypatch, how):
    settings.WORK = "thread" if how == "woken" else "manual"
    monkeypatch.setattr(courier, "LOOK", 1000 if how == "woken" else 0.05)
    arrived = threading.Event()

    def slowly(request):
        with ThreadPoolExecutor(1) as somebody:
            somebody.submit(write_to, vernay).result()
        assert arrived.wait(5)
        reply(202)(request)

    def at_once(request):
        arrived.set()
        reply(202)(request)

    martel.pages["/inbox"], vernay.pages["/inbox"] = slowly, at_once
    owe(martel, news(1))
    hallway.rang("deliveries")
    assert delivery.pay_due() == 2
    assert [row.state for row in Delivery.objects.all()] == ["sent", "sent"]


def write_to(house):
    try:
        delivery.send(news(2), [f"{house.origin}/inbox"], JULIEN)
    finally:
        connection.close()


def test_a_fault_in_taking_more_loses_nothing_of_what_is_under_way(martel, monkeypatch):
    answering(martel, 202)
    owe(martel, *[news(number) for number in range(10)])
    real, calls = departures.take, []

    def once(*args):
        calls.append(args)
        if len(calls) > 1:
            raise OperationalError("gone")
        return real(*args)

    woken: list[str] = []
    monkeypatch.setattr(departures, "take", once)
    monkeypatch.setattr(hallway, "wake", woken.append)
    with capture_logs() as logs:
        assert delivery.pay_due() == departures.FEW
    assert "delivery.not_taken" in {log["event"] for log in logs}
    assert woken == ["deliveries"]
    with pytest.raises(OperationalError):
        delivery.pay_due()
    assert Delivery.objects.filter(state="sent").count() == departures.FEW


def away(times, monkeypatch):
    """A database that cannot be written for a while."""
    real, tries = settling.settle, []

    def settle(told):
        tries.append(told)
        if len(tries) <= times:
            raise OperationalError("the database system is starting up")
        real(told)

    monkeypatch.setattr(settling, "settle", settle)
    monkeypatch.setattr(courier, "PATIENCE", (0.01, 0.01))
    return tries


@pytest.mark.django_db(transaction=True)
def test_a_database_that_restarts_is_waited_for(martel, monkeypatch):
    answering(martel, 202)
    owe(martel, news(1))
    tries = away(2, monkeypatch)
    delivery.pay_due()
    assert len(tries) == 3
    assert Delivery.objects.get().state == "sent"
    assert len(martel.asked) == 1


@pytest.mark.django_db(transaction=True)
def test_a_database_that_stays_away_is_not_waited_for_longer_than_a_lease(martel, monkeypatch):
    assert sum(courier.PATIENCE) < departures.LEASE.total_seconds()
    answering(martel, 202)
    owe(martel, news(1))
    away(100, monkeypatch)
    with pytest.raises(OperationalError):
        delivery.pay_due()
    assert Delivery.objects.get().state == "waiting"


def test_within_a_transaction_of_somebody_else_nothing_is_tried_twice(martel, monkeypatch):
    answering(martel, 202)
    owe(martel, news(1))
    tries = away(1, monkeypatch)
    with pytest.raises(OperationalError):
        delivery.pay_due()
    assert len(tries) == 1


def test_a_celery_worker_settles_what_it_took_and_lets_others_have_their_turn(martel, settings, monkeypatch):
    settings.WORK = "celery"
    monkeypatch.setattr(hallway, "TURN", 0)
    answering(martel, 202)
    owe(martel, *[news(number) for number in range(10)])
    woken: list[str] = []
    monkeypatch.setattr(hallway, "wake", woken.append)
    assert delivery.pay_due() == departures.FEW
    assert woken == ["deliveries"]
    assert Delivery.objects.filter(state="sent").count() == departures.FEW
    assert not Delivery.objects.exclude(leased_until=None).exists()


def test_what_is_paid_in_whole_is_not_asked_about_again(martel, monkeypatch):
    """Each look costs as much as some letters."""
    answering(martel, 202)
    owe(martel, news(1), news(2))
    looks, real = [], departures.take

    def take(*args):
        looks.append(args)
        return real(*args)

    monkeypatch.setattr(departures, "take", take)
    hallway.rang("deliveries")
    hallway._in_turn("deliveries", hallway._manners["deliveries"])
    assert Delivery.objects.filter(state="sent").count() == 2
    assert len(looks) == 1 and not hallway.rang("deliveries")


def test_no_more_is_taken_than_there_is_room_for(street, monkeypatch):
    """While places are few, those that are free are not looked for one by one."""
    monkeypatch.setattr(courier, "UNDER_WAY", 8)
    monkeypatch.setattr(courier, "ROOM", 4)
    rooms, real = [], departures.take

    def take(room, *more):
        rooms.append(room)
        return real(room, *more)

    monkeypatch.setattr(departures, "take", take)
    delivery.send(news(1), [f"{house.origin}/?{each}" for house in street[5:] for each in range(2)], JULIEN)
    assert elapsed(delivery.pay_due) < 20
    assert Delivery.objects.filter(state="sent").count() == 30
    assert set(rooms) <= {4, 5, 6, 7, 8}
