"""A connection to PostgreSQL is looked at before each request, and replaced when the server hung up."""

import time

import psycopg
import pytest
from django.db import close_old_connections, connection

from actors import knocking
from federation.models import Peer

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PATIENCE = 5.0


def hang_up() -> None:
    """As a server that restarts does."""
    pid = connection.connection.info.backend_pid
    with psycopg.connect(connection.connection.info.dsn) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
    deadline = time.monotonic() + PATIENCE
    while connection.is_usable() and time.monotonic() < deadline:
        time.sleep(0.01)


def test_whoever_asks_next_notices_nothing():
    assert Peer.objects.count() == 0
    assert connection.is_usable()
    hang_up()
    assert not connection.is_usable()
    connection.health_check_done = False  # as at the start of a request
    close_old_connections()
    assert Peer.objects.count() == 0
    assert connection.is_usable()


def test_a_connection_that_was_closed_is_not_usable():
    connection.ensure_connection()
    connection.close()
    assert not connection.is_usable()


def test_a_column_that_another_machine_adds_changes_no_plan(lucie):
    """An upgrade migrates while this process still serves."""
    key = f"{lucie.uri}#main-key"
    for _ in range(12):  # more often than it takes to keep a plan
        assert knocking.signer(key)
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as elsewhere:
        elsewhere.execute("ALTER TABLE actors_actor ADD COLUMN later integer")
        try:
            assert knocking.signer(key)
        finally:
            connection.close()
            elsewhere.execute("ALTER TABLE actors_actor DROP COLUMN later")


def test_each_connection_takes_rows_by_an_index_where_that_is_cheap():
    for _ in range(2):
        with connection.cursor() as cursor:
            cursor.execute("SHOW random_page_cost")
            assert cursor.fetchone() == ("1.1",)
        connection.close()
