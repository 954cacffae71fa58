"""Houses on hosts of their own sign somebody in, become partners and write to each other, over TLS that is verified."""

import subprocess
import sys
from pathlib import Path

from tests.deploy import checks, units
from tests.deploy.hosts import LARGE, Host, until
from tests.deploy.roots import Failed

VISITOR = Path(__file__).with_name("visitor.py")
PUBLISH = """
from actors.models import Actor
from outbox import publishing
from outbox.audience import Reach
author = Actor.objects.get(name={admin!r}, local=True)
publishing.publish(author, publishing.Draft({words!r}), Reach("partners"))
"""
READS = """
from actors.models import Actor
from outbox import posts
reader = Actor.objects.get(name={admin!r}, local=True)
print(posts.readable_by(reader).filter(html__contains={words!r}).count())
"""


def all_of_it(hosts: list[Host], authority: Path) -> None:
    for host in hosts:
        until(f"{host.name} answers", lambda host=host: answers(host, hosts[0], authority))
        print("  signed in from another host:", sign_in(host, hosts[-1] if host is hosts[0] else hosts[0], authority))
    stranger = visiting(hosts[0], "/etc/ssl/certs/ca-certificates.crt", f"https://{hosts[1].name}/")
    refused = subprocess.run(stranger, capture_output=True, text=True)
    checks.expect("CERTIFICATE_VERIFY_FAILED" in refused.stderr, "a certificate of nobody's was taken")
    first, *others = hosts
    for other in others:
        befriend(first, other)
        words = f"De {first.town} à {other.town}"
        first.sh(PUBLISH.format(admin=first.admin, words=words))
        until(f"{other.name} reads {words}", lambda other=other, words=words: reads(other, words))
        back = f"De {other.town} à {first.town}"
        other.sh(PUBLISH.format(admin=other.admin, words=back))
        until(f"{first.name} reads {back}", lambda back=back: reads(first, back))
        print(f"  {first.name} and {other.name} are partners, and read each other", flush=True)
    for host in hosts:
        nightly(host)


def visiting(since: Host, authority: str, link: str) -> list[str]:
    """How somebody at another host opens that link; `authority`: the certificates that she believes."""
    return ["ip", "netns", "exec", since.space, sys.executable, str(VISITOR), authority, link]


def answers(host: Host, since: Host, authority: Path) -> bool:
    link = f"https://{host.name}/.well-known/nodeinfo"
    return subprocess.run(visiting(since, str(authority), link), capture_output=True).returncode == 0


def sign_in(host: Host, since: Host, authority: Path) -> str:
    login = host.preau("agents", "list").split("\t")[0]
    link = host.preau("agents", "link", login).strip()
    run = subprocess.run(visiting(since, str(authority), link), capture_output=True, text=True)
    if run.returncode or "/entrer" in run.stdout:
        raise Failed(f"{host.name}: {run.stdout}{run.stderr[-1500:]}")
    return run.stdout.strip()


def befriend(first: Host, other: Host) -> None:
    contact = ["--contact", f"dpo@{first.name}"]
    first.preau("peers", "offer", other.name, "--purpose", "Partager nos savoirs", *contact)
    until(f"{other.name} has the offer", lambda: first.name in other.preau("peers", "requests"))
    other.preau("peers", "verify", first.name)
    other.preau("peers", "accept", first.name, "--contact", f"dpo@{other.name}")
    for one, its in ((first, other), (other, first)):
        until(f"{one.name} lists {its.name}", lambda one=one, its=its: active(one, its))


def active(host: Host, other: Host) -> bool:
    return any(line.startswith(f"{other.name}\tactive") for line in host.preau("peers", "list").splitlines())


def reads(host: Host, words: str) -> bool:
    return host.sh(READS.format(admin=host.admin, words=words)) == "1"


def nightly(host: Host) -> None:
    for name in ("preau-night",):
        units.Unit(host.root, name, host.space).once()
    checks.expect(
        all(each.process and each.process.poll() is None for each in host.started), f"{host.name}:\n{host.logs()}"
    )
    print(
        f"  {host.name}: the night's work is done; {', '.join(LARGE if host.large else ('preau',))} still run",
        flush=True,
    )
