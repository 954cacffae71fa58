"""Who comes to listen, by which token, and how one is told no."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

import orjson

from instance.streaming.asking import House, Silent
from instance.streaming.lines import Permit
from instance.streaming.refusals import Refused
from instance.streaming.streams import Stream

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
PARAMETERS = 20
CORS = [(b"access-control-allow-origin", b"*")]


def given_in(scope: Scope) -> dict[str, str]:
    return dict(parse_qsl(scope["query_string"].decode("latin-1"))[:PARAMETERS])


def secret_in(scope: Scope, given: dict[str, str]) -> str:
    """From the header, else from the query, else, of a browser's WebSocket, from its protocol."""
    for name, value in scope["headers"]:
        if name == b"authorization" and value[:7].lower() == b"bearer ":
            return str(value[7:], "latin-1").strip()
    return given.get("access_token") or str(next(iter(scope.get("subprotocols", ())), ""))


async def admitted(house: House, secret: str) -> Permit:
    """Refused."""
    if not secret:
        raise Refused(401, "Missing access token")
    try:
        found = await house.ask("admit", secret=secret)
    except Silent as reason:
        raise Refused(503, "Try again later") from reason
    if found is None:
        raise Refused(401, "Invalid access token")
    return Permit(found["token"], found["reader"], frozenset(found["scopes"]))


async def check(house: House, permit: Permit, stream: Stream) -> None:
    """Whether she may listen to this: by the scopes of her token, and a list only if it is hers. Refused."""
    if not permit.admits(stream):
        raise Refused(403, "Access token does not have the required scopes")
    if stream.name == "list":
        try:
            own = await house.ask("owns", reader=permit.reader, key=int(stream.of))
        except Silent as reason:
            raise Refused(503, "Try again later") from reason
        if not own:
            raise Refused(404, "Not found")


async def refuse(scope: Scope, send: Send, error: Refused) -> None:
    """The same words for a request and for a WebSocket that is not opened."""
    kind = "websocket.http.response" if scope["type"] == "websocket" else "http.response"
    body = orjson.dumps({"error": error.said})
    headers = [*CORS, (b"content-type", b"application/json; charset=utf-8"), (b"cache-control", b"no-store")]
    headers += [(b"content-length", str(len(body)).encode()), (b"connection", b"close")]
    await send({"type": f"{kind}.start", "status": error.status, "headers": headers})
    await send({"type": f"{kind}.body", "body": body})
