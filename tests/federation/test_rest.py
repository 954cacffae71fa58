"""A machine that is told to rest tells the others of its house through Redis, a real one."""

import pytest

from federation import hallway, rest
from tests import servers


@pytest.fixture
def elsewhere(with_redis, settings, tmp_path, monkeypatch):
    """Another machine of the house: its data folder has no file that says so."""
    settings.WORK, settings.MAINTENANCE = "celery", tmp_path / "maintenance"
    monkeypatch.setattr(rest, "_heard", rest.Heard())
    return rest


def a_second_later():
    rest._heard.until = 0.0


def test_a_house_of_one_process_asks_nobody(settings, tmp_path, monkeypatch):
    settings.WORK, settings.REDIS_URL, settings.MAINTENANCE = "thread", "", tmp_path / "maintenance"
    monkeypatch.setattr(rest, "_heard", rest.Heard(rests=True))
    rest.tell(now=True)
    assert not hallway.at_rest()


def test_what_one_is_told_all_others_hear(elsewhere):
    assert not hallway.at_rest()
    elsewhere.tell(now=True)
    assert hallway.at_rest()
    elsewhere.tell(now=False)
    assert not hallway.at_rest()


def test_they_ask_once_a_second(elsewhere, settings):
    elsewhere.tell(now=True)
    assert hallway.at_rest()
    settings.REDIS_URL = f"redis://127.0.0.1:{servers.free_port()}/0"
    assert hallway.at_rest()


def test_what_was_heard_last_holds_while_redis_is_away(elsewhere, settings):
    there = settings.REDIS_URL
    elsewhere.tell(now=True)
    assert hallway.at_rest()
    settings.REDIS_URL = f"redis://127.0.0.1:{servers.free_port()}/0"
    a_second_later()
    assert hallway.at_rest()
    elsewhere.tell(now=False)  # nobody hears it, and that is no error
    assert hallway.at_rest()
    settings.REDIS_URL = there
    elsewhere.tell(now=False)
    assert not hallway.at_rest()
