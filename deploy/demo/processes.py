"""The processes of the demonstration: three servers, and for each stage three short workers; none outlives us."""

import json
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from deploy.demo.parts import Plan
from deploy.demo.towns import Town
from instance.configuration import ROOT

PATIENCE = 60.0  # seconds for a server to answer
GRACE = 6.0  # seconds for a process to end by itself
LOOPBACK = "127.0.0.1"


class Trouble(Exception):
    """Something that whoever started the demonstration can act upon; holds a sentence for them."""


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


class Processes:
    """Started by us, and ended by us, one by one, when the block ends; by the kernel should we be killed."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.servers: dict[Town, subprocess.Popen[bytes]] = {}
        self.workers: dict[Town, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        end([*self.workers.values(), *self.servers.values()])

    def start(self, town: Town, arguments: Sequence[str], output: int | None = None) -> subprocess.Popen[bytes]:
        """A Python process with the settings of a house, out of reach of the terminal's Ctrl-C."""
        tied = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        with town.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603  our own interpreter, our own modules
                [*tied, sys.executable, *arguments],
                cwd=ROOT,
                env=town.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log if output is None else output,
                stderr=log,
                bufsize=0,
                start_new_session=True,
            )

    def serve(self) -> None:
        """Start the three servers, and wait until each answers."""
        for town in self.plan.towns.values():
            town.folder.mkdir(parents=True, exist_ok=True)
            listen = ["--address", LOOPBACK, "--port", str(town.port)]
            self.servers[town] = self.start(town, ["manage.py", "serve", *listen])
        deadline = time.monotonic() + PATIENCE
        while not all(answers(town.port) for town in self.servers):
            self.check()
            if time.monotonic() > deadline:
                raise Trouble(f"The houses do not answer. What they say is in {self.plan.folder}/*/log.")
            time.sleep(0.05)

    def check(self) -> None:
        for town, server in self.servers.items():
            if server.poll() is not None:
                raise Trouble(f"{town.origin} has stopped by itself. What it said last is in {town.log}.")

    def run(self, stage: str, tell: Callable[[int, int], None]) -> list[tuple[Town, dict[str, Any]]]:
        """One stage in the three houses at once; what they wrote, and `tell` how far they are together."""
        plan = self.plan
        common = ["--folder", str(plan.folder), "--first-port", str(plan.first_port)]
        common += ["--agents", str(plan.agents), "--begun", plan.begun.isoformat()]
        for town in plan.towns.values():
            arguments = ["-m", "deploy.demo.stages", stage, town.key, *common]
            self.workers[town] = self.start(town, arguments, subprocess.PIPE)
        found = self.listen(tell)
        for town, worker in self.workers.items():
            if worker.wait() != 0:
                raise Trouble(f"{town.origin} could not go on ({stage}). What happened is in {town.log}.")
        self.workers.clear()
        return found

    def listen(self, tell: Callable[[int, int], None]) -> list[tuple[Town, dict[str, Any]]]:
        """Read what the workers write until all of them have ended."""
        found, progress = [], dict.fromkeys(self.workers, (0, 0))
        with selectors.DefaultSelector() as selector:
            for town, worker in self.workers.items():
                if worker.stdout:
                    selector.register(worker.stdout, selectors.EVENT_READ, town)
            while selector.get_map():
                for key, _ in selector.select(0.5):
                    row = key.fileobj.readline()  # type: ignore[union-attr]  # an unbuffered pipe, short lines
                    if not row:
                        selector.unregister(key.fileobj)
                        continue
                    facts = json.loads(row)
                    if "total" in facts:
                        progress[key.data] = facts["done"], facts["total"]
                        tell(sum(done for done, _ in progress.values()), sum(total for _, total in progress.values()))
                    else:
                        found.append((key.data, facts))
                self.check()
        return found


def end(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    """Ask each to stop, and insist with those that do not."""
    alive = [each for each in processes if each.poll() is None]
    for each in alive:
        each.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    for each in alive:
        with suppress(subprocess.TimeoutExpired):
            each.wait(max(0.0, deadline - time.monotonic()))
    for each in alive:
        if each.poll() is None:
            each.kill()
            each.wait()
