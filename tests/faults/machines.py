"""Programs that are killed with SIGKILL in the middle of anything, and started again on the same data as by systemd."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psycopg

from tests import servers

RESTART = 1.0  # seconds: what `RestartSec` says


def children(pid: int) -> list[int]:
    """Of all threads of a process, the nearest first; PostgreSQL's have sessions of their own: no group holds them."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [child, *children(child)]
    return found


def end_group(pid: int) -> None:
    """What is left of a program whose first process has ended, as systemd does before it starts a unit again."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def end(pids: Sequence[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


class Machine:
    """One program with all its processes. `ready` says whether it serves."""

    def __init__(
        self, name: str, command: Sequence[str], log: Path, ready: Callable[[], bool], *,
        env: Mapping[str, str] | None = None, user: str | None = None,
    ) -> None:  # fmt: skip
        self.name, self.command, self.log, self.ready = name, command, log, ready
        self.env, self.user = env, user
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.ended = 0.0

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*servers.become(self.user), "--pdeathsig", "KILL", *self.command],
                cwd=servers.ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip
        self.ended = 0.0

    def wait_ready(self) -> None:
        assert self.process
        servers.wait_until(self.ready, self.process, self.log)

    def kill(self, then: Callable[[], None] = lambda: None) -> None:
        """All of it, at once; `then` is done before anything starts again."""
        with self.lock:
            if self.process is not None:
                pid = self.process.pid
                end([pid, *children(pid)])
                self.process.wait()
                end_group(pid)
            then()

    def kill_children(self) -> int:
        """Those who do the work, not the one who watches over them; how many there were."""
        with self.lock:
            found = children(self.process.pid) if self.process else []
            end(found)
            return len(found)

    def revive(self) -> bool:
        """Start again if it ended a while ago. True when that was done."""
        with self.lock:
            if self.process is None or self.process.poll() is None:
                return False
            self.ended = self.ended or time.monotonic()
            if time.monotonic() - self.ended < RESTART:
                return False
            end_group(self.process.pid)
            self.start()
            return True


class Supervisor:
    """Starts again whatever ended, however it ended."""

    def __init__(self, machines: Sequence[Machine]) -> None:
        self.machines = machines
        self.revived: Counter[str] = Counter()
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def start(self) -> None:
        self.thread.start()

    def watch(self) -> None:
        while not self.stopping.wait(0.1):
            for machine in self.machines:
                if machine.revive():
                    self.revived[machine.name] += 1

    def stop(self) -> None:
        self.stopping.set()
        if self.thread.is_alive():
            self.thread.join()
        for machine in reversed(self.machines):
            machine.kill()


def postgres(home: Path) -> tuple[Machine, str]:
    """A cluster that keeps what it promised: fsync, full pages and synchronous commits are as PostgreSQL sets them."""
    owner, port, data = servers.unprivileged(), servers.free_port(), home / "data"
    home.mkdir()
    if owner:
        shutil.chown(home, owner)
    initdb = [*servers.become(owner), servers.program("initdb"), "-D", str(data), "-U", "preau", "-A", "trust"]
    subprocess.run([*initdb, "-E", "UTF8", "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL, cwd=home)
    options = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": home, "shared_buffers": "64MB"}
    command = [servers.program("postgres"), "-D", str(data)]
    command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    address = f"postgres://preau@127.0.0.1:{port}"
    ready = lambda: servers.answers(f"{address}/template1")  # noqa: E731
    return Machine("postgres", command, home.parent / "postgres.log", ready, user=owner), f"{address}/preau"


def open_database(address: str) -> None:
    server = address.rpartition("/")[0]
    with psycopg.connect(f"{server}/template1", autocommit=True) as connection:
        for extension in servers.EXTENSIONS:
            connection.execute(f"CREATE EXTENSION {extension}")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE preau")


def redis(home: Path, *, disk: bool) -> tuple[Machine, str]:
    """With a disk it appends every command to a file each second, as deploy/ asks; without, it forgets all."""
    home.mkdir()
    port = servers.free_port()
    options = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(home), "--save", ""]
    options += ["--appendonly", "yes", "--appendfsync", "everysec"] if disk else ["--appendonly", "no"]
    ready = lambda: servers.pings(port)  # noqa: E731
    machine = Machine("redis", ["redis-server", *options], home.parent / "redis.log", ready)
    return machine, f"redis://127.0.0.1:{port}/0"
