"""The private servers that the tests stand on, and the walls around the tests."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_socket import SocketConnectBlockedError

from tests import servers, warm


def test_a_test_cannot_reach_another_machine():
    with socket.socket() as probe, pytest.warns(match="connect"), pytest.raises(SocketConnectBlockedError):
        probe.connect(("192.0.2.1", 443))


@pytest.mark.django_db
def test_models_have_their_migrations():
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


@pytest.mark.slow
def test_migrations_build_a_database_from_nothing(tmp_path: Path):
    variables = {"PREAU_DEVELOPMENT": "1", "PREAU_DATA": str(tmp_path), "PREAU_WORK": "manual"}
    if not settings.SQLITE:
        # Beside the database of the other tests, in the same cluster.
        address = os.environ["DATABASE_URL"]
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS migrated")
            connection.execute("CREATE DATABASE migrated")
        variables["DATABASE_URL"] = address.rpartition("/")[0] + "/migrated"
    for arguments in (["migrate", "--verbosity=0"], ["migrate", "--check"]):
        command = [*warm.python(), "manage.py", *arguments]
        done = subprocess.run(command, cwd=servers.ROOT, env=servers.environment(**variables), capture_output=True)
        assert done.returncode == 0, done.stderr.decode()


@pytest.mark.postgres
def test_the_cluster_knows_the_extensions_that_search_needs():
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        (plain,) = connection.execute("SELECT unaccent('Hôtel de ville, école, cœur')").fetchone() or ("",)
    assert plain == "Hotel de ville, ecole, coeur"


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.parametrize("pool", ["solo", "threads"])
def test_a_worker_of_an_instance_answers_through_redis(pool: str):
    redis_url = os.environ["REDIS_URL"]
    variables = {"PREAU_DEVELOPMENT": "1", "DATABASE_URL": os.environ["DATABASE_URL"]}
    with servers.worker(redis_url, variables, pool=pool) as process:
        assert process.poll() is None
    assert process.returncode is not None


@pytest.mark.slow
def test_servers_end_with_the_tests_even_when_these_are_killed():
    show = ["sh", "-c", "echo $DATABASE_URL $REDIS_URL; exec sleep 60"]
    command = [sys.executable, "-m", "tests.servers", "--", *show]
    with servers.scratch() as left_behind:
        left_behind.chmod(0o711)  # PostgreSQL may run as another user
        env = {**os.environ, "TMPDIR": str(left_behind)}
        with subprocess.Popen(
            command, cwd=servers.ROOT, env=env, stdout=subprocess.PIPE, start_new_session=True
        ) as parent:
            assert parent.stdout
            database_url, redis_url = parent.stdout.readline().decode().split()
            assert servers.answers(database_url)
            os.killpg(parent.pid, signal.SIGKILL)
        assert ends(lambda: servers.answers(database_url))
        assert ends(lambda: servers.pings(int(redis_url.split(":")[-1].split("/")[0])))


def ends(lives: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 15
    while lives() and time.monotonic() < deadline:
        time.sleep(0.1)
    return not lives()
