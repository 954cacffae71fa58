"""Those who pay share the rows: none is taken twice or lost with its taker, and a slow house holds up no other."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.timezone import now

from federation import delivery, departures, keys, lined_up
from federation.documents import Answer
from federation.errors import Held
from federation.models import Delivery, Dispatch
from federation.settling import Told, settle
from federation.states import ImpossibleStep
from tests.federation.hostile import reply
from tests.federation.owing import JULIEN, answering, hamlets, news, owe, take

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def julien_signs(db):
    keys.generate(JULIEN)


def test_a_row_on_lease_is_taken_by_nobody_else_until_the_lease_ends(martel, time_machine):
    owe(martel, news(1))
    [row] = take()
    assert take() == []
    time_machine.move_to(now() + departures.LEASE + timedelta(seconds=1))
    assert take() == [row]


def test_an_embedded_house_that_starts_takes_over_what_a_dead_process_had_leased(martel):
    [row] = owe(martel, news(1))
    take()
    delivery.take_over()
    assert take() == [row]


def test_a_text_that_a_dead_process_had_no_time_to_forget_is_forgotten(martel, vernay):
    owe(martel, news(1))
    owe(vernay, news(2))
    Delivery.objects.filter(host=martel.host).update(state="sent")
    delivery.take_over()
    assert list(Dispatch.objects.order_by("pk").values_list("document", flat=True)) == [{}, news(2)]


def test_a_worker_that_comes_late_does_not_undo_what_another_settled(martel):
    owe(martel, news(1))
    (late,), _ = departures.take(1, {}, {})
    settle([Told(*late, Answer(202, {}, b"", ""))])
    for outcome in (
        Answer(202, {}, b"", ""),
        Answer(410, {}, b"", ""),
        Answer(403, {}, b"", ""),
        Held(""),
        Held("", 1),
    ):
        settle([Told(*late, outcome)])
    row = Delivery.objects.get()
    assert (row.state, row.answer, row.attempts) == ("sent", "202", 1)


def test_a_batch_is_bounded():
    hamlets(30)
    assert len(take(20)) == 20
    assert len(take(20)) == 10


def test_of_one_house_few_letters_are_taken_at_first_and_more_once_it_answers(martel):
    owe(martel, *[news(number) for number in range(40)])
    assert len(departures.take(100, {}, {})[0]) == departures.FEW
    assert departures.take(100, {martel.host: 4}, {}) == ([], True)
    assert len(departures.take(100, {martel.host: 4}, {martel.host: 8})[0]) == 4
    assert len(departures.take(100, {}, {martel.host: 16})[0]) == lined_up.HAND
    answering(martel, 202)
    Delivery.objects.update(leased_until=None)
    assert delivery.pay_due() == 40


@pytest.mark.django_db(transaction=True)
def test_the_answer_of_one_house_is_written_down_before_a_slow_one_answers(martel, vernay):
    seen = []

    def slowly(request):
        for _ in range(100):
            seen.append(read_beside(f"SELECT state FROM federation_delivery WHERE host = '{vernay.host}'"))
            if seen[-1] == "sent":
                break
            time.sleep(0.05)
        reply(202)(request)

    martel.pages["/inbox"] = slowly
    answering(vernay, 202)
    for house in (martel, vernay):
        owe(house, news(1))
    delivery.pay_due()
    assert seen[-1] == "sent"
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def read_beside(question: str) -> str:
    """What the rest of the world sees in the database."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(read, question).result()


def read(question: str) -> str:
    try:
        with connection.cursor() as cursor:
            return cursor.execute(question).fetchone()[0]
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_never_take_the_same_row():
    hamlets(150)
    with ThreadPoolExecutor(4) as workers:
        taken = [pk for each in [workers.submit(take_all) for _ in range(4)] for pk in each.result()]
    assert Counter(taken) == Counter(Delivery.objects.values_list("pk", flat=True))


def take_all() -> list[int]:
    taken = []
    try:
        while rows := take(20):
            taken += [row.pk for row in rows]
    finally:
        connection.close()
    return taken


def test_rows_are_moved_together_only_by_moves_that_exist():
    with pytest.raises(ImpossibleStep):
        Delivery.step_all(Delivery.objects.all(), "sent", "waiting")
