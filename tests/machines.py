"""Machines of one house: each serves, works and streams with a data folder of its own; the database is one."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests import servers
from tests.towns import Town

SERVED = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]


class Machine(Town):
    """Of the house of `first`, or the first of a house. Photos and documents are shared, as on one storage of all."""

    def __init__(self, folder: Path, first: "Machine | None" = None, **variables: str) -> None:
        super().__init__("saint-aubin", folder, **variables, **({"PREAU_HOST": first.host} if first else {}))
        self.redis_url, self.stream = variables["REDIS_URL"], 0
        if first:
            self.host, self.url = first.host, first.url
            media = folder / "data" / "media"
            media.parent.mkdir()
            media.symlink_to(first.folder / "data" / "media")

    def command(self) -> list[str]:
        address = ["--host", "127.0.0.1", "--port", str(self.port)]
        return [sys.executable, "-m", "granian", *SERVED, *address, "instance.wsgi:application"]

    @contextmanager
    def at_work(self, *, streaming: bool = False) -> Iterator[None]:
        """Its web process, its worker, a beat, and its streaming when it is asked for."""
        with ExitStack() as stack:
            self.launch()
            stack.callback(self.stop)
            stack.enter_context(servers.worker(self.redis_url, self.variables, pool="solo", beat=False))
            stack.enter_context(self.running("celery", "-A", "instance", "beat", "-s", str(self.folder / "schedule")))
            if streaming:
                self.stream = servers.free_port()
                house = f"http://127.0.0.1:{self.port}"
                stack.enter_context(self.running("instance.streaming", "--port", str(self.stream), "--house", house))
            self.wait_ready()
            yield

    @contextmanager
    def running(self, *module: str) -> Iterator[None]:
        with servers.running([sys.executable, "-m", *module], self.folder / module[0], lambda: True, env=self.env):
            yield
