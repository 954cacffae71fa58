"""With a real Redis: a hint is given once, and anew when a worker has come."""

import pytest

from federation import hallway, hints
from tests import servers


def test_a_hint_is_news_once_until_it_is_heard(with_redis):
    assert hints.is_news("deliveries")
    assert not hints.is_news("deliveries")
    assert hints.is_news("receipts")
    hints.heard("deliveries")
    assert hints.is_news("deliveries")


def test_a_worker_that_comes_hears_the_hint(db, with_redis, monkeypatch):
    monkeypatch.setitem(hallway.DRAINS, "deliveries", lambda: 0)
    assert hints.is_news("deliveries")
    hallway.run("deliveries")
    assert hints.is_news("deliveries")


def test_a_redis_that_went_away_is_said_to_the_one_who_hints_and_not_to_the_one_who_hears(settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{servers.free_port()}/0"
    with pytest.raises(ConnectionError):
        hints.is_news("deliveries")
    hints.heard("deliveries")
