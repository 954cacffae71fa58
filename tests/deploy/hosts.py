"""A host: a root in which the script was run, its own network, its services started by hand."""

import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.deploy.lan import Lan
from tests.deploy.roots import CERTIFICATES, Failed, Root
from tests.deploy.units import Unit
from tests.servers import ROOT

INSTALL = "/opt/preau/deploy/install.sh"
LARGE = ("preau-web", "preau-streaming", "preau-worker", "preau-beat")


@dataclass
class Host:
    """`large`: PostgreSQL, Redis and Celery; else one process, SQLite. `here`: in this machine's network, no nginx."""

    letter: str
    root: Root
    lan: Lan
    name: str
    town: str
    siren: str
    admin: str
    large: bool = True
    here: bool = False
    started: list[Unit] = field(default_factory=list)
    aside: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    next_name: str = ""  # that it takes in its life, known to all from the start

    @property
    def port(self) -> int:
        return 8000

    @property
    def certificate(self) -> str:
        return "/etc/ssl/preau.pem"

    @property
    def key(self) -> str:
        return "/etc/ssl/private/preau.key"

    @property
    def space(self) -> str:
        return "" if self.here else self.lan.space(self.letter)

    def put_code(self) -> None:
        """As the README says: a clone in /opt/preau."""
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(self.root.path("/opt/preau"))], check=True)

    def words(self) -> list[str]:
        form = [] if self.large else ["--small"]
        said = ["--domain", self.name, "--organisation", f"Ville de {self.town}", "--short-name", self.town]
        tls = ["--tls", "files", "--certificate", self.certificate, "--key", self.key]
        tls = ["--tls", "none"] if self.here else tls
        of_admin = ["--admin", self.admin, "--email", f"dsi@{self.name}"]
        return [INSTALL, *form, "--yes", *said, "--siren", self.siren, *of_admin, *tls]

    def install(self) -> str:
        return self.root.run(*self.words())

    def preau(self, *words: str) -> str:
        return self.root.run("/usr/local/bin/preau", *words, space=self.space)

    def sh(self, code: str) -> str:
        """In the instance's own shell; what it printed last."""
        return self.preau("shell", "-v", "0", "-c", code).strip().rpartition("\n")[2]

    def start(self) -> Self:
        if self.large:
            self.root.run("service", "postgresql", "restart", space=self.space)
            self.begin(
                "setpriv",
                "--reuid",
                "redis",
                "--regid",
                "redis",
                "--clear-groups",
                "redis-server",
                "/etc/redis/redis.conf",
                "--daemonize",
                "no",
            )
        for each in LARGE if self.large else ("preau",):
            self.started.append(Unit(self.root, each, self.space).start())
        self.begin("nginx", "-g", "daemon off;")
        return self

    def begin(self, *words: str) -> None:
        log = (self.root.folder.parent / f"{self.root.folder.name}-{words[-1].split('/')[-1][:10]}.log").open("ab")
        command = self.root.command(*words, space=self.space)
        self.aside.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log))

    def stop(self) -> None:
        for unit in reversed(self.started):
            unit.stop()
        for process in self.aside:
            process.terminate()
            process.wait(timeout=20)
        self.started, self.aside = [], []
        if self.large:
            self.root.run("service", "postgresql", "stop", check=False)

    def logs(self) -> str:
        return "\n".join(f"--- {each.log.name}\n{each.log.read_text()[-1500:]}" for each in self.started)


def until(wanted: str, ask: "object", seconds: float = 60.0) -> None:
    """Failed unless `ask()` is true in time."""
    assert callable(ask)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ask():
            return
        time.sleep(0.5)
    raise Failed(f"not in {seconds:.0f} s: {wanted}")


def know_each_other(hosts: list[Host], authority: Path) -> None:
    """Names without a DNS, and a local certificate authority that each machine trusts."""
    lines = "".join(f"{host.lan.address(host.letter)} {host.name} {host.next_name}\n" for host in hosts)
    lines = f"127.0.0.1 localhost\n::1 localhost\n{lines}"
    hosts[0].lan.name_hosts(lines)
    for host in hosts:
        host.root.path("/etc/hosts").write_text(lines)
        host.root.path("/usr/local/share/ca-certificates/local.crt").write_bytes(authority.read_bytes())
        host.root.run("update-ca-certificates")
        # What this machine believes beyond Debian's list, for the way to the packages.
        bundle = host.root.path(CERTIFICATES)
        bundle.write_bytes((Path("/") / CERTIFICATES).read_bytes() + authority.read_bytes())
