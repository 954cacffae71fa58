"""Those who pay share the rows: none is taken twice or lost with its taker, and a slow house holds up no other."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.timezone import now

from federation import delivery, keys
from federation.models import Delivery
from tests.federation.hostile import reply
from tests.federation.owing import JULIEN, answering, hamlets, news, owe

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def julien_signs(db):
    keys.generate(JULIEN)


def test_a_row_on_lease_is_taken_by_nobody_else_until_the_lease_ends(martel, time_machine):
    owe(martel, news(1))
    [row] = delivery.take()
    assert delivery.take() == []
    time_machine.move_to(now() + delivery.LEASE + timedelta(seconds=1))
    assert delivery.take() == [row]


def test_an_embedded_house_that_starts_takes_over_what_a_dead_process_had_leased(martel):
    [row] = owe(martel, news(1))
    delivery.take()
    delivery.take_over()
    assert delivery.take() == [row]


def test_a_worker_that_comes_late_does_not_undo_what_another_settled(martel):
    owe(martel, news(1))
    [late], answer = delivery.take(), delivery.Answer
    delivery.settle(Delivery.objects.get(), answer(202, {}, b"", ""))
    for status in (202, 410, 503):
        delivery.settle(late, answer(status, {}, b"", ""))
    row = Delivery.objects.get()
    assert (row.state, row.answer, row.attempts) == ("sent", "202", 1)


def test_a_batch_is_bounded():
    hamlets(delivery.BATCH + 1)
    assert len(delivery.take()) == delivery.BATCH
    assert len(delivery.take()) == 1


def test_a_house_that_is_being_served_gets_no_second_visit(martel, vernay):
    owe(martel, news(1))
    [in_hand] = delivery.take()
    owe(martel, news(2))
    owe(vernay, news(3))
    assert [row.host for row in delivery.take()] == [vernay.host]
    delivery.settle(in_hand, delivery.Answer(202, {}, b"", ""))
    assert [row.dispatch.activity_uri for row in delivery.take()] == [news(2)["id"]]


def test_the_answer_of_one_house_is_written_down_before_a_slow_one_answers(martel, vernay):
    may_answer = threading.Event()

    def slowly(request):
        assert may_answer.wait(5)
        reply(202)(request)

    martel.pages["/inbox"] = slowly
    answering(vernay, 202)
    for house in (martel, vernay):
        owe(house, news(1))
    settled = []
    for row, answer in delivery.hand_over(delivery.take()):
        delivery.settle(row, answer)
        settled.append((row.host, row.state))
        may_answer.set()
    assert settled == [(vernay.host, "sent"), (martel.host, "sent")]


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_never_take_the_same_row():
    hamlets(3 * delivery.BATCH)
    with ThreadPoolExecutor(4) as workers:
        taken = [pk for each in [workers.submit(take_all) for _ in range(4)] for pk in each.result()]
    assert Counter(taken) == Counter(Delivery.objects.values_list("pk", flat=True))


def take_all() -> list[int]:
    taken = []
    try:
        while rows := delivery.take():
            taken += [row.pk for row in rows]
    finally:
        connection.close()
    return taken
