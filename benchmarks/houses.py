"""The instance that is measured, in both forms, and the pids of all the processes that it is made of."""

import argparse
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path

import psycopg
import redis
from celery import Celery

from benchmarks.ceiling import postmaster
from tests import poolers, servers
from tests.towns import Town

NAME = "saint-aubin"
Roots = dict[str, int]  # the processes that a house is made of, by what they do: their children count with them
AGENTS = 20


class Embedded(Town):
    """`preau serve` with SQLite: one process."""

    form = "embedded"
    onlookers: tuple[int, ...] = ()

    def __init__(self, folder: Path, **variables: str) -> None:
        super().__init__(NAME, folder, **variables)
        self.database = f"sqlite:///{folder}/data/preau.sqlite3"

    @contextmanager
    def serving(self, *, work: bool) -> Iterator[Roots]:
        """While it runs, with or without its background work: its processes."""
        self.env["PREAU_WORK"] = "thread" if work else "manual"
        with self:
            assert self.process
            yield {"serve": self.process.pid}

    def hints(self) -> int:
        """Wake-ups that wait for a worker."""
        return 0


class Production(Town):
    """Two web processes, two Celery workers and beat, PostgreSQL and Redis, started as deploy/systemd does."""

    form = "production"

    def __init__(self, folder: Path, database: str, redis_url: str, **variables: str) -> None:
        super().__init__(NAME, folder, **{"DATABASE_URL": database, "REDIS_URL": redis_url, **variables})
        self.database, self.redis_url = database, redis_url
        self.beside: Roots = {}  # what else it stands on
        # One connection for all that we look at: opening one costs PostgreSQL more than most of what it is asked.
        self.looks = psycopg.connect(database, autocommit=True)
        self.onlookers = (self.looks.info.backend_pid,)

    def command(self) -> list[str]:
        served = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--no-ws"]
        address = ["--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning"]
        return [sys.executable, "-m", "granian", *served, *address, "instance.wsgi:application"]

    @contextmanager
    def serving(self, *, work: bool) -> Iterator[Roots]:
        with ExitStack() as running:
            with redis.Redis.from_url(self.redis_url) as broker:
                broker.flushall()
                pids = {"PostgreSQL": postmaster(self.looks), "Redis": int(broker.info("server")["process_id"])}
            pids |= self.beside | (running.enter_context(self.working()) if work else {})
            running.enter_context(self)
            assert self.process
            yield {"web": self.process.pid} | pids

    @contextmanager
    def working(self) -> Iterator[Roots]:
        celery = [sys.executable, "-m", "celery", "--app", "instance"]
        name = "benchmark@localhost"
        worker = [*celery, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle", "-n", name]
        beat = [*celery, "beat", "--schedule", str(self.folder / "schedule")]
        client = Celery(broker=self.redis_url, set_as_current=False)
        quiet = ["--loglevel", "WARNING"]
        start = partial(servers.running, env=self.env)
        with ExitStack() as stack:
            stack.callback(client.close)
            hands = stack.enter_context(
                start([*worker, *quiet], self.folder / "worker", lambda: servers.takes_tasks(client, name))
            )
            clock = stack.enter_context(start([*beat, *quiet], self.folder / "beat", lambda: True))
            yield {"worker": hands.pid, "beat": clock.pid}

    def hints(self) -> int:
        with redis.Redis.from_url(self.redis_url) as broker:
            return int(broker.llen("celery")) + int(broker.hlen("unacked"))


House = Embedded | Production


def count(house: House, what: str) -> int:
    question = f"SELECT count(*) FROM {what}"
    if isinstance(house, Production):
        return int(house.looks.execute(question).fetchone()[0])  # type: ignore[index]
    with closing(sqlite3.connect(house.database.removeprefix("sqlite:///"), timeout=20)) as connection:
        return int(connection.execute(question).fetchone()[0])


def parser(about: str | None) -> argparse.ArgumentParser:
    """Options of a benchmark that measures `forms` of an instance: both unless told."""
    options = argparse.ArgumentParser(description=about)
    for form in ("embedded", "production"):
        options.add_argument(f"--{form}", dest="forms", action="append_const", const=form)
    return options


@contextmanager
def founded(form: str, *, pooled: bool = False, **variables: str) -> Iterator[House]:
    """A new instance with twenty agents, and what it stands on; `pooled`: through PgBouncer."""
    with ExitStack() as stack:
        folder = stack.enter_context(servers.scratch())
        if form == "production":
            database = stack.enter_context(servers.postgres(durable=True))
            redis_url = stack.enter_context(servers.redis_server())
            pooler = stack.enter_context(poolers.pgbouncer(database)) if pooled else None
            if pooler:
                variables |= {"DATABASE_URL": pooler.address, "DATABASE_DIRECT_URL": database}
            house: House = Production(folder, database, redis_url, **variables)
            house.beside = {"PgBouncer": pooler.pid} if pooler else {}
            stack.enter_context(house.looks)
        else:
            house = Embedded(folder, **variables)
        stack.callback(house.stop)
        house.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", [f"Agent {n}" for n in range(AGENTS)])
        yield house
