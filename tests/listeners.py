"""Those who stay on the line: applications that listen by server-sent events or by a WebSocket, over real sockets."""

import json
import queue
import threading
from contextlib import ExitStack, suppress
from http.client import HTTPConnection
from typing import Any, Self
from urllib.parse import urlencode

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

ROOT = "/api/v1/streaming"
SOON = 5.0


class Refused(Exception):
    def __init__(self, status: int, said: Any) -> None:
        super().__init__(status, said)
        self.status, self.said = status, said


def path_of(rest: str, given: dict[str, str]) -> str:
    return f"{ROOT}{rest}{f'?{urlencode(given)}' if given else ''}"


class Ear:
    """What comes, in its order, each as (event, payload); None once the line is over."""

    def __init__(self) -> None:
        self.heard: queue.Queue[Any] = queue.Queue()
        self.signs = 0
        self.thread = threading.Thread(target=self.listen, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.hang_up()
        self.thread.join(SOON)

    def listen(self) -> None:
        with suppress(OSError, ConnectionClosed, ValueError, AttributeError):
            self.listen_on()
        self.heard.put(None)

    def next(self, seconds: float = SOON) -> Any:
        return self.heard.get(timeout=seconds)

    def nothing(self, seconds: float = 1.0) -> bool:
        """Whether nothing comes for a while."""
        try:
            found = self.heard.get(timeout=seconds)
        except queue.Empty:
            return True
        raise AssertionError(f"it heard {found}")

    def listen_on(self) -> None:
        raise NotImplementedError

    def hang_up(self) -> None:
        raise NotImplementedError


class SSE(Ear):
    """`rest` is the path below that of streaming. Refused."""

    def __init__(self, port: int, rest: str, secret: str = "", host: str = "localhost", **given: str) -> None:
        super().__init__()
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"host": host, **({"authorization": f"Bearer {secret}"} if secret else {})}
        self.connection.request("GET", path_of(rest, given), headers=headers)
        self.wire = self.connection.sock  # which the answer will keep for itself
        self.answer = self.connection.getresponse()
        if self.answer.status != 200:
            said = json.loads(self.answer.read())
            self.connection.close()
            raise Refused(self.answer.status, said)

    def listen_on(self) -> None:
        event = ""
        while line := self.answer.readline():
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name.startswith(":thump"):
                self.signs += 1
            elif name == "event":
                event = value
            elif name in ("data", "data:"):
                self.heard.put((event, value))

    def hang_up(self) -> None:
        with suppress(OSError):
            self.wire.shutdown(2)


class Socket(Ear):
    """`secret` goes into the protocol, as browsers do, unless it is among `given`. Refused."""

    def __init__(self, port: int, secret: str = "", rest: str = "", headers: Any = None, **given: str) -> None:
        super().__init__()
        address = f"ws://127.0.0.1:{port}{path_of(rest, given)}"
        protocols: Any = [secret] if secret else None
        self.open = ExitStack()
        try:
            self.socket: ClientConnection = self.open.enter_context(
                connect(address, subprotocols=protocols, additional_headers=headers, compression=None, proxy=None)
            )
        except InvalidStatus as error:
            raise Refused(error.response.status_code, json.loads(error.response.body or b"null")) from error
        self.labels: list[list[str]] = []
        self.code: int | None = None

    def listen_on(self) -> None:
        try:
            for frame in self.socket:
                said = json.loads(frame)
                self.labels.append(said.get("stream", []))
                self.heard.put((said.get("event", "error"), said.get("payload", said.get("error"))))
        finally:
            self.code = self.socket.close_code

    def say(self, **frame: Any) -> None:
        self.socket.send(json.dumps(frame))

    def hang_up(self) -> None:
        self.open.close()
