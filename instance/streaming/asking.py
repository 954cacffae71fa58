"""How the house is asked who may listen and what they are told: in a thread beside, or over this machine's own network.

The questions are those of `instance.client_api.telling`; values and answers are what JSON can hold.
"""

import asyncio
import http.client
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol
from urllib.parse import urlsplit

import orjson

from instance.streaming import seals

AT_ONCE = 2  # questions, so that streaming never takes a house's time from those who read its pages
WAITING = 500  # questions beyond which no more are asked
SECONDS = 10.0
AT_MOST = 5.0  # for who only asks whether somebody is there
PATH = "/interne/diffusion"


class Silent(Exception):
    """The house does not answer, or not now."""


def status(port: int, host: str) -> int:
    """What the program on this machine answers to who watches over it. Silent."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=AT_MOST)
    try:
        connection.request("GET", "/health", headers={"Host": host, "X-Forwarded-Proto": "https"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise Silent(type(error).__name__) from error
    finally:
        connection.close()


class House(Protocol):
    async def ask(self, question: str, **values: Any) -> Any:
        """Silent when there is no answer."""
        ...


class Beside:
    """A house that answers by a function, in threads of this process."""

    def __init__(self, answer: Callable[[str, dict[str, Any]], Any]) -> None:
        self.answer = answer
        self.threads = ThreadPoolExecutor(AT_ONCE, "preau-streaming")
        self.asked = 0

    async def ask(self, question: str, **values: Any) -> Any:
        if self.asked >= WAITING:
            raise Silent("too many questions at once")
        self.asked += 1
        try:
            work = asyncio.get_running_loop().run_in_executor(self.threads, self.answer, question, values)
            return await asyncio.wait_for(work, SECONDS)
        except TimeoutError as error:
            raise Silent("it takes too long") from error
        finally:
            self.asked -= 1


class Over(Beside):
    """A house whose web processes listen at `address`, on this machine: it is asked by sealed letters."""

    def __init__(self, address: str, host: str) -> None:
        super().__init__(self.call)
        self.address, self.host = urlsplit(address).netloc, host
        self.own = threading.local()

    def call(self, question: str, values: dict[str, Any]) -> Any:
        """In one of the threads, which keeps its connection: a house that was restarted is called once more."""
        body = seals.seal(orjson.dumps([question, values]))
        kept: http.client.HTTPConnection | None = getattr(self.own, "connection", None)
        if kept is not None:
            try:
                return self.put(kept, body)
            except (OSError, http.client.HTTPException):
                kept.close()
        called = http.client.HTTPConnection(self.address, timeout=SECONDS)
        try:
            answer = self.put(called, body)
        except (OSError, http.client.HTTPException) as error:
            called.close()
            self.own.connection = None
            raise Silent(type(error).__name__) from error
        self.own.connection = called
        return answer

    def put(self, connection: http.client.HTTPConnection, body: bytes) -> Any:
        headers = {"Host": self.host, "Content-Type": "application/octet-stream"}
        connection.request("POST", PATH, body, headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise Silent(f"status {answer.status}")
        return orjson.loads(said)
