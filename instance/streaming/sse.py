"""Server-sent events: one request, one stream, as long as both sides like."""

import asyncio
from typing import Any

from instance.streaming import door
from instance.streaming.door import CORS, Receive, Scope, Send
from instance.streaming.hub import Hub
from instance.streaming.lines import Line
from instance.streaming.refusals import Refused
from instance.streaming.streams import Stream, at_path

THUMP = b":thump\n"
NOTHING = "undefined"  # where an event says no more: the word of Mastodon, without which its libraries lose the line
HEADERS = [
    *CORS,
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"private, no-store"),
    (b"x-accel-buffering", b"no"),
    (b"connection", b"close"),
]


class Events(Line):
    """A line that is the body of an answer."""

    def framed(self, event: str, payload: str | None, streams: list[Stream]) -> list[Any]:
        return [piece(f"event: {event}\ndata: {payload or NOTHING}\n\n".encode())]

    def beat(self) -> None:
        self.put(piece(THUMP))

    def last_frame(self, code: int) -> Any:
        return {"type": "http.response.body", "body": b""}


def piece(body: bytes) -> Any:
    return {"type": "http.response.body", "body": body, "more_body": True}


async def serve(hub: Hub, scope: Scope, receive: Receive, send: Send, path: str) -> None:
    given = door.given_in(scope)
    try:
        permit = await door.admitted(hub.house, door.secret_in(scope, given))
        stream = at_path(path, given)
        await door.check(hub.house, permit, stream)
        line = Events(permit, send, asyncio.current_task())
        hub.open(line)
    except Refused as error:
        return await door.refuse(scope, send, error)
    try:
        hub.listen(line, stream)
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        line.beat()
        while (await receive())["type"] != "http.disconnect":
            pass
    except asyncio.CancelledError:
        if not line.over:  # it was not we who cut it
            raise
    finally:
        hub.close(line)
