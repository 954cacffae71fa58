"""The Node libraries, called from our tests as in an application: `julien.v1.statuses[id].favourite()`."""

import base64
import json
import queue
import subprocess
import threading
from pathlib import Path
from typing import Any, Self

from tests.peers.fedify_peer import find_node
from tests.towns import Town

FOLDER = Path(__file__).parent / "node"
PATIENCE = 30.0


class Refused(Exception):
    """What the library threw: `status` is that of the answer, 0 for its own errors."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(status, words)
        self.status = status


class Bridge:
    """`with Bridge(town) as node:` runs Node; `node.make("masto", token)` is a client."""

    def __init__(self, town: Town) -> None:
        self.town, self.made = town, 0
        self.answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self.ears: dict[str, Ear] = {}

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [find_node(), "bridge.mjs"], cwd=FOLDER, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={"NODE_EXTRA_CA_CERTS": self.town.bundle, "NODE_NO_WARNINGS": "1"},
        )  # fmt: skip
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_ended: object) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.thread.join(5)
        self.process.stdout.close()

    def listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            if not line.startswith("{"):
                continue  # a library speaks to whoever watches
            said = json.loads(line)
            if "heard" in said:
                self.ears[said["heard"]].heard.put(said)
            else:
                self.answers.put(said)

    def ask(self, **question: Any) -> Any:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        said = self.answers.get(timeout=PATIENCE)
        if "error" in said:
            raise Refused(said["status"], said["error"])
        return said["value"]

    def make(self, library: str, token: str = "", url: str = "") -> "Way":
        self.made += 1
        name = f"{library} {self.made}"
        self.ask(make=name, library=library, url=url or self.town.url, token=token)
        return Way(self, name, [])

    def hear(self, call: "Way", *given: Any) -> "Ear":
        """What a call that listens brings, from now on."""
        self.made += 1
        ear = Ear(self, f"ear {self.made}")
        self.ears[ear.name] = ear
        self.ask(on=call.name, steps=call.called(given), hear=ear.name)
        return ear


class Ear:
    def __init__(self, bridge: Bridge, name: str) -> None:
        self.bridge, self.name = bridge, name
        self.heard: queue.Queue[dict[str, Any]] = queue.Queue()

    def next(self, event: str, of: str = "") -> Any:
        """The payload of the next event of this kind (and about what has this id)."""
        while True:
            said = self.heard.get(timeout=PATIENCE)
            if said["event"] == event and (not of or said["payload"]["id"] == of):
                return said["payload"]

    def end(self, verb: str) -> None:
        self.bridge.ask(on=self.name, steps=[[verb]])


class Way:
    """A way into a client: names, `[id]` for one of many, and at its end a call."""

    def __init__(self, bridge: Bridge, name: str, steps: list[Any]) -> None:
        self.bridge, self.name, self.steps = bridge, name, steps

    def __getattr__(self, step: str) -> "Way":
        return Way(self.bridge, self.name, [*self.steps, step])

    def __getitem__(self, key: str) -> "Way":
        return Way(self.bridge, self.name, [*self.steps, ["$select", key]])

    def called(self, given: tuple[Any, ...]) -> list[Any]:
        return [*self.steps[:-1], [self.steps[-1], *given]]

    def __call__(self, *given: Any, pages: int = 0) -> Any:
        return self.bridge.ask(on=self.name, steps=self.called(given), pages=pages)


def file(content: bytes, name: str = "arbre.png", kind: str = "image/png") -> dict[str, str]:
    return {"$file": base64.b64encode(content).decode(), "name": name, "type": kind}
