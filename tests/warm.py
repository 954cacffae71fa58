"""Commands of an instance, each in a process of its own that is forked from one where the libraries are read already.

Python needs more than a second of a core to import them, which is more than most commands need for themselves. What is
imported before knows no settings: a command begins with its own environment, folder, arguments and files, as ever. But
aiohttp reads which authorities are trusted while it is imported: SSL_CERT_FILE comes too late.

    subprocess.run([*warm.python(), "manage.py", "backup"], env=..., cwd=ROOT)     # or "-m", "tests.console"

What is started in its stead (tests/standing_in.py) asks for the command, and mirrors what becomes of it.
"""

import atexit
import ctypes
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import BinaryIO

from tests.standing_in import ask

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = (
    "a2wsgi", "activitypub.core.contexts", "aiohttp", "blurhash", "celery", "celery.app.base",
    "celery.fixups.django", "cryptography.fernet", "cryptography.hazmat.primitives.kdf.scrypt", "cryptography.x509",
    "django.contrib.staticfiles.storage", "django.core.handlers.wsgi", "django.core.mail", "django.core.management",
    "django.db.migrations.executor", "django.db.models", "django.forms", "django.shortcuts",
    "django.template.loader", "django.test.client", "django.utils.formats", "django.views.defaults",
    "django_htmx.middleware", "environ", "http_message_signatures", "http_sf", "jwcrypto.jwk", "kombu",
    "markdown_it", "nh3", "oauthlib.oauth2", "obstore", "orjson", "packaging.licenses", "PIL.Image", "psycopg",
    "py_vapid", "pyld", "redis", "requests", "sqlite3", "structlog", "ulid", "whitenoise.middleware", "yarl",
)  # fmt: skip
WHOLE = 1 << 20  # bytes of a message: a command and its environment
PR_SET_PDEATHSIG = 1


def python() -> list[str]:
    """Instead of `sys.executable`, at the head of a command."""
    return [sys.executable, "-IS", str(ROOT / "tests" / "standing_in.py"), forking()]


@cache
def forking() -> str:
    """Where a process listens that forks for this one, and ends with it: its standard input is closed then.

    TESTS_FORKING says that one is there already.
    """
    if there := os.environ.get("TESTS_FORKING"):
        return there
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind("")  # the kernel finds a name
        listening.listen(64)
        name: bytes = listening.getsockname()
        command = [sys.executable, "-m", "tests.warm", str(listening.fileno())]
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PYTHONUNBUFFERED": "1"}, stdin=subprocess.PIPE,
            pass_fds=[listening.fileno()], start_new_session=True,
        )  # fmt: skip
    atexit.register(process.communicate)  # which closes it
    return name.hex()


class Forked:
    """A command that was forked for us, and that we do not wait for: of `Popen`, what the tests ask."""

    def __init__(self, arguments: list[str], env: Mapping[str, str], output: BinaryIO) -> None:
        self.args = arguments
        self.returncode: int | None = None
        with Path(os.devnull).open("rb") as nothing:
            files = [nothing.fileno(), output.fileno(), output.fileno()]
            self._asking, self.pid = ask(forking(), arguments, env, str(ROOT), files)

    def poll(self) -> int | None:
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        status = self._ended(timeout)
        if status is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return status

    def _ended(self, seconds: float | None) -> int | None:
        if self.returncode is None and select.select([self._asking], [], [], seconds)[0]:
            with self._asking:
                self.returncode = int(self._asking.recv(16))
        return self.returncode

    def send_signal(self, which: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, which)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def fork_for_all(listening: socket.socket) -> list[str]:
    """Returns in each forked process, with the arguments of its command."""
    for library in LIBRARIES:
        importlib.import_module(library)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while sys.stdin.fileno() not in select.select([listening.fileno(), sys.stdin.fileno()], [], [])[0]:
        asking, _ = listening.accept()
        if not os.fork():
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            ends_with_parent(signal.SIGTERM)
            listening.close()
            return fork_and_mind(asking)
        asking.close()
    os._exit(0)


def fork_and_mind(asking: socket.socket) -> list[str]:
    """The command, in one process; in another, what is asked of it and how it ended."""
    message, files, _, _ = socket.recv_fds(asking, WHOLE, 3)
    command = os.fork()
    if not command:
        ends_with_parent(signal.SIGTERM)
        asking.close()
        return become(json.loads(message), files)
    for each in (*files, 0, 1, 2):
        os.close(each)
    asking.send(str(command).encode())
    ended = os.pidfd_open(command)
    if ended not in select.select([ended, asking.fileno()], [], [])[0]:
        os.kill(command, signal.SIGKILL)  # who asked is gone
    _, status = os.waitpid(command, 0)
    try:
        asking.send(str(os.waitstatus_to_exitcode(status)).encode())
    finally:
        os._exit(0)


def become(said: dict, files: list[int]) -> list[str]:
    for place, each in enumerate(files):
        os.dup2(each, place)
        os.close(each)
    os.chdir(said["folder"])
    os.environ.clear()
    os.environ.update(said["environment"])
    time.tzset()
    arguments: list[str] = said["arguments"]
    return arguments


def ends_with_parent(how: signal.Signals) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, how)


def run(arguments: list[str]) -> None:
    if arguments[0] == "-m":
        sys.argv = arguments[1:]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = arguments
        runpy.run_path(arguments[0], run_name="__main__")


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as socket_of_all:
        chosen = fork_for_all(socket_of_all)
    run(chosen)
