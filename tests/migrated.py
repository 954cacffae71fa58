"""A database that has just been migrated, made once for all the houses of the tests: each would take seconds."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests import servers, warm

KEPT = servers.ROOT / ".test"


def place(database: Path) -> None:
    """Put a copy there, unless a database is there already."""
    if database.exists():
        return
    migrated = KEPT / f"migrated-{fingerprint()}.sqlite3"
    with one_at_a_time():
        if not migrated.exists():
            make(migrated)
    database.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(migrated, database)


def in_cluster(name: str) -> str:
    """The address of such a database in the cluster of the tests; one of this name that was there is gone."""
    address = os.environ["DATABASE_URL"]
    with one_at_a_time(), psycopg.connect(address, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'just_migrated'").fetchone():
            migrate(DATABASE_URL=empty_in_cluster("being_migrated"))
            connection.execute("ALTER DATABASE being_migrated RENAME TO just_migrated")
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE just_migrated")
    return f"{address.rpartition('/')[0]}/{name}"


def empty_in_cluster(name: str) -> str:
    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    return f"{address.rpartition('/')[0]}/{name}"


@contextmanager
def one_at_a_time() -> Iterator[None]:
    KEPT.mkdir(exist_ok=True)
    with (KEPT / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def fingerprint() -> str:
    """Changes whenever a migration, or a library that may bring one, does."""
    found = hashlib.sha256((servers.ROOT / "requirements.lock").read_bytes())
    for each in sorted(servers.ROOT.glob("*/migrations/*.py")):
        found.update(each.name.encode() + each.read_bytes())
    return found.hexdigest()[:16]


def make(migrated: Path) -> None:
    for older in KEPT.glob("migrated-*"):
        older.unlink()
    with servers.scratch() as data:
        migrate(PREAU_DATA=str(data))
        shutil.copyfile(data / "preau.sqlite3", migrated)


def migrate(**variables: str) -> None:
    env = servers.environment(PREAU_DEVELOPMENT="1", **variables)
    subprocess.run([*warm.python(), "manage.py", "migrate", "-v0"], cwd=servers.ROOT, env=env, check=True)
