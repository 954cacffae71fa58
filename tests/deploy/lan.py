"""A network of this machine's own: a namespace for each host, joined by a bridge, with no other way out.

Addresses are of a range that the registries never gave to anybody (2d00::/8), since houses refuse to call private ones.
"""

import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Self

PREFIX = "2d00:7265:6175::"
OVER = Path("/etc/netns")  # what stands there is laid over /etc by `ip netns exec`


class Lan:
    """`with Lan("preau-t", ["a", "b"]) as lan: lan.space("a"), lan.address("a")`."""

    def __init__(self, name: str, hosts: list[str]) -> None:
        self.name, self.hosts = name, hosts

    def space(self, host: str) -> str:
        return f"{self.name}-{host}"

    def address(self, host: str) -> str:
        return f"{PREFIX}{self.hosts.index(host) + 1}"

    def __enter__(self) -> Self:
        self.clear()
        middle = f"{self.name}-bridge"
        ip("netns", "add", middle)
        inside(middle, "link", "add", "bridge", "type", "bridge")
        inside(middle, "link", "set", "bridge", "up")
        for number, host in enumerate(self.hosts):
            space = self.space(host)
            ip("netns", "add", space)
            inside(middle, "link", "add", f"port{number}", "type", "veth", "peer", "name", "lan", "netns", space)
            inside(middle, "link", "set", f"port{number}", "master", "bridge", "up")
            inside(space, "link", "set", "lo", "up")
            inside(space, "link", "set", "lan", "up")
            inside(space, "address", "add", f"{self.address(host)}/64", "dev", "lan", "nodad")
        return self

    def name_hosts(self, lines: str) -> None:
        """For programs of this machine that are run in one of the namespaces."""
        for host in self.hosts:
            own = OVER / self.space(host) / "hosts"
            own.parent.mkdir(parents=True, exist_ok=True)
            own.write_text(lines)

    def __exit__(self, *_ended: object) -> None:
        self.clear()

    def clear(self) -> None:
        for each in (*(self.space(host) for host in self.hosts), f"{self.name}-bridge"):
            with suppress(subprocess.CalledProcessError):
                ip("netns", "delete", each)
            shutil.rmtree(OVER / each, ignore_errors=True)


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def inside(space: str, *words: str) -> None:
    ip("-n", space, *words)
