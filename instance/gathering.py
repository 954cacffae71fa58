"""The body of what a page is sent, whole before a thread is given to it: whoever sends slowly holds up nobody."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
IN_MEMORY = 1_000_000  # beyond, the disk
LARGEST = 145_000_000  # as much as deploy/nginx.conf lets pass: four photos and four documents
CHUNK = 65_536
PATIENCE, PACE = 30.0, 5_000  # seconds for any body, and bytes a second for a large one


class TooSlow(Exception):
    """The body did not come in good time."""


class TooMuch(Exception):
    """More than anything here takes."""


class HungUp(Exception):
    """Whoever was sending is gone."""


@asynccontextmanager
async def gathered(scope: Scope, receive: Receive) -> AsyncIterator[Receive]:
    """What stands in for `receive` once the whole body is here. TooMuch (before it is read), TooSlow, HungUp.

    A body of no said length is nobody's: whoever needs one refuses it, and nothing of it is read.
    """
    length = length_of(scope)
    if length > LARGEST:
        raise TooMuch
    with SpooledTemporaryFile(max_size=IN_MEMORY) as body:
        try:
            async with asyncio.timeout(PATIENCE + length / PACE):
                while body.tell() < length:
                    body.write(await more(receive))
        except TimeoutError as error:
            raise TooSlow from error
        body.seek(0)

        async def again() -> Message:
            chunk = body.read(CHUNK)
            return {"type": "http.request", "body": chunk, "more_body": body.tell() < length}

        yield again


def length_of(scope: Scope) -> int:
    said = dict(scope["headers"]).get(b"content-length", b"")
    return int(said) if said.isdigit() else 0


async def more(receive: Receive) -> bytes:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise HungUp
    return bytes(message.get("body", b""))
