"""What others see of a house: its name, its certificate, its answers, all asked side by side within a few seconds.

Nothing here asks the allow-list: who calls it names our own addresses, or houses that are on the list.
"""

import asyncio
import socket
import time
from collections.abc import Coroutine, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from federation import addresses, http, loop
from federation.documents import Answer
from federation.errors import NotBelieved

SECONDS = 5.0
LIMIT = 100_000
Call = Coroutine[Any, Any, Any]


def side_by_side(calls: Mapping[str, Call], seconds: float = SECONDS) -> dict[str, Any]:
    """What each call brings, or the exception that it ends with: TimeoutError for those that take too long."""

    async def in_time(call: Call) -> Any:
        async with asyncio.timeout(seconds):
            return await call

    async def every() -> list[Any]:
        return await asyncio.gather(*map(in_time, calls.values()), return_exceptions=True)

    return dict(zip(calls, loop.run(every()), strict=True))


async def names(host: str, port: int) -> list[str]:
    """The addresses of a name. PermissionError when one is not public, another OSError when there is none."""
    return [ip for _, ip in await addresses.lookup(host, port, socket.AF_UNSPEC)]


async def answer(url: str) -> Answer:
    """Whatever its status: redirects are answers like others. NotFetched, Malformed."""
    return await http.look(addresses.as_sent(url), {"accept": "*/*"}, LIMIT)


async def clock(url: str) -> float:
    """By how many seconds the clock of whoever answers is ahead of ours, to a second or two."""
    before = time.time()
    said = await answer(url)
    here = (before + time.time()) / 2
    try:
        return parsedate_to_datetime(said.headers.get("date", "")).timestamp() - here
    except ValueError as error:
        raise NotBelieved(f"{url} does not say what time it is") from error
