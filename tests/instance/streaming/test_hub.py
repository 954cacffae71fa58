"""What an application on the line cannot do to the others, and what a house that does not answer means for all."""

import asyncio
import json
from typing import Any

import pytest

from instance.streaming import hub as hubs
from instance.streaming.application import Streaming
from instance.streaming.asking import Beside, Over, Silent
from instance.streaming.hub import Hub

READER = {"token": 1, "reader": 7, "scopes": ["read"]}
PAYLOAD = "x" * 1000


class House:
    """It knows one token, and tells what it is asked to tell to that token's reader."""

    def __init__(self) -> None:
        self.alive, self.silent, self.asked = [1], False, 0

    async def ask(self, question: str, **values: Any) -> Any:
        self.asked += 1
        if self.silent:
            raise Silent("not now")
        if question == "tell":
            if any(kind == "fault" for kind, _ in values["hints"]):
                raise ZeroDivisionError
            return [{"event": kind, "payload": PAYLOAD, "to": {"home": [7]}} for kind, _ in values["hints"]]
        return {"admit": READER, "alive": self.alive, "owns": True}[question]


class Client:
    """A request in the form of ASGI; one that `stalls` takes nothing after the beginning of the answer."""

    def __init__(self, hub: Hub, path: str = "/user", method: str = "GET", stalls: bool = False) -> None:
        self.scope = {
            "type": "http", "method": method, "path": f"/api/v1/streaming{path}", "query_string": b"",
            "headers": [(b"authorization", b"Bearer secret")],
        }  # fmt: skip
        self.hub, self.stalls = hub, stalls
        self.sent: list[Any] = []
        self.gone = asyncio.Event()

    async def receive(self) -> Any:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if self.stalls and message["type"] == "http.response.body" and b"event" in message["body"]:
            await asyncio.Event().wait()
        self.sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.gone.set()

    async def __aenter__(self) -> "Client":
        self.task = asyncio.create_task(Streaming(self.hub)(self.scope, self.receive, self.send))
        await asyncio.sleep(0.02)
        return self

    async def __aexit__(self, *error: object) -> None:
        self.gone.set()
        await asyncio.wait_for(self.task, 3)

    def text(self) -> str:
        return b"".join(each.get("body", b"") for each in self.sent).decode()


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(hubs, "CHECKED", 0.02)
    monkeypatch.setattr(hubs, "BEAT", 0.05)


def test_whoever_takes_nothing_loses_the_line_and_the_others_hear_all():
    async def story() -> None:
        hub = Hub(House())
        async with Client(hub, stalls=True) as slow, Client(hub) as other:
            for _ in range(10):
                for _ in range(11):
                    hub.note("update", [1])
                await asyncio.sleep(0.05)
            assert other.text().count("event: update") == 110
            await asyncio.wait_for(slow.task, 3)  # it was cut
            assert len(hub.lines) == 1
        assert not hub.lines
        assert not hub.channels
        assert not hub.of_one

    asyncio.run(story())


def test_a_token_that_is_over_closes_its_line_and_a_sign_of_life_comes_before(quick):
    async def story() -> None:
        house = House()
        hub = Hub(house)
        async with Client(hub) as client:
            await asyncio.sleep(0.2)
            assert client.text().count(":thump") > 1
            house.alive = []
            await asyncio.wait_for(client.task, 1)
            assert client.sent[-1] == {"type": "http.response.body", "body": b""}

    asyncio.run(story())


def test_when_nobody_can_say_who_may_listen_some_time_goes_by_and_then_nobody_does(quick):
    async def story() -> None:
        house = House()
        hub = Hub(house)
        async with Client(hub) as client:
            house.silent = True
            await asyncio.sleep(0.05)
            assert not client.task.done()
            async with Client(hub) as late:
                assert (late.sent[0]["status"], json.loads(late.text())) == (503, {"error": "Try again later"})
            await asyncio.wait_for(client.task, 2)

    asyncio.run(story())


def test_a_fault_or_a_silence_loses_an_event_and_nothing_else():
    async def story() -> None:
        house = House()
        hub = Hub(house)
        async with Client(hub) as client:
            hub.note("fault", [1])
            await asyncio.sleep(0.05)
            house.silent = True
            hub.note("lost", [1])
            await asyncio.sleep(0.05)
            house.silent = False
            hub.heard("update", [1])
            await asyncio.sleep(0.05)
            assert client.text().count("event:") == 1

    asyncio.run(story())


def test_without_anybody_on_the_line_nothing_is_asked():
    async def story() -> None:
        house = House()
        hub = Hub(house)
        hub.heard("update", [1])
        hub.start()
        hub.note("update", [1])
        await asyncio.sleep(0.05)
        assert house.asked == 0

    asyncio.run(story())


def test_all_together_have_so_many_lines():
    async def story() -> None:
        hub = Hub(House(), most=1)
        async with Client(hub), Client(hub) as second:
            assert second.sent[0]["status"] == 429

    asyncio.run(story())


@pytest.mark.parametrize(("method", "path", "status"), [("OPTIONS", "/user", 204), ("POST", "/user", 405)])
def test_web_clients_may_ask_and_nobody_may_do_anything_else(method, path, status):
    async def story() -> None:
        async with Client(Hub(House()), path, method) as client:
            assert client.sent[0]["status"] == status
            assert (b"access-control-allow-origin", b"*") in client.sent[0]["headers"]

    asyncio.run(story())


def test_too_many_questions_at_once_are_not_asked():
    async def story() -> None:
        beside = Beside(lambda question, values: question)
        assert await beside.ask("qui") == "qui"
        beside.asked = 500
        with pytest.raises(Silent):
            await beside.ask("qui")

    asyncio.run(story())


def test_a_house_that_is_not_there_is_silent():
    async def story() -> None:
        with pytest.raises(Silent):
            await Over("http://127.0.0.1:9", "localhost:8000").ask("alive", tokens=[])

    asyncio.run(story())
