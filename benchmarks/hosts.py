"""Receiving hosts over HTTPS, with a certificate authority of their own, in one process that does not count."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import trustme

from tests import servers


class Hosts:
    """`https://h7.fan.localhost:<port>`: names of this machine, told apart by SNI, one certificate for all."""

    def __init__(self, folder: Path, count: int) -> None:
        self.port = servers.free_port()
        self.names = [f"h{number}.fan.localhost:{self.port}" for number in range(count)]
        self.authority, self.certificate = folder / "authority.pem", folder / "certificate.pem"
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.authority)
        authority.issue_cert("*.fan.localhost").private_key_and_cert_chain_pem.write_to_path(self.certificate)
        self.process: subprocess.Popen[str] | None = None

    @contextmanager
    def receiving(self) -> Iterator[None]:
        command = [sys.executable, "-m", "benchmarks.receiving", str(self.port), str(self.certificate)]
        self.process = subprocess.Popen(
            [*servers.become(None), "--pdeathsig", "TERM", *command],
            cwd=servers.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            self.begin()
            yield
        finally:
            self.process.terminate()
            self.process.wait()

    def begin(self, silent: int = 0) -> None:
        """Count from nothing; the first few hosts fall silent."""
        self.ask({"silent": self.names[:silent]})

    def report(self) -> dict[str, Any]:
        """How many letters were taken, by how many hosts, when the last was, and how many connections were new."""
        return self.ask({})

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self.process and self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found
