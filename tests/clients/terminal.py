"""A command of someone else in a terminal of its own, whose files are kept apart from those of whoever runs it."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.towns import Town


class Terminal:
    """`run("toot", "whoami")` gives what the command said; with `json`, what it said in JSON."""

    def __init__(self, town: Town, home: Path) -> None:
        self.home = home
        trusted = {"REQUESTS_CA_BUNDLE": town.bundle, "NODE_EXTRA_CA_CERTS": town.bundle, "NO_PROXY": "localhost"}
        own = {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "PAGER": "cat", "BROWSER": "true", "COLUMNS": "200"}
        self.env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **own, **trusted}

    def start(self, program: str, *arguments: str) -> "subprocess.Popen[str]":
        path = Path(sys.executable).parent / program
        return subprocess.Popen(
            [str(path) if path.exists() else program, *arguments], env=self.env, cwd=self.home, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def run(self, program: str, *arguments: str, said: str = "") -> str:
        with self.start(program, *arguments) as process:
            out, _nothing = process.communicate(said, timeout=60)
        assert process.returncode == 0, f"{program} {' '.join(arguments)}: {out}"
        return out

    def refused(self, program: str, *arguments: str, said: str = "") -> str:
        with self.start(program, *arguments) as process:
            out, _nothing = process.communicate(said, timeout=60)
        assert process.returncode != 0, f"{program} {' '.join(arguments)} was not refused: {out}"
        return out

    def talk(self, program: str, *arguments: str, answer: Callable[[str], list[str]]) -> str:
        """A command that prints an address and asks for what is found there: `answer(address)` are the lines."""
        process = self.start(program, *arguments)
        assert process.stdout and process.stdin
        clock = threading.Timer(60, process.kill)
        clock.start()
        try:
            address = next(word for line in process.stdout for word in line.split() if word.startswith("https://"))
            out, _nothing = process.communicate("".join(f"{line}\n" for line in answer(address)))
        finally:
            clock.cancel()
        assert process.returncode == 0, out
        return out

    def json(self, program: str, *arguments: str) -> Any:
        return json.loads(self.run(program, *arguments, "--json"))
