"""Private servers for the tests: a PostgreSQL cluster, a Redis and Celery workers, which end with whoever started them.

`python -m tests.servers -- pytest ...` runs a command with DATABASE_URL and REDIS_URL pointing to them.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import redis
from celery import Celery

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0
EXTENSIONS = ("unaccent", "pg_trgm")
OURS = ("PREAU_", "DATABASE_", "REDIS_URL", "DJANGO_SETTINGS_MODULE")


class NotStarted(RuntimeError):
    """A server ended, or stayed silent, before it was ready; the message holds the end of its log."""


def free_port() -> int:
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Asked for one after the other, two might be the same."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def environment(**variables: str) -> dict[str, str]:
    """This process's environment without what concerns an instance, and with the given variables instead."""
    direct, pooled = os.environ.get("TESTS_PAST_THE_POOLER"), variables.get("DATABASE_URL")
    if direct and pooled and "DATABASE_DIRECT_URL" not in variables:  # see tests/poolers.py
        variables["DATABASE_DIRECT_URL"] = f"{direct}/{pooled.rpartition('/')[2]}"
    return {**{name: value for name, value in os.environ.items() if not name.startswith(OURS)}, **variables}


@contextmanager
def running(
    command: Sequence[str],
    log: Path,
    ready: Callable[[], bool],
    *,
    env: Mapping[str, str] | None = None,
    user: str | None = None,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ready to serve; it is stopped at the end, and by the kernel should its parent be killed."""
    ends_with_parent = ["--pdeathsig", stop.name.removeprefix("SIG")]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*become(user), *ends_with_parent, *command],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the tests; servers are stopped after them
        )
    try:
        wait_until(ready, process, log)
        yield process
    finally:
        process.send_signal(stop)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def become(user: str | None) -> list[str]:
    return ["setpriv", f"--reuid={user}", "--clear-groups"] if user else ["setpriv"]


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            end = log.read_text(errors="replace")[-2000:]
            raise NotStarted(f"{process.args!r} did not start (status {process.poll()}):\n{end}")
        time.sleep(0.05)


@contextmanager
def scratch(owner: str | None = None) -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="preau-"))
    try:
        if owner:
            shutil.chown(path, owner)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[str]:
    """The address of an empty database in a new cluster, where speed matters and nothing has to last, or as usual."""
    owner = unprivileged()
    with scratch(owner) as home:
        port, data, log = free_port(), home / "data", home / "log"
        initdb = [*become(owner), program("initdb"), "-D", str(data), "-U", "preau", "-A", "trust", "-E", "UTF8"]
        subprocess.run([*initdb, "--locale=C.UTF-8", "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd=home)
        settings = {
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": home,
            **({} if durable else dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        address = f"postgres://preau@127.0.0.1:{port}"
        command = [program("postgres"), "-D", str(data), *options]
        # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
        with running(command, log, lambda: answers(f"{address}/template1"), user=owner, stop=signal.SIGINT):
            with psycopg.connect(f"{address}/template1", autocommit=True) as connection:
                for extension in EXTENSIONS:
                    connection.execute(f"CREATE EXTENSION {extension}")
            with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE preau")
            yield f"{address}/preau"


def unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: the user to become, or None to stay oneself."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def program(name: str) -> str:
    """A program of PostgreSQL, which Debian keeps out of the path: the newest version there is."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if not found:
        raise NotStarted(f"PostgreSQL's {name} is missing; as root: apt-get install -y postgresql")
    return found


def answers(address: str) -> bool:
    try:
        psycopg.connect(address, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def redis_server(port: int = 0) -> Iterator[str]:
    """The address of an empty Redis that keeps nothing on disk."""
    with scratch() as home:
        port = port or free_port()
        options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(home)]
        with running(["redis-server", *options], home / "log", lambda: pings(port)):
            yield f"redis://127.0.0.1:{port}/0"


def pings(port: int) -> bool:
    with redis.Redis(host="127.0.0.1", port=port) as client:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False


@contextmanager
def worker(
    redis_url: str, variables: Mapping[str, str], *, pool: str = "threads", concurrency: int = 2, beat: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """A real Celery worker of an instance, whose environment is the given variables, ready to take tasks."""
    name = f"test-{secrets.token_hex(4)}@localhost"
    command = [sys.executable, "-m", "celery", "-A", "instance", "worker", "-n", name, "--loglevel=INFO"]
    command += [f"--pool={pool}", f"--concurrency={concurrency}", "--without-gossip", "--without-mingle"]
    client = Celery(broker=redis_url, set_as_current=False)
    with scratch() as home:
        if beat:
            command += ["--beat", "--schedule", str(home / "schedule")]
        env = environment(**{"REDIS_URL": redis_url, "PREAU_WORK": "celery", **variables})
        with running(command, home / "log", lambda: takes_tasks(client, name), env=env) as process:
            yield process
    client.close()


def takes_tasks(client: Celery, name: str) -> bool:
    with client.connection_for_write() as connection:  # its own: Redis may have been stopped since the last one
        return bool(client.control.ping(destination=[name], timeout=0.5, connection=connection))


def main(arguments: list[str]) -> int:
    """Run a command beside a PostgreSQL and a Redis; its status is ours."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with postgres() as database_url, redis_server() as redis_url:
        env = {**os.environ, "DATABASE_URL": database_url, "REDIS_URL": redis_url}
        with subprocess.Popen(command, env=env) as process:
            try:
                return process.wait()
            except BaseException:
                process.terminate()
                raise


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
