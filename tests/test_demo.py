"""The demonstration as a newcomer meets it: one command, three houses, Ctrl-C; killed half-way, it begins anew."""

import http.client
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings

from deploy.demo import show, towns
from deploy.demo.houses import Trouble
from tests.servers import ROOT, environment, free_port

PATIENCE = 150.0
slow = pytest.mark.slow


class Demo:
    """`manage.py demo` in a folder of its own, and what it has said so far."""

    def __init__(self, folder: Path, first_port: int) -> None:
        self.folder, self.first_port = folder, first_port
        self.path = folder.with_suffix(".out")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str) -> None:
        env = {name: value for name, value in environment(PREAU_DEVELOPMENT="1").items() if "COVERAGE" not in name}
        command = [sys.executable, "manage.py", "demo", "--folder", str(self.folder), *options]
        with self.path.open("wb") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT)

    @property
    def said(self) -> str:
        return self.path.read_text()

    def wait_for(self, words: str) -> str:
        deadline = time.monotonic() + PATIENCE
        while words not in self.said:
            assert self.process and self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)
        return self.said

    def houses(self) -> list[int]:
        """The process ids of the three houses."""
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def stop(self, how: signal.Signals) -> int:
        assert self.process
        self.process.send_signal(how)
        return self.process.wait(timeout=30)

    def link(self, name: str) -> str:
        found = re.search(rf"{name}, .*\n\s+(http\S+)", self.said)
        assert found, self.said
        return found[1]

    def ask(self, database: str, query: str) -> int:
        with closing(sqlite3.connect(self.folder / database / "preau.sqlite3")) as connection:
            count: int = connection.execute(query).fetchone()[0]
            return count


class Browser:
    """Just enough of one: it keeps cookies, and knows that *.localhost is this machine."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}

    def get(self, url: str) -> tuple[int, str]:
        return self.send("GET", url)

    def press(self, url: str, page: str) -> tuple[int, str]:
        """Send the only form of a page."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token
        return self.send("POST", url, {"csrfmiddlewaretoken": token[1]})

    def send(self, method: str, url: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        parts = urlsplit(url)
        headers = {"Host": parts.netloc, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection("127.0.0.1", parts.port, timeout=20)) as connection:
            connection.request(method, parts.path, urlencode(form or {}), headers)
            answer = connection.getresponse()
            for header in answer.headers.get_all("Set-Cookie") or []:
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
            return answer.status, answer.read().decode()


def three_free_ports() -> int:
    while True:
        first = free_port()
        with socket.socket() as second, socket.socket() as third:
            try:
                second.bind(("127.0.0.1", first + 1))
                third.bind(("127.0.0.1", first + 2))
            except (OSError, OverflowError):
                continue
            return first


def ended(pids: list[int]) -> bool:
    deadline = time.monotonic() + 15
    while any(is_alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(is_alive(pid) for pid in pids)


def is_alive(pid: int) -> bool:
    """Ours, and not merely waiting to be buried by a process that has gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demonstration that was killed in its first start, and started again."""
    if not settings.SQLITE:
        pytest.skip("the demonstration has its own SQLite files: once is enough")
    shown = Demo(tmp_path_factory.mktemp("demo") / "houses", three_free_ports())
    shown.start("--agents", "6", "--first-port", str(shown.first_port))
    shown.wait_for("Agents, their keys")
    pids = shown.houses()
    assert shown.stop(signal.SIGKILL) == -signal.SIGKILL
    assert len(pids) == 3
    assert ended(pids), "houses close by themselves when nobody is left to close them"
    shown.start("--agents", "6")
    shown.wait_for("Ready in")
    yield shown
    if shown.process and shown.process.poll() is None:
        shown.stop(signal.SIGTERM)


@slow
def test_an_interrupted_first_start_begins_anew(demo: Demo):
    assert "it begins anew" in demo.said
    assert "were lost" not in demo.said


@slow
def test_links_sign_in_once(demo: Demo):
    link = demo.link("Julien Mercier")
    browser = Browser()
    status, page = browser.get(link)
    assert status == 200
    assert browser.press(link, page)[0] == 303
    status, home = browser.get(f"http://saint-aubin.localhost:{demo.first_port}/")
    assert status == 200
    assert "Bonjour Julien" in home
    assert "Cimetière en zéro phyto" in home, "a colleague next door whom he follows wrote it for all partners"
    assert Browser().get(link)[0] == 410


@slow
def test_every_role_has_a_link(demo: Demo):
    for role in ("agent", "general management", "facilitator", "moderator", "administrator"):
        assert re.search(rf"^  {role} +\S.*\n +http://saint-aubin\.localhost:\d+/entrer/", demo.said, re.MULTILINE), (
            role
        )


@slow
def test_what_a_house_keeps_for_itself_is_nowhere_else(demo: Demo):
    kept = "SELECT count(*) FROM outbox_post WHERE audience IN ('organisation', 'service')"
    assert demo.ask("vernay", f"{kept} AND local") > 0
    assert demo.ask("vernay", f"{kept} AND NOT local") == 0
    assert demo.ask("saint-aubin", "SELECT count(*) FROM outbox_post WHERE html LIKE '%serres ouvrent%'") == 0


@slow
def test_a_post_has_the_same_date_in_every_house(demo: Demo):
    date = "SELECT strftime('%s', published_at) FROM outbox_post WHERE html LIKE '%talus de la gare, deux ans%'"
    dates = {int(demo.ask(town, date)) for town in towns.KEYS}
    assert len(dates) == 1
    assert dates.pop() < time.time() - 6 * 3600


@slow
def test_julien_has_not_met_lucie_yet(demo: Demo):
    """The first thing that a visitor is invited to do."""
    follows = (
        "SELECT count(*) FROM actors_follow JOIN actors_actor AS one ON one.id = follower_id"
        " JOIN actors_actor AS other ON other.id = followed_id"
        " WHERE state = 'accepted' AND one.name = 'Julien Mercier' AND other.name"
    )
    assert demo.ask("saint-aubin", f"{follows} = 'Karim Haddad'") == 1
    assert demo.ask("saint-aubin", f"{follows} = 'Lucie Ferrand'") == 0


@slow
def test_it_stops_with_ctrl_c_and_starts_again_with_what_was_written(demo: Demo):
    posts = "SELECT count(*) FROM outbox_post"
    pids, former, written = demo.houses(), demo.link("Lucie Ferrand"), demo.ask("vernay", posts)
    assert demo.stop(signal.SIGINT) == 0
    assert ended(pids)
    assert "Stopped" in demo.said
    demo.start()
    demo.wait_for("Ready in")
    assert "begins anew" not in demo.said
    assert demo.ask("vernay", posts) == written
    assert demo.link("Lucie Ferrand") != former
    assert Browser().get(former)[0] == 410


@slow
def test_a_second_one_at_the_same_time_is_refused_with_a_sentence(demo: Demo):
    with pytest.raises(Trouble, match=f"Port {demo.first_port} is taken"):
        show.run(demo.folder, sys.stdout, first_port=None, agents=None, reset=True)
    assert demo.ask("vernay", "SELECT count(*) FROM outbox_post") > 0
