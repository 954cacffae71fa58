"""Two towns on one host: apart from each other, reached by name through one proxy, upgraded in turn."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.deploy import meeting
from tests.deploy.checks import digest, expect
from tests.deploy.hosts import Host, until
from tests.deploy.roots import Root
from tests.deploy.units import Unit
from tests.deploy.upgrading import FOUND, PUBLISH, Origin, answers

PREAU_HOST = "/opt/preau/deploy/preau-host"


@dataclass
class Town(Host):
    """`inside`: in a network of its own, as others see it; else in this machine's, which is the way to the packages."""

    large: bool = False
    inside: bool = False

    @property
    def label(self) -> str:
        return self.town.lower()

    @property
    def unit(self) -> str:
        return f"preau@{self.label}"

    @property
    def space(self) -> str:
        return self.lan.space(self.letter) if self.inside else ""

    @property
    def certificate(self) -> str:
        return f"/etc/ssl/{self.label}.pem"

    @property
    def key(self) -> str:
        return f"/etc/ssl/private/{self.label}.key"

    @property
    def port(self) -> int:
        lines = self.root.path(f"/etc/preau-host/{self.label}/install.answers").read_text().splitlines()
        (found,) = (line.removeprefix("port=") for line in lines if line.startswith("port="))
        return int(found)

    def words(self) -> list[str]:
        words = super().words()
        return [PREAU_HOST, "add", self.label, *words[words.index("--yes") :]]

    def preau(self, *words: str) -> str:
        return super().preau(f"@{self.label}", *words)

    def go_inside(self) -> None:
        self.inside = True
        self.started.append(Unit(self.root, self.unit, self.space).start())

    def come_back(self) -> None:
        self.stop()
        self.inside = False


def all_of_it(towns: list[Town], authority: Path, origin: Origin) -> None:
    root = towns[0].root
    for town in towns:
        print(town.install(), flush=True)
    before = kept(root)
    for town in towns:
        town.install()
    expect(kept(root) == before, "adding the same towns again changed something")
    tell_list(root, "en marche", "en marche")
    apart(towns)
    units_and_sites(root)
    stop_all(towns)
    seen_from_elsewhere(towns, authority)
    for town in towns:
        town.sh(PUBLISH.format(admin=town.admin))
        run(root, "start", town.label)
    upgraded(towns, origin)
    Unit(root, f"preau-backup@{towns[0].label}", "").once()
    saved, never = (line.rpartition("\t")[2] for line in run(root, "list").splitlines()[1:])
    expect(saved.endswith("Z") and never == "aucune", f"backups: {saved}, {never}")


def run(root: Root, *words: str, check: bool = True) -> str:
    return root.run(PREAU_HOST, *words, check=check)


def kept(root: Root) -> dict[str, str]:
    places = ("etc/preau-host", "etc/systemd/system", "etc/nginx/sites-available", "etc/nginx/conf.d")
    files = (each for place in places for each in root.path(place).rglob("*") if each.is_file())
    return {str(each): digest(each.read_bytes()) for each in files}


def tell_list(root: Root, *states: str) -> None:
    said = run(root, "list")
    print(said, flush=True)
    expect([line.split("\t")[2] for line in said.splitlines()[1:]] == list(states), f"the list does not say {states}")


def stop_all(towns: list[Town]) -> None:
    for town in towns:
        run(town.root, "stop", town.label)
        expect(not answers(town), f"{town.name} still answers")
    tell_list(towns[0].root, *("arrêtée" for _ in towns))


def apart(towns: list[Town]) -> None:
    """Each has an account, a port and secrets of its own, and cannot read what is another's."""
    secrets = {town.root.path(f"/etc/preau-host/{town.label}/preau.env").read_text() for town in towns}
    expect(len(secrets) == len({town.port for town in towns}) == len(towns), "something is shared")
    for one, other in ((towns[0], towns[1]), (towns[1], towns[0])):
        for place in (
            "etc/preau-host/{}/preau.env",
            "var/lib/preau-host/{}/preau.sqlite3",
            "var/backups/preau-host/{}/.",
        ):
            try_it = ("runuser", "-u", f"preau-{one.label}", "--", "head", "-c1", f"/{place.format(other.label)}")
            expect(
                "Permission denied" in one.root.run(*try_it, check=False), f"{one.label} reads {place} of {other.label}"
            )
    print("  apart: accounts, ports, secrets, and neither reads what is the other's", flush=True)


def units_and_sites(root: Root) -> None:
    names = [f"/etc/systemd/system/{each.name}" for each in sorted(root.path("/etc/systemd/system").glob("preau*"))]
    said = root.run("systemd-analyze", "verify", *names)
    expect(said.strip() == "", f"systemd-analyze verify: {said}")
    said = root.run("nginx", "-t")
    expect("successful" in said and "warn" not in said, f"nginx -t: {said}")
    print(f"  {len(names)} units verified; nginx -t successful", flush=True)


def seen_from_elsewhere(towns: list[Town], authority: Path) -> None:
    """Through one nginx, each by its name; a name of nobody's is shown no certificate; they become partners."""
    first, other = towns
    for town in towns:
        town.go_inside()
    first.begin("nginx", "-g", "daemon off;")
    visitor = Visitor("b", first.root, first.lan, *(first.name, first.town, first.siren, first.admin))
    for town in towns:
        until(f"{town.name} answers", lambda town=town: meeting.answers(town, visitor, authority))
        print("  signed in from another host:", meeting.sign_in(town, visitor, authority), flush=True)
    nobody = ["openssl", "s_client", "-connect", f"[{first.lan.address('a')}]:443", "-servername", "rsi.personne.test"]
    shown = subprocess.run(["ip", "netns", "exec", visitor.space, *nobody], stdin=-3, capture_output=True, text=True)
    expect("no peer certificate" in shown.stdout, f"a name of nobody's is shown a certificate: {shown.stdout}")
    meeting.befriend(first, other)
    words = f"De {first.town} à {other.town}"
    first.sh(meeting.PUBLISH.format(admin=first.admin, words=words))
    until(f"{other.name} reads {words}", lambda: meeting.reads(other, words))
    print(f"  {first.name} and {other.name}, on one host, are partners and read each other", flush=True)
    for town in towns:
        town.come_back()


class Visitor(Host):
    """Only the network of another host."""


def upgraded(towns: list[Town], origin: Origin) -> None:
    """A broken version stops at the first town, which runs as before; a good one reaches all."""
    root, first = towns[0].root, versions(towns)
    origin.publish("A server that does not start", serves=False)
    said = run(root, "upgrade", check=False)
    print(said, flush=True)
    expect("marche comme avant" in said and "0 sur 2" in said, "the upgrade was to stop at the first town")
    expect(versions(towns) == first and all(map(answers, towns)), "the towns are not as before")
    expect([town.sh(FOUND) for town in towns] == ["1 False"] * 2, "the databases are not as before")
    origin.publish("A good version")
    print(run(root, "upgrade"), flush=True)
    after = versions(towns)
    expect(len(set(after)) == 1 and after != first and all(map(answers, towns)), "not upgraded")
    expect([town.sh(FOUND) for town in towns] == ["1 True"] * 2, "the databases did not follow")
    expect(len(list(root.path("/opt/preau-host/versions").iterdir())) == 1, "a version that nobody runs is still there")


def versions(towns: list[Town]) -> list[str]:
    return [town.root.run("git", "-C", f"/opt/preau-host/{town.label}", "rev-parse", "HEAD").strip() for town in towns]
