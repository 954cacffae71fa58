"""What happens is told after the commit, by ids alone, to whoever listens; and by PostgreSQL when there is one."""

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError, connection, transaction

from federation import happenings

heard_by_others = pytest.mark.postgres

pytestmark = pytest.mark.sqlite


@pytest.fixture
def heard(settings):
    """What an ear of this process hears."""
    settings.SQLITE = True
    found = []
    end = happenings.listen(lambda kind, ids: found.append((kind, ids)))
    yield found
    end()


def test_what_is_rolled_back_did_not_happen(transactional_db, heard):
    with transaction.atomic():
        happenings.happened("written", [1])
        transaction.set_rollback(True)
    assert heard == []


def test_what_happened_is_told_after_the_commit(transactional_db, heard):
    with transaction.atomic():
        happenings.happened("written", (each for each in (1, 2)))
        happenings.happened("edited", [])
        assert heard == []
    assert heard == [("written", [1, 2])]


def test_many_are_told_some_at_a_time(transactional_db, heard):
    happenings.happened("written", range(700))
    assert [len(ids) for _, ids in heard] == [300, 300, 100]
    assert max(len(happenings.written("withdrawn", [2**62] * 300)) for _ in heard) < 8000


def test_whoever_stopped_listening_hears_nothing(transactional_db, settings):
    settings.SQLITE = True
    found = []
    happenings.listen(lambda kind, ids: found.append(kind))()
    happenings.happened("written", [1])
    assert found == []


def test_what_postgresql_carries_is_read_as_it_was_written():
    assert happenings.read(happenings.written("written", [1, 2])) == ("written", [1, 2])


def test_a_hint_that_cannot_be_given_stops_nobody(transactional_db, settings, monkeypatch):
    def away():
        raise DatabaseError("gone")

    settings.SQLITE = False
    monkeypatch.setattr(happenings, "connection", type("Away", (), {"cursor": staticmethod(away)}))
    happenings.happened("written", [1])


@heard_by_others
def test_postgresql_carries_hints_to_other_processes(transactional_db):
    name = connection.settings_dict["NAME"]
    known = {key: connection.settings_dict[key] for key in ("HOST", "PORT", "USER", "PASSWORD")}
    with psycopg.connect(
        dbname=name, host=known["HOST"], port=known["PORT"], user=known["USER"], password=known["PASSWORD"] or None,
        autocommit=True,
    ) as other:  # fmt: skip
        other.execute(f"LISTEN {happenings.CHANNEL}")
        with transaction.atomic():
            happenings.happened("written", [7])
        happenings.happened("edited", [8])
        told = [happenings.read(each.payload) for each in other.notifies(timeout=2, stop_after=2)]
    assert django_settings.SQLITE is False
    assert told == [("written", [7]), ("edited", [8])]


def test_a_hint_leaves_by_the_database_where_there_are_several_processes(transactional_db, settings, monkeypatch):
    said = []

    class There:
        def __enter__(self):
            return self

        def __exit__(self, *_ended):
            return None

        def execute(self, statement, values):
            said.append(values)

    settings.SQLITE = False
    monkeypatch.setattr(happenings, "connection", type("Several", (), {"cursor": staticmethod(There)}))
    happenings.happened("written", [1, 2])
    assert [(channel, happenings.read(words)) for channel, words in said] == [(happenings.CHANNEL, ("written", [1, 2]))]
