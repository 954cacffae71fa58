"""Letters and documents between houses, in the embedded server: read whole within the limit, answered by one thread.

Pages go through a2wsgi, which hands bodies to and fro between threads piece by piece; what machines say to each other
is small, and comes by the hundred.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

from a2wsgi.wsgi import build_environ

from inbox.gate import LIMIT

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Said = tuple[int, list[tuple[bytes, bytes]], bytes]
TOO_LARGE: Said = (413, [(b"content-type", b"application/json"), (b"connection", b"close")], b'{"error": "TooLarge"}')


class Letters:
    """An ASGI application around a WSGI one, for requests and answers that fit in memory."""

    def __init__(self, wsgi: Any, threads: int) -> None:
        self.wsgi = wsgi
        self.threads = ThreadPoolExecutor(threads, "preau-letters")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await whole(receive)
        if body is None:
            said = TOO_LARGE
        else:
            said = await asyncio.get_running_loop().run_in_executor(self.threads, self.answer, scope, body)
        status, headers, content = said
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def answer(self, scope: Any, body: bytes) -> Said:
        status, headers = "", []

        def start_response(line: str, named: list[tuple[str, str]], exc_info: Any = None) -> None:
            nonlocal status, headers
            status, headers = line, named

        stream: Any = BytesIO(body)
        environ: Any = build_environ(scope, stream)
        result = self.wsgi(environ, start_response)
        try:
            content = b"".join(result)
        finally:
            result.close()
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return int(status[:3]), raw, content


async def whole(receive: Receive) -> bytes | None:
    """The body, or None as soon as it is over the limit, whatever was said of its length."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LIMIT:
            return None
        if not message.get("more_body"):
            return bytes(body)
