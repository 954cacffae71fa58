"""WebSocket: one socket, as many streams as its client names, in its address or in frames."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson

from instance.streaming import door
from instance.streaming.door import Receive, Scope, Send
from instance.streaming.hub import Hub
from instance.streaming.lines import SUBSCRIPTIONS, Line, Permit
from instance.streaming.refusals import Refused
from instance.streaming.streams import Stream, at_path, named


class Socket(Line):
    """Its frames say which stream they come by. Signs of life are pings, which the server sends by itself."""

    def framed(self, event: str, payload: str | None, streams: list[Stream]) -> list[Any]:
        said = {"event": event} if payload is None else {"event": event, "payload": payload}
        return [text({"stream": stream.label, **said}) for stream in streams]

    def last_frame(self, code: int) -> Any:
        return {"type": "websocket.close", "code": code}


def text(said: Mapping[str, Any]) -> Any:
    return {"type": "websocket.send", "text": orjson.dumps(said).decode()}


async def serve(hub: Hub, scope: Scope, receive: Receive, send: Send, path: str) -> None:
    given = door.given_in(scope)
    await receive()  # websocket.connect
    try:
        permit = await door.admitted(hub.house, door.secret_in(scope, given))
        stream = await asked_for(hub, permit, path, given)
        line = Socket(permit, send, asyncio.current_task())
        hub.open(line)
    except Refused as error:
        return await door.refuse(scope, send, error)
    try:
        if stream is not None:
            hub.listen(line, stream)
        await send({"type": "websocket.accept", "subprotocol": next(iter(scope["subprotocols"]), None)})
        while (message := await receive())["type"] != "websocket.disconnect":
            await obey(hub, line, message.get("text") or "")
    except asyncio.CancelledError:
        if not line.over:  # it was not we who cut it
            raise
    finally:
        hub.close(line)


async def asked_for(hub: Hub, permit: Permit, path: str, given: Mapping[str, str]) -> Stream | None:
    """The stream that the address names, if it does. Refused."""
    if not path.strip("/") and not given.get("stream"):
        return None
    stream = at_path(path, given)
    await door.check(hub.house, permit, stream)
    return stream


async def obey(hub: Hub, line: Line, said: str) -> None:
    """A frame of the client: `{"type": "subscribe", "stream": "hashtag", "tag": "voirie"}`. What is no such is left."""
    try:
        frame = orjson.loads(said)
    except orjson.JSONDecodeError:
        return
    if not isinstance(frame, dict):
        return
    given = {name: str(value) for name, value in frame.items() if isinstance(value, str | int)}
    try:
        stream = named(given.get("stream", ""), given)
        if given.get("type") == "unsubscribe":
            hub.leave(line, stream)
        elif given.get("type") == "subscribe" and stream not in line.streams:
            await subscribe(hub, line, stream)
    except Refused as error:
        line.put(text({"error": error.said, "status": error.status}))


async def subscribe(hub: Hub, line: Line, stream: Stream) -> None:
    if len(line.streams) >= SUBSCRIPTIONS:
        raise Refused(429, "Too many streams")
    await door.check(hub.house, line.permit, stream)
    if not line.over:
        hub.listen(line, stream)
