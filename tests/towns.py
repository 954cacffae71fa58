"""Towns: real instances of Préau in processes of their own, set up and asked as their admins do it.

    with Town("saint-aubin", folder) as town:      # python manage.py serve, on a free port
        town.manage("setup", "--name", "Ville de Saint-Aubin", ...)     # a process: half a second
        town.ask("Post.objects.count()")                                # in a shell that stays open: milliseconds
        town.kill()                                                     # -9
        town.start()                                                    # the same data, the same port

A process costs more than `sh` and `ask`, though it is forked from one that has read the libraries (tests/warm.py):
`manage` is for commands that are under test. Logs stay in the town's folder, which pytest keeps for the last runs.
"""

import json
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import pytest

from tests import migrated, servers, warm
from tests.neighbour import Neighbour

__all__ = ["CommandFailed", "Neighbourhood", "Town", "two_towns"]

TROUBLE = (OSError, HTTPException)
PATIENCE = 20.0


class CommandFailed(Exception):
    """A command ended badly; the message holds what it wrote."""


class Town:
    """One instance: `variables` are its environment, on top of what every instance under test needs.

    It is reached as `http://<name>.localhost:<port>` (browsers and our own door read that as this machine), which
    keeps the cookies of two towns apart.
    """

    forked = False  # what serves it: so it is where it is tested (tests/conftest.py), not where it is measured

    def __init__(self, name: str, folder: Path, *, port: int = 0, **variables: str) -> None:
        self.port = port or servers.free_port()
        self.host = f"{name}.localhost:{self.port}"
        self.url = f"http://{self.host}"
        self.folder = folder
        self.log = folder / "log"
        own = {"PREAU_DEVELOPMENT": "1", "PREAU_HOST": self.host, "PREAU_DATA": str(folder / "data")}
        self.variables = {**own, **variables}
        self.env = servers.environment(**self.variables, PYTHONUNBUFFERED="1")
        self.process: subprocess.Popen[bytes] | warm.Forked | None = None
        self._shell: subprocess.Popen[str] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        print(f"{self.url}, whose log is {self.log}")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # --- The process ---

    def command(self) -> list[str]:
        """How the instance is served; another way to run it is another `command`."""
        return [sys.executable, "manage.py", "serve", "--address", "127.0.0.1", "--port", str(self.port)]

    def launch(self) -> None:
        """Start without waiting: towns that start side by side are ready sooner."""
        with self.log.open("ab") as output:
            if self.forked and self.command()[:2] == [sys.executable, "manage.py"]:
                self.process = warm.Forked(self.command()[1:], self.env, output)
                return
            self.process = subprocess.Popen(
                [*servers.become(None), "--pdeathsig", "TERM", *self.command()],
                cwd=servers.ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip

    def wait_ready(self) -> None:
        assert self.process
        servers.wait_until(self.answers, self.process, self.log)

    def start(self) -> None:
        self.launch()
        self.wait_ready()

    def kill(self) -> None:
        """As the kernel does when memory runs out: at once, in the middle of anything."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """As an admin does, and the shell with it."""
        for process in (self._shell, self.process):
            if process is not None and process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=15)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self._shell = self.process = None

    def rename(self, name: str) -> None:
        """Stopped, its settings as `preau move-domain` writes them: the rows are `manage("domain", "take")`'s."""
        self.stop()
        former = [self.host, *self.variables.get("PREAU_FORMER_HOSTS", "").split()]
        self.host = f"{name}.localhost:{self.port}"
        self.url = f"http://{self.host}"
        self.variables |= {"PREAU_HOST": self.host, "PREAU_FORMER_HOSTS": " ".join(former)}
        self.env = servers.environment(**self.variables, PYTHONUNBUFFERED="1")

    def answers(self) -> bool:
        try:
            return self.call("GET", "/.well-known/nodeinfo")[0] == 200
        except TROUBLE:
            return False

    # --- What it is asked ---

    def call(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Status and body of one HTTP request; OSError or HTTPException when nobody answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, {"host": self.host, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def receive(self, house: Neighbour, activity: dict[str, Any]) -> int:
        """The status of a letter that an actor of this house really signed and posted to our shared inbox."""
        body = json.dumps(activity).encode()
        headers = house.sign("POST", "/ap/inbox", body, activity["actor"], self.host)
        return self.call("POST", "/ap/inbox", body, headers)[0]

    def python(self) -> list[str]:
        """Forked where that makes no difference: which authorities are trusted is read while aiohttp is imported."""
        return [sys.executable] if "SSL_CERT_FILE" in self.variables else warm.python()

    def manage(self, *arguments: str) -> str:
        """What a command of `manage.py` wrote, in a process of its own."""
        command = [*self.python(), "manage.py", *arguments]
        done = subprocess.run(command, cwd=servers.ROOT, env=self.env, capture_output=True, text=True)
        if done.returncode:
            raise CommandFailed(f"{arguments}: status {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout.strip()

    def sh(self, code: str) -> str:
        """What some lines of Python print, in the instance's own environment; every model is at hand."""
        return str(self._put({"code": textwrap.dedent(code)}))

    def ask(self, expression: str) -> Any:
        """The value of an expression there, as JSON gives it back."""
        return self._put({"value": expression})

    def _put(self, question: dict[str, str]) -> Any:
        if self._shell is None or self._shell.poll() is not None:
            env = {**self.env, "DJANGO_SETTINGS_MODULE": "instance.settings"}
            with (self.folder / "shell").open("ab") as output:
                self._shell = subprocess.Popen(
                    [*self.python(), "-m", "tests.console"], cwd=servers.ROOT, env=env, text=True,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output,
                )  # fmt: skip
        assert self._shell.stdin and self._shell.stdout
        self._shell.stdin.write(json.dumps(question) + "\n")
        self._shell.stdin.flush()
        line = self._shell.stdout.readline()
        if not line:
            raise CommandFailed(f"the shell ended:\n{(self.folder / 'shell').read_text()[-2000:]}")
        answer = json.loads(line)
        if "mistake" in answer:
            raise CommandFailed(answer["mistake"])
        return answer["value"]

    def setup(self, name: str, short_name: str, siren: str, agents: Sequence[str] = ()) -> None:
        """Found the house and invite its agents, by the commands, in one go."""
        if "DATABASE_URL" not in self.variables:
            migrated.place(self.folder / "data" / "preau.sqlite3")
        setup = ["setup", "--name", name, "--short-name", short_name, "--siren", siren]
        commands = [setup, *(["agents", "invite", agent] for agent in agents)]
        self.sh(f"from django.core.management import call_command\nfor each in {commands!r}: call_command(*each)")

    def sign_in_link(self, name: str) -> str:
        """A link that signs the agent of this name in, once."""
        return str(
            self.ask(f"__import__('actors.arrivals').arrivals.sign_in_link(Agent.objects.get(actor__name={name!r}))")
        )

    def wait_until(self, holds: str | Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait for an expression of `ask`, or a function, to hold; with the end of the log when it does not."""
        deadline = time.monotonic() + seconds
        while not (self.ask(holds) if isinstance(holds, str) else holds()):
            if time.monotonic() > deadline:
                end = self.log.read_text(errors="replace")[-3000:]
                pytest.fail(f"not within {seconds} s at {self.url}: {holds}\n{end}")
            time.sleep(0.05)


class Neighbourhood(NamedTuple):
    """Two towns that are partners; Julien Mercier works at Saint-Aubin, Lucie Ferrand at Vernay."""

    aubin: Town
    vernay: Town


@pytest.fixture(scope="module")
def two_towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbourhood]:
    """Saint-Aubin and Vernay, running, each on the other's list, each having learned who the other is."""
    folder = tmp_path_factory.mktemp("towns")
    towns = Neighbourhood(Town("saint-aubin", folder / "saint-aubin"), Town("vernay", folder / "vernay"))
    try:
        befriend(*towns)
        yield towns
    finally:
        for town in towns:
            town.stop()


def befriend(aubin: Town, vernay: Town) -> None:
    """Found both side by side, start them, and let each add the other."""
    with ThreadPoolExecutor() as both:
        julien = both.submit(aubin.setup, "Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier"])
        lucie = both.submit(vernay.setup, "Ville de Vernay", "Vernay", "210202020", ["Lucie Ferrand"])
        julien.result(), lucie.result()
    for town in (aubin, vernay):
        town.launch()
    for town in (aubin, vernay):
        town.wait_ready()
    aubin.sh(f"call_command('peers', 'add', {vernay.host!r})")  # who does not know us yet, and tells us little
    vernay.sh(f"call_command('peers', 'add', {aubin.host!r})")
    aubin.sh(f"call_command('peers', 'refresh', {vernay.host!r})")
    vernay.sh(f"call_command('peers', 'refresh', {aubin.host!r})")
