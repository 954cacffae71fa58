"""What answers below /api/v1/streaming: events over HTTP, WebSockets, and whether it is there at all."""

from instance import maintenance
from instance.streaming import door, sse, websocket
from instance.streaming.door import CORS, Receive, Scope, Send
from instance.streaming.hub import Hub
from instance.streaming.refusals import Refused

ROOT = "/api/v1/streaming"
PREFLIGHT = [
    *CORS,
    (b"access-control-allow-methods", b"GET"),
    (b"access-control-allow-headers", b"authorization, cache-control, last-event-id"),
    (b"access-control-max-age", b"7200"),
]


def is_ours(path: str) -> bool:
    return path == ROOT or path.startswith(f"{ROOT}/")


class Streaming:
    """An ASGI application."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope.get("method", "GET")
        if not is_ours(path):
            await door.refuse(scope, send, Refused(404, "Not found"))
        elif maintenance.is_on_here():
            await door.refuse(scope, send, Refused(503, "Try again later"))
        elif scope["type"] == "websocket":
            await websocket.serve(self.hub, scope, receive, send, path.removeprefix(ROOT))
        elif method == "OPTIONS":
            await say(send, 204, b"", PREFLIGHT)
        elif method != "GET":
            await door.refuse(scope, send, Refused(405, "Method not allowed"))
        elif path.removesuffix("/") == f"{ROOT}/health":
            await say(send, 200, b"OK", [(b"content-type", b"text/plain; charset=utf-8")])
        else:
            await sse.serve(self.hub, scope, receive, send, path.removeprefix(ROOT))


async def say(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    length = [(b"content-length", str(len(body)).encode())] if status != 204 else []
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *length]})
    await send({"type": "http.response.body", "body": body})
