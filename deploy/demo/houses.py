"""The three processes of the demonstration: asked what to do by a pipe, and never outliving us."""

import json
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import IO, Any, Self

from deploy.demo.parts import Plan
from deploy.demo.steps import Tell
from deploy.demo.towns import LOOPBACK, Town
from instance.configuration import ROOT

PATIENCE = 60.0  # seconds for a server to answer
GRACE = 6.0  # seconds for a process to end by itself
Facts = dict[str, Any]


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


class Houses:
    """One process each, which we start, and end when the block ends; should we be killed, they close by themselves."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.processes: dict[Town, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        end(list(self.processes.values()))

    def open(self) -> None:
        """Start the houses, and wait until each answers."""
        for town in self.plan.towns.values():
            self.processes[town] = self.start(town)
        deadline = time.monotonic() + PATIENCE
        while not all(answers(town.port) for town in self.processes):
            self.check()
            if time.monotonic() > deadline:
                raise Trouble(f"The houses do not answer. What they say is in {self.plan.folder}/*/log.")
            time.sleep(0.05)

    def start(self, town: Town) -> subprocess.Popen[bytes]:
        """A Python process with the settings of this house, out of reach of the terminal's Ctrl-C."""
        plan = self.plan
        town.folder.mkdir(parents=True, exist_ok=True)
        arguments = [town.key, "--folder", str(plan.folder), "--first-port", str(plan.first_port)]
        arguments += ["--agents", str(plan.agents), "--begun", plan.begun.isoformat()]
        with town.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603  our own interpreter, our own module
                [sys.executable, "-m", "deploy.demo.house", *arguments],
                cwd=ROOT,
                env=town.environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,
                start_new_session=True,
            )

    def check(self) -> None:
        for town, process in self.processes.items():
            if process.poll() is not None:
                raise Trouble(f"{town.origin} has stopped by itself. What it said last is in {town.log}.")

    def do(self, stage: str, tell: Tell) -> list[tuple[Town, Facts]]:
        """One stage in the three houses at once; what they were asked for, and `tell` how far they are together."""
        progress = dict.fromkeys(self.processes, (0, 0))
        found = []
        for process in self.processes.values():
            with suppress(BrokenPipeError):  # it has ended: reading from it says so
                pipe_of(process.stdin).write(f"{stage}\n".encode())
        for town, facts in self.heard(stage):
            if "total" in facts:
                progress[town] = facts["done"], facts["total"]
                tell(sum(done for done, _ in progress.values()), sum(total for _, total in progress.values()))
            else:
                found.append((town, facts))
        return found

    def heard(self, stage: str) -> Iterator[tuple[Town, Facts]]:
        """What the houses write, as it comes, until each has said that the stage is over."""
        with selectors.DefaultSelector() as selector:
            for town, process in self.processes.items():
                selector.register(pipe_of(process.stdout), selectors.EVENT_READ, town)
            while selector.get_map():
                for key, _ in selector.select():
                    row = pipe_of(self.processes[key.data].stdout).readline()
                    if not row:
                        raise Trouble(f"{key.data.origin} could not go on ({stage}). Why is in {key.data.log}.")
                    facts = json.loads(row)
                    if "end" in facts:
                        selector.unregister(key.fileobj)
                    else:
                        yield key.data, facts


def pipe_of(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise TypeError("this process was started without pipes")
    return pipe


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
