"""A network of light houses around the one that is measured: healthy ones, slow ones, and some that are down."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import trustme

from benchmarks import neighbourhood
from benchmarks.houses import House
from tests import servers

DOMAIN = "reseau.localhost"
SLOW_SECONDS = 2.0


class Network:
    """`https://ville7.reseau.localhost:<port>`, each with a key of its own and one agent; those that are down have a
    port where nobody listens."""

    def __init__(self, folder: Path, count: int, down: int, slow: int) -> None:
        self.folder, self.port, closed = folder, servers.free_port(), servers.free_port()
        hosts = [f"ville{number}.{DOMAIN}:{closed if number < down else self.port}" for number in range(count)]
        with ThreadPoolExecutor(4) as pool:  # keys take their time, and no lock
            self.partners = list(pool.map(lambda host: neighbourhood.partner(host, 1, "https"), hosts))
        self.up = self.partners[down:]
        self.slow = [each.host for each in self.up[:slow]]
        self.healthy = len(self.up) - slow
        self.authority, self.certificate = folder / "authority.pem", folder / "certificate.pem"
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.authority)
        authority.issue_cert(f"*.{DOMAIN}").private_key_and_cert_chain_pem.write_to_path(self.certificate)
        self.process: subprocess.Popen[str] | None = None

    @contextmanager
    def answering(self) -> Iterator[None]:
        """All from one process, which does not count."""
        pages = self.folder / "pages.json"
        pages.write_text(json.dumps({each.host: each.documents for each in self.up}))
        command = [sys.executable, "-m", "benchmarks.peers", str(self.port), str(self.certificate), str(pages)]
        self.process = subprocess.Popen(
            [*servers.become(None), "--pdeathsig", "TERM", *command],
            cwd=servers.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            self.ask()
            yield
        finally:
            self.process.terminate()
            self.process.wait()

    def meet(self, house: House, followers: int) -> None:
        """They are partners of the house, and some of its agents follow each agent of those that are up."""
        introductions = [each.introduction() for each in self.partners]
        people = [uri for each in self.up for uri in each.people()]
        house.sh(f"from benchmarks import stock\nstock.partners({introductions!r}, {people!r}, {followers})")
        known = house.ask("dict(Key.objects.exclude(sealed_private='').values_list('uri', 'public_pem'))")
        self.ask(keys=known, slow=self.slow, seconds=SLOW_SECONDS)

    def ask(self, **question: Any) -> dict[str, Any]:
        assert self.process and self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found
