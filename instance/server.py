"""The embedded server: one process, one port; pages and federation over WSGI, streaming beside, work in threads."""

from typing import Any

import uvicorn
from a2wsgi import WSGIMiddleware

from federation import delivery, hallway
from instance.letters import Letters, Receive, Scope, Send
from instance.streaming import application as streaming
from instance.streaming import feed, serving
from instance.streaming.asking import Beside
from instance.streaming.hub import Hub

THREADS = 8
LINES, OTHERS = 600, 400  # that stream, and that ask for something else, at once


class House:
    """An ASGI application that hands everything but streaming to Django's WSGI application."""

    def __init__(self) -> None:
        from instance.client_api.telling.answers import answer
        from instance.wsgi import FOR_MACHINES, application

        wsgi: Any = application
        self.pages: Any = WSGIMiddleware(wsgi, workers=THREADS)
        self.letters, self.for_machines = Letters(wsgi, THREADS), FOR_MACHINES
        self.hub = Hub(Beside(answer), LINES)
        self.streaming = streaming.Streaming(self.hub)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" or streaming.is_ours(scope["path"]):
            await self.streaming(scope, receive, send)
        elif scope["path"].startswith(self.for_machines):
            await self.letters(scope, receive, send)
        else:
            await self.answer(scope, receive, send)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """There are few threads: one is given to a request when all of it is here."""
        from instance import gathering

        try:
            async with gathering.gathered(scope, receive) as whole:
                await self.pages(scope, whole, send)
        except gathering.TooMuch:
            await say(send, 413, b'{"error": "TooLarge"}')
        except gathering.TooSlow:
            await say(send, 408, b'{"error": "TooSlow"}')
        except gathering.HungUp:
            return


async def say(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def serve(host: str, port: int, *, work: bool = True) -> None:
    """Answer on one port until told to stop."""
    if work:
        delivery.take_over()
        hallway.start_threads()
    house = House()
    feed.start(house.hub)
    serving.raise_limit_of_files()
    config = uvicorn.Config(house, timeout_keep_alive=30, limit_concurrency=LINES + OTHERS, **serving.OPTIONS)
    serving.Server(config, house.hub).run([serving.listening(host, port)])
