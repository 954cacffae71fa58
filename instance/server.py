"""The embedded server: one process, one port; pages and federation over WSGI, work in threads, room for streaming."""

from typing import Any

import uvicorn
from a2wsgi import WSGIMiddleware

from federation import delivery, hallway
from instance.letters import Letters, Receive, Scope, Send

STREAMING = "/api/v1/streaming"
THREADS = 8


class House:
    """An ASGI application that hands everything but streaming to Django's WSGI application."""

    def __init__(self) -> None:
        from instance.wsgi import FOR_MACHINES, application

        wsgi: Any = application
        self.pages: Any = WSGIMiddleware(wsgi, workers=THREADS)
        self.letters, self.for_machines = Letters(wsgi, THREADS), FOR_MACHINES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(STREAMING):
            await refuse(scope, receive, send)
        elif scope["path"].startswith(self.for_machines):
            await self.letters(scope, receive, send)
        else:
            await self.pages(scope, receive, send)


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Streaming will be answered here; until then a client is told to poll."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1001})
    elif scope["type"] == "http":
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 404, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"error": "streaming is not offered"}'})


def serve(host: str, port: int, *, work: bool = True) -> None:
    """Answer on one port until told to stop."""
    if work:
        delivery.take_over()
        hallway.start_threads()
    config = uvicorn.Config(
        House(), host=host, port=port, log_level="warning", access_log=False, server_header=False, lifespan="off",
        timeout_keep_alive=30, limit_concurrency=400,
    )  # fmt: skip
    uvicorn.Server(config).run()
