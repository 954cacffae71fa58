"""The process that posts letters which were signed beforehand, over connections that stay open."""

import asyncio
import json
import pickle
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


async def call(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port)  # noqa: TID251  it is not the house that calls


async def converse(port: int, waiting: Iterator[tuple[float, bytes]], told: Counter[int], took: list[float]) -> None:
    """Each letter not before its moment."""
    reader, writer = await call(port)
    for moment, request in waiting:
        await asyncio.sleep(max(0.0, moment - time.perf_counter()))
        begun = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        await reader.readexactly(int(length[1]) if length else 0)
        told[int(head[9:12])] += 1
        took.append(time.perf_counter() - begun)
        if b"connection: close" in head.lower():
            writer.close()
            reader, writer = await call(port)
    writer.close()


async def send(port: int, requests: list[bytes], at_once: float, a_second: float = 1e9) -> dict[str, object]:
    told: Counter[int] = Counter()
    took: list[float] = []
    begun = time.perf_counter()
    waiting = ((begun + number / a_second, each) for number, each in enumerate(requests))
    await asyncio.gather(*(converse(port, waiting, told, took) for _ in range(int(at_once))))
    seconds = time.perf_counter() - begun
    took.sort()
    median, late = took[len(took) // 2], took[int(0.95 * len(took))]
    return {"seconds": seconds, "statuses": told, "median_ms": 1000 * median, "late_ms": 1000 * late}


if __name__ == "__main__":
    # Written by benchmarks.inbox a moment ago.
    letters = pickle.loads(Path(sys.argv[1]).read_bytes())
    print(json.dumps(asyncio.run(send(int(sys.argv[2]), letters, *map(float, sys.argv[3:])))))
