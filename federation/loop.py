"""One event loop per process, in a daemon thread: the calls that leave the house share their connections there."""

import asyncio
import os
import resource
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")
NAMES_AT_ONCE = 32  # so that slow names do not hold up the others
FILES = 16_384


class LazyLoop:
    """Started by whoever needs it first."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.loop: asyncio.AbstractEventLoop | None = None

    def get(self) -> asyncio.AbstractEventLoop:
        with self.lock:
            if self.loop is None:
                self.loop = asyncio.new_event_loop()
                self.loop.set_default_executor(ThreadPoolExecutor(NAMES_AT_ONCE, "preau-names"))
                threading.Thread(target=self.loop.run_forever, name="preau-calls", daemon=True).start()
            return self.loop


# A forked child must neither use its parent's loop, whose thread stayed behind, nor ever free its sockets: by pid.
_loops: dict[int, LazyLoop] = {}


def get() -> asyncio.AbstractEventLoop:
    return _loops.setdefault(os.getpid(), LazyLoop()).get()


def run(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, done on the loop while this thread waits. Work must keep its own deadline."""
    return asyncio.run_coroutine_threadsafe(work, get()).result()


def soon(work: Callable[[], object]) -> None:
    """Have `work` called on the loop; this thread goes on."""
    get().call_soon_threadsafe(work)


def allow_files() -> None:
    """A connection that is kept is an open file, of which a process is allowed few unless it asks for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES if hard < 0 else min(FILES, hard), hard))
