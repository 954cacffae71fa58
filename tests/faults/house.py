"""One instance in the production form, every program of which can be killed: PostgreSQL, Redis, web, worker, beat."""

import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg

from tests.faults import machines
from tests.faults.machines import Machine
from tests.towns import Town

PATIENCE = 90.0


class House(Town):
    """`disk` says whether its Redis has one."""

    def __init__(self, name: str, folder: Path, *, disk: bool) -> None:
        folder.mkdir(parents=True)
        folder.chmod(0o755)
        self.name = name
        self.postgres, self.address = machines.postgres(folder / "postgres")
        self.redis, self.redis_url = machines.redis(folder / "redis", disk=disk)
        super().__init__(
            name, folder, DATABASE_URL=self.address, REDIS_URL=self.redis_url, PREAU_WORK="celery",
            PREAU_LOG_LEVEL="WARNING",
        )  # fmt: skip
        celery = [sys.executable, "-m", "celery", "-A", "instance"]
        work = [*celery, "worker", "--pool=prefork", "--concurrency=2", "--loglevel=WARNING", "-n", f"{name}@localhost"]
        sweep = [*celery, "beat", "--schedule", str(folder / "schedule"), "--pidfile=", "--loglevel=WARNING"]
        self.web = self.program("web", self.command())
        self.worker = self.program("worker", work)
        self.beat = self.program("beat", sweep)
        self.machines = [self.postgres, self.redis, self.web, self.worker, self.beat]

    def command(self) -> list[str]:
        served = [
            "--interface",
            "wsgi",
            "--workers",
            "2",
            "--blocking-threads",
            "4",
            "--no-ws",
            "--respawn-failed-workers",
            "--log-level",
            "warning",
        ]
        address = ["--host", "127.0.0.1", "--port", str(self.port)]
        return [sys.executable, "-m", "granian", *served, *address, "instance.wsgi:application"]

    def program(self, name: str, command: Sequence[str]) -> Machine:
        return Machine(name, command, self.folder / f"{name}.log", self.answers, env=self.env)

    def start_stores(self) -> None:
        for machine in (self.postgres, self.redis):
            machine.start()

    def found(self, organisation: str, siren: str, agents: Sequence[str]) -> None:
        for machine in (self.postgres, self.redis):
            machine.wait_ready()
        machines.open_database(self.address)
        self.setup(organisation, organisation, siren, agents)

    def open(self) -> None:
        for machine in (self.web, self.worker, self.beat):
            machine.start()

    def lose_redis_disk(self) -> None:
        for path in (self.folder / "redis").iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def query(self, sql: str, values: Sequence[Any] = (), patience: float = PATIENCE) -> list[tuple[Any, ...]]:
        """Rows, asked for until the database answers: it may be dead just now."""
        deadline = time.monotonic() + patience
        while True:
            try:
                with psycopg.connect(self.address, autocommit=True, connect_timeout=5) as connection:
                    cursor = connection.execute(sql, values or None)
                    return cursor.fetchall() if cursor.description else []
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
