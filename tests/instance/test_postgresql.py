"""A connection to PostgreSQL is looked at before each request, and replaced when the server hung up."""

import time

import psycopg
import pytest
from django.db import close_old_connections, connection

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
