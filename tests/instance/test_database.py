"""SQLite is given figures about its tables, without which its plans read everything."""

import pytest
from django.conf import settings
from django.db import connection

from instance import database

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not settings.SQLITE, reason="PostgreSQL takes its statistics by itself"),
]


def test_statistics_are_taken_once_in_a_while(julien, monkeypatch):
    monkeypatch.setitem(database._last, "taken", -database.EVERY)
    with connection.cursor() as cursor:
        assert database.take_statistics() == 0
        cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'actors_actor'")
        assert cursor.fetchone()[0] > 0
        cursor.execute("DELETE FROM sqlite_stat1")
        database.take_statistics()
        cursor.execute("SELECT count(*) FROM sqlite_stat1")
        assert cursor.fetchone() == (0,)
