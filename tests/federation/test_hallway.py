"""Those who do the work are woken after the commit, by a bell or through a broker; the rows do not depend on it."""

import threading
import time

import pytest
from celery import Celery
from django.db import transaction

from federation import hallway
from instance import celery_app

DEAD = "redis://127.0.0.1:1/0"  # a port where nobody listens
PATIENCE = 10


@pytest.fixture
def drains(monkeypatch):
    """Only those that a test registers."""
    monkeypatch.setattr(hallway, "DRAINS", {})
    monkeypatch.setattr(hallway, "_bells", {})
    monkeypatch.setattr(hallway, "_manners", {})
    return hallway.DRAINS


@pytest.fixture
def broker():
    """Let the tasks speak to a broker of our choice."""

    def speak_to(url: str) -> Celery:
        app = Celery(set_as_current=True)
        app.config_from_object("django.conf:settings", namespace="CELERY")
        app.conf.update(broker_url=url)
        return app

    yield speak_to
    celery_app.set_current()


def hints(app: Celery) -> list[str]:
    """The drains named by the messages that wait at the broker; they are taken out."""
    found = []
    with app.connection_for_read() as connection, connection.SimpleQueue("celery") as queue:
        while queue.qsize():
            message = queue.get_nowait()
            assert message.headers["task"] == "preau.run"
            assert message.headers["expires"]
            found += message.payload[0]
            message.ack()
    return found


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_once_the_rows_can_be_seen(drains, settings):
    settings.WORK = "thread"
    hallway.drain("letters")(lambda: 0)
    with transaction.atomic():
        hallway.wake("letters")
        assert not hallway._bells["letters"].is_set()
    assert hallway._bells["letters"].is_set()


@pytest.mark.django_db(transaction=True)
def test_nobody_is_woken_for_rows_that_were_never_written(drains, settings):
    settings.WORK = "thread"
    hallway.drain("letters")(lambda: 0)
    with transaction.atomic():
        hallway.wake("letters")
        transaction.set_rollback(True)
    assert not hallway._bells["letters"].is_set()


@pytest.mark.django_db(transaction=True)
def test_workers_are_told_through_the_broker_what_to_drain(settings, broker):
    settings.WORK = "celery"
    app = broker("memory://")
    hallway.wake("deliveries")
    assert hints(app) == ["deliveries"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_crowd_of_rows_is_announced_once_until_a_worker_has_come(drains, settings, broker):
    settings.WORK = "celery"
    app = broker("memory://")
    hallway.drain("crowd")(lambda: 0)
    for _ in range(5):
        hallway.wake("crowd")
    assert hints(app) == ["crowd"]
    hallway.run("crowd")
    hallway.wake("crowd")
    assert hints(app) == ["crowd"]
    hallway.run("crowd")


@pytest.mark.django_db(transaction=True)
def test_without_redis_a_worker_works_on(drains, settings):
    settings.REDIS_URL = DEAD
    rows = iter([2, 1, 0])
    hallway.drain("crowd")(lambda: next(rows))
    hallway.run("crowd")
    assert list(rows) == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_stops_nobody_and_holds_nobody_up(settings, broker):
    settings.WORK, settings.REDIS_URL = "celery", DEAD
    broker(DEAD)
    started = time.monotonic()
    hallway.wake("deliveries")
    assert time.monotonic() - started < 1


@pytest.mark.django_db(transaction=True)
def test_by_hand_nobody_is_woken(settings, broker):
    settings.WORK = "manual"
    app = broker("memory://")
    hallway.wake("deliveries")
    assert hints(app) == []


def test_the_sweep_names_every_drain(drains, broker):
    app = broker("memory://")
    for name in ("letters", "parcels"):
        hallway.drain(name)(lambda: 0)
    hallway.sweep()
    assert hints(app) == ["letters", "parcels"]


def test_a_worker_goes_on_until_nothing_is_due(drains):
    rows = [3, 2, 1, 0, 4]
    hallway.drain("letters")(lambda: rows.pop(0))
    hallway.run("letters")
    assert rows == [4]


def test_all_drains_are_done_until_all_are_idle(drains):
    letters, parcels = [1, 0, 1, 0, 0], [1, 1, 1, 0, 0]
    hallway.drain("letters")(lambda: letters.pop(0))
    hallway.drain("parcels")(lambda: parcels.pop(0))
    hallway.run_until_idle()
    assert (letters, parcels) == ([0], [0])


def test_work_that_never_ends_is_left_after_some_rounds(drains):
    rows = iter(range(1, 10))
    hallway.drain("letters")(lambda: next(rows))
    hallway.run_until_idle(rounds=3)
    assert next(rows) == 4


class Drain:
    """Work in a thread that a test can see and still."""

    def __init__(self, fault: Exception | None = None, rows: int = 0) -> None:
        self.fault, self.rows, self.over = fault, rows, False
        self.begun, self.may_end = threading.Semaphore(0), threading.Event()

    def __call__(self) -> int:
        if self.over:
            threading.Event().wait()  # until the process ends, as these threads do
        self.begun.release()
        if self.fault:
            fault, self.fault = self.fault, None
            raise fault
        assert self.may_end.wait(PATIENCE)
        self.rows -= 1
        return max(0, self.rows)

    def still(self, name: str) -> None:
        self.over = True
        self.may_end.set()
        hallway._bells[name].set()


@pytest.fixture
def at_work(drains):
    started = {}

    def start(**named: Drain):
        started.update(named)
        for name, work in named.items():
            hallway.drain(name)(work)
        hallway.start_threads()

    yield start
    for name, work in started.items():
        work.still(name)


def test_slow_work_of_one_kind_does_not_hold_up_another(at_work, monkeypatch):
    monkeypatch.setattr(hallway, "SWEEP_SECONDS", 0.01)
    slow, quick = Drain(), Drain()
    quick.may_end.set()
    at_work(slow=slow, quick=quick)
    assert slow.begun.acquire(timeout=PATIENCE)
    assert all(quick.begun.acquire(timeout=PATIENCE) for _ in range(5))
    assert not slow.begun.acquire(blocking=False)


def test_a_fault_does_not_end_the_work(at_work, monkeypatch):
    monkeypatch.setattr(hallway, "SWEEP_SECONDS", 0.01)
    work = Drain(fault=ZeroDivisionError())
    work.may_end.set()
    at_work(letters=work)
    assert all(work.begun.acquire(timeout=PATIENCE) for _ in range(3))


def test_the_bell_is_quicker_than_the_sweep(at_work, monkeypatch, settings):
    monkeypatch.setattr(hallway, "SWEEP_SECONDS", 1000)
    settings.WORK = "thread"
    work = Drain(rows=3)
    work.may_end.set()
    at_work(letters=work)
    assert all(work.begun.acquire(timeout=PATIENCE) for _ in range(3))
    assert not work.begun.acquire(timeout=0.1)
    hallway._ring("letters")
    assert work.begun.acquire(timeout=PATIENCE)
