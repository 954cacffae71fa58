"""Those who do the work are woken after the commit, by a bell or through a broker; the rows do not depend on it."""

import time

import pytest
from celery import Celery
from django.db import OperationalError, transaction

from federation import hallway
from instance import celery_app

pytestmark = pytest.mark.sqlite
DEAD = "redis://127.0.0.1:1/0"  # a port where nobody listens
PATIENCE = 10


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


@pytest.mark.django_db(transaction=True)
def test_a_crowd_of_rows_is_announced_once_until_a_worker_has_come(with_redis, drains, settings, broker):
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
def test_a_note_that_was_just_made_needs_no_other(drains, settings, broker, monkeypatch):
    """The worker that hears it still waits for a crowd: Redis is not even asked."""
    settings.WORK, settings.REDIS_URL = "celery", DEAD
    app = broker("memory://")
    hallway.drain("crowd", gathers=1)(lambda: 0)
    monkeypatch.setitem(hallway._noted, "crowd", time.monotonic() + PATIENCE)
    hallway.wake("crowd")
    assert hints(app) == []


@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_away_a_task_ends_quietly(drains, settings):
    settings.REDIS_URL = ""

    def away():
        raise OperationalError("the server closed the connection")

    hallway.drain("crowd")(away)
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


@pytest.mark.django_db
def test_a_worker_goes_on_until_nothing_is_due(drains):
    rows = [3, 2, 1, 0, 4]
    hallway.drain("letters")(lambda: rows.pop(0))
    hallway.run("letters")
    assert rows == [4]


@pytest.mark.django_db(transaction=True)
def test_a_worker_lets_other_work_have_its_turn_and_comes_back(drains, settings, broker, monkeypatch):
    settings.WORK = "celery"
    monkeypatch.setattr(hallway, "SHORT_TURN", 0)
    app, rows = broker("memory://"), [3, 2, 1]
    hallway.drain("letters")(lambda: rows.pop(0))
    hallway.run("letters")
    assert (rows, hints(app)) == ([2, 1], ["letters"])


def test_who_asks_whether_the_bell_rang_has_heard_it(drains):
    hallway.drain("letters")(lambda: 0)
    assert not hallway.rang("letters")
    hallway._bells["letters"].set()
    assert hallway.rang("letters")
    assert not hallway.rang("letters")


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


@pytest.mark.django_db(transaction=True)
def test_what_comes_one_by_one_is_left_to_gather(drains, settings):
    settings.REDIS_URL = ""
    rows = iter([2, 5, 0])
    hallway.drain("crowd", gathers=0.05, crowd=5)(lambda: next(rows))
    began = time.monotonic()
    hallway.run("crowd")
    assert time.monotonic() - began >= 0.1


@pytest.mark.django_db(transaction=True)
def test_work_rests_while_somebody_works_on_the_instance(drains, settings, tmp_path):
    settings.MAINTENANCE = tmp_path / "maintenance"
    rows = [3, 0]
    hallway.drain("letters")(lambda: rows.pop(0))
    settings.MAINTENANCE.touch()
    hallway._work_safely("letters", hallway.DRAINS["letters"], hallway._manners["letters"])
    hallway.run("letters")
    assert rows == [3, 0]
    settings.MAINTENANCE.unlink()
    hallway.run("letters")
    assert rows == []
