"""Saint-Aubin as it is run, in both forms, with four agents whose applications stay on the line."""

import json
import secrets
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import cache
from http.client import HTTPConnection
from subprocess import Popen
from typing import Any
from urllib.parse import urlencode

import pytest

from tests import migrated, servers
from tests.towns import Town

AGENTS = ["Julien Mercier", "Hélène Vasseur", "Inès Caron", "Oscar Petit"]
FOUND = """
from actors.models import Actor
from actors import following, directory
from instance import applications, registering
from outbox import publishing, posts, reactions
from outbox.audience import Reach
from outbox.publishing import Draft
from federation import hallway

def who(first):
    return Actor.objects.select_related("service").get(local=True, kind="Person", name__startswith=first)

def give(first, scopes):
    app, _ = registering.register(f"Application de {first}", ["https://phanpy.test/"], scopes, "")
    return applications.give(app, scopes, who(first).agent)

def publish(first, words, code="organisation", named=()):
    return publishing.publish(who(first), Draft(words), Reach(code, named=tuple(who(each) for each in named)))
"""


class Streaming(Town):
    """Where its streaming is reached is `stream`."""

    stream = 0

    def found(self) -> None:
        self.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", AGENTS)
        self.sh(FOUND)
        self.token = cache(self.new_token)

    def new_token(self, first: str, scopes: str = "read write follow") -> str:
        return str(self.ask(f"give({first!r}, {scopes!r})"))

    def api(self, method: str, path: str, first: str, **given: Any) -> Any:
        headers = {"authorization": f"Bearer {self.token(first)}"}
        headers["content-type"] = "application/x-www-form-urlencoded"
        status, body = self.call(method, f"/api/v1/{path}", urlencode(given, doseq=True).encode(), headers)
        assert status == 200, (status, body)
        return json.loads(body)

    def post(self, first: str, words: str, **given: Any) -> Any:
        return self.api("POST", "statuses", first, status=words, **given)

    def work(self) -> None:
        """What is due is done: embedded, by its threads."""

    def another(self, port: int) -> list[str]:
        """The command of a second process that streams for the same house."""
        raise NotImplementedError

    def settle(self) -> None:
        """What was said before is all told."""
        self.work()
        waiting = (
            "Delivery.objects.filter(state='waiting').exists() or Receipt.objects.filter(state='waiting').exists()"
        )
        self.wait_until(f"not ({waiting})")


class Embedded(Streaming):
    def launch(self) -> None:
        super().launch()
        self.stream = self.port

    def another(self, port: int) -> list[str]:
        return [sys.executable, "manage.py", "serve", "--port", str(port)]


class Production(Streaming):
    """Two web processes, and one for streaming; the work is done by whoever asks for it."""

    def command(self) -> list[str]:
        served = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--no-ws"]
        address = ["--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning"]
        return [sys.executable, "-m", "granian", *served, *address, "instance.wsgi:application"]

    def work(self) -> None:
        self.sh("hallway.run_until_idle()")

    def another(self, port: int) -> list[str]:
        house = f"http://127.0.0.1:{self.port}"
        return [sys.executable, "-m", "instance.streaming", "--port", str(port), "--house", house]


def said(event: Any) -> tuple[str, str]:
    """What an event is about, by the words of its status."""
    kind, payload = event
    return kind, json.loads(payload)["content"].strip()


def called(port: int, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.fixture(scope="package", params=["embedded", pytest.param("production", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Streaming]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "embedded":
        with Embedded("saint-aubin", folder) as small:
            small.found()
            yield small
        return
    with ExitStack() as stack:
        town = Production("saint-aubin", folder, DATABASE_URL=new_database(), PREAU_WORK="manual")
        town.found()
        stack.enter_context(town)
        town.stream = servers.free_port()
        stack.enter_context(streaming(town, town.stream))
        yield town


def streaming(town: Streaming, port: int) -> AbstractContextManager[Popen[bytes]]:
    """A process that streams for this house, at another port."""
    log = town.folder / f"streaming-{port}"
    return servers.running(town.another(port), log, lambda: streams(port), env=town.env)


def streams(port: int) -> bool:
    try:
        return called(port, "/api/v1/streaming/health") == (200, b"OK")
    except OSError:
        return False


def new_database() -> str:
    """One of its own: several test processes have such a house at once."""
    return migrated.in_cluster(f"streaming_{secrets.token_hex(4)}")


def log_of(town: Streaming) -> str:
    return "".join(each.read_text(errors="replace") for each in (town.log, *town.folder.glob("streaming-*")))
