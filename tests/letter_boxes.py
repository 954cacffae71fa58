"""Many houses that only receive: one event loop listens on a port for each, and notes every letter it is brought."""

import asyncio
import json
import random
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
TAKEN = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"


def followers_at(hosts: list[str]) -> str:
    """What `Town.sh` runs for Julien to have a follower in each of these houses, and a verb to write to them."""
    return f"""
        from actors import follow_arrivals
        from outbox import publishing
        from outbox.audience import Reach
        julien = Actor.objects.get(name="Julien Mercier")
        for host in {hosts!r}:
            uri = f"http://{{host}}/users/lucie"
            Peer.objects.create(host=host, state="active")
            lucie = Actor.objects.create(
                uri=uri, kind="Person", handle="lucie", host=host, domain=host, name="Lucie", local=False,
                inbox=f"{{uri}}/inbox", shared_inbox=f"http://{{host}}/inbox",
            )
            follow_arrivals.arrived(lucie, julien, f"{{uri}}/follows/1").step("accepted")
        publish = lambda number: publishing.publish(julien, publishing.Draft(f"numéro {{number}}"), Reach("followers"))
    """


class LetterBoxes:
    """`letters[host]` counts each activity's id; `heard` is called for each letter, in the loop's thread."""

    def __init__(self, count: int, luck: random.Random, slowness: float = 0.0) -> None:
        self.luck = luck
        self.slowness = slowness
        self.letters: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.heard: Callable[[], None] = lambda: None
        self.loop = asyncio.new_event_loop()
        self.hosts = self.loop.run_until_complete(self.open(count))
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    async def open(self, count: int) -> list[str]:
        self.servers = [await asyncio.start_server(self.receive, "127.0.0.1", 0) for _ in range(count)]
        return [f"127.0.0.1:{server.sockets[0].getsockname()[1]}" for server in self.servers]

    async def receive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = f"127.0.0.1:{writer.get_extra_info('sockname')[1]}"
        try:
            while True:
                length = LENGTH.search(await reader.readuntil(b"\r\n\r\n"))
                letter = json.loads(await reader.readexactly(int(length[1]))) if length else {}
                self.letters[host][letter["id"]] += 1
                self.heard()
                await asyncio.sleep(self.luck.uniform(0, self.slowness))
                writer.write(TAKEN)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()  # whoever was speaking is gone

    def total(self) -> int:
        return sum(sum(taken.values()) for taken in self.letters.values())

    def stop(self) -> None:
        for server in self.servers:
            self.loop.call_soon_threadsafe(server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.run_until_complete(self.hang_up())
        self.loop.close()

    async def hang_up(self) -> None:
        talks = asyncio.all_tasks() - {asyncio.current_task()}
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
