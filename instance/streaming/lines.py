"""One application on the line: what it listens to, and a few frames that wait to be taken; never more than a few."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from instance.streaming.streams import Stream

FRAMES, BYTES = 64, 512_000  # that wait for a slow reader before she loses the line
FAREWELL = 1.0  # seconds that a line has for taking its last frame
SUBSCRIPTIONS = 32
POLICY, TRY_AGAIN = 1008, 1013  # codes of WebSocket: no longer allowed, too slow

Send = Callable[[Any], Awaitable[None]]


@dataclass(frozen=True)
class Permit:
    """What a token is good for, as the house said when the line was opened."""

    token: int
    reader: int
    scopes: frozenset[str]

    def admits(self, stream: Stream) -> bool:
        return bool(self.scopes & stream.scopes)


class Line:
    """Frames are put on it from the loop and leave in their order, by a task that lives as long as some are there.

    At rest nothing of a line runs but the coroutine that waits for what its client says.
    """

    def __init__(self, permit: Permit, send: Send, owner: "asyncio.Task[Any] | None") -> None:
        self.permit, self.send, self.owner = permit, send, owner
        self.streams: dict[Stream, list[str]] = {}  # with the channels that each is made of
        self.waiting: deque[Any] = deque()
        self.size = 0
        self.carrying: asyncio.Task[None] | None = None
        self.over = False

    def framed(self, event: str, payload: str | None, streams: list[Stream]) -> list[Any]:
        """An event as this form of streaming says it, once for each of the streams that it comes by."""
        raise NotImplementedError

    def beat(self) -> None:
        """A sign of life, where the form has no other."""

    def last_frame(self, code: int) -> Any:
        raise NotImplementedError

    def tell(self, event: str, payload: str | None, streams: list[Stream]) -> None:
        for frame in self.framed(event, payload, streams):
            self.put(frame)

    def put(self, frame: Any) -> None:
        if self.over:
            return
        self.size += weight(frame)
        if len(self.waiting) >= FRAMES or self.size > BYTES:
            self.close(TRY_AGAIN)
            return
        self.waiting.append(frame)
        self.carry()

    def carry(self) -> None:
        if self.carrying is None:
            self.carrying = asyncio.get_running_loop().create_task(self.carry_all())

    async def carry_all(self) -> None:
        try:
            while self.waiting:
                frame = self.waiting.popleft()
                self.size -= weight(frame)
                await self.send(frame)
        except Exception:  # noqa: BLE001  whatever it is, nobody is at the other end any more
            self.waiting.clear()
        finally:
            self.carrying = None

    def close(self, code: int) -> None:
        """Say so, if the client still takes what it is sent; after a second the line is cut."""
        if self.over:
            return
        self.over = True
        self.waiting.clear()
        self.waiting.append(self.last_frame(code))
        self.carry()
        asyncio.get_running_loop().call_later(FAREWELL, self.cut)

    def cut(self) -> None:
        if self.carrying is not None:
            self.carrying.cancel()
        if self.owner is not None and not self.owner.done():
            self.owner.cancel()


def weight(frame: Any) -> int:
    return len(frame.get("body") or frame.get("text") or b"")
