"""Many applications that stay on the line, in one event loop: when each of them heard of a post."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import aiohttp

ROOT = "/api/v1/streaming"


class Listeners:
    """A share of them by WebSocket (`sockets` of all), the others by server-sent events."""

    def __init__(self, port: int, secrets: Sequence[str], sockets: int) -> None:
        self.base = f"http://127.0.0.1:{port}{ROOT}"
        self.secrets, self.sockets = secrets, sockets
        self.heard: list[float] = []
        self.all = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []
        self.on_the_line = 0

    async def __aenter__(self) -> "Listeners":
        timeout = aiohttp.ClientTimeout(total=None)
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout)
        for first in range(0, len(self.secrets), 50):
            await self.connect(first, self.secrets[first : first + 50])
        return self

    async def connect(self, first: int, some: Sequence[str]) -> None:
        for number, secret in enumerate(some, first):
            way = self.by_socket if number < self.sockets else self.by_events
            self.tasks.append(asyncio.create_task(way(secret)))
        while self.on_the_line < first + len(some):
            await asyncio.sleep(0.01)
            for task in self.tasks:
                if task.done():
                    task.result()

    async def __aexit__(self, *error: object) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.session.close()

    async def by_events(self, secret: str) -> None:
        headers = {"Authorization": f"Bearer {secret}"}
        async with self.session.get(f"{self.base}/user", headers=headers) as answer:
            answer.raise_for_status()
            self.on_the_line += 1
            async for line in answer.content:
                if line.startswith(b"data:"):
                    self.note()

    async def by_socket(self, secret: str) -> None:
        address = f"{self.base}?stream=user"
        async with self.session.ws_connect(address, protocols=[secret], max_msg_size=0) as socket:
            self.on_the_line += 1
            async for _ in socket:
                self.note()

    def note(self) -> None:
        self.heard.append(time.perf_counter())
        if len(self.heard) >= self.on_the_line:
            self.all.set()

    async def told(self, say: Any, seconds: float = 60) -> list[float]:
        """Seconds from the saying until each heard, in their order; `say` runs in a thread."""
        self.heard, began = [], time.perf_counter()
        self.all.clear()
        await asyncio.gather(asyncio.to_thread(say), asyncio.wait_for(self.all.wait(), seconds))
        return [each - began for each in self.heard]
