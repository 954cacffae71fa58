"""Installs houses in bare Debian roots, and does with them what their admins would.

make test-deploy              all of it
make test-deploy ARGS="meet"  or some parts:
    meet       Debian 12 and 13, both forms: installed twice, then they sign agents in and meet over https
    interrupt  an installation killed ten times, each in a random step, ends as well as one that nothing disturbed
    upgrade    to broken versions, which leave all as it was, and to a good one
    share      two towns on one host, apart; upgraded in turn; one moves to another host
    first      houses full of life, made by the first version that was published, go on with this one
    pages      every command of the pages for admins, typed in its order
    rename     one of two partners takes another name, by the one command
    renew      a certificate asked for, and renewed, as with Let's Encrypt; and one for another name
"""

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import trustme

from tests.deploy import acme, checks, first, meeting, moving, pages, renaming, roots, sharing, upgrading
from tests.deploy.hosts import Host, know_each_other
from tests.deploy.lan import Lan

TOWNS = {  # letter: Debian, name, town, SIREN, who administers, large
    "a": ("bookworm", "rsi.saint-aubin.test", "Saint-Aubin", "210101010", "Hélène Vasseur", True),
    "b": ("trixie", "rsi.vernay.test", "Vernay", "210202020", "Lucie Ferrand", True),
    "c": ("bookworm", "rsi.cernon.test", "Cernon", "210303030", "Omar Benali", False),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="make test-deploy", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", default=list(PARTS))
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    options = parser.parse_args()
    roots.prepare()
    for part in options.parts:
        begun = time.monotonic()
        PARTS[part](options.seed)
        print(f"✓ {part}: {time.monotonic() - begun:.0f} s", flush=True)


def meet(_seed: int) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="preau-deploy-")))
        lan = stack.enter_context(Lan(f"preau{os.getpid()}", list(TOWNS)))
        hosts = [host_of(stack, folder, lan, letter) for letter in TOWNS]
        authority = certify(folder, hosts)
        know_each_other(hosts, authority)
        for host in hosts:
            tell(f"{host.name}: install.sh", host.install())
            tell(f"{host.name}: install.sh again", checks.once_more(host))
            checks.units_and_site(host)
        for host in hosts:
            host.start()
        meeting.all_of_it(hosts, authority)


def interrupt(seed: int) -> None:
    print(f"seed {seed}", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="preau-deploy-")))
        lan = stack.enter_context(Lan(f"preau{os.getpid()}", list(TOWNS)))
        host = host_of(stack, folder, lan, "a")
        know_each_other([host], certify(folder, [host]))
        tell("interrupted ten times, then left to end", checks.interrupted(host, random.Random(seed), 10))


def upgrade(_seed: int) -> None:
    """In the network of this machine, which is the way to the packages: nothing else may be at port 8000."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="preau-deploy-")))
        lan = stack.enter_context(Lan(f"preau{os.getpid()}", []))
        root = stack.enter_context(roots.Root("bookworm", folder / "c"))
        host = Host("c", root, lan, *TOWNS["c"][1:], here=True)
        root.serve_units()
        origin = upgrading.Origin(host, folder)
        stack.callback(root.run, "systemctl", "stop", "preau.service", check=False)
        tell(f"{host.name}: install.sh", host.install())
        upgrading.all_of_it(host, origin)


def share(_seed: int) -> None:
    """Like `upgrade`, in the network of this machine, but for what is seen from another host."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="preau-deploy-")))
        lan = stack.enter_context(Lan(f"preau{os.getpid()}", ["a", "b"]))
        root = stack.enter_context(roots.Root("bookworm", folder / "a"))
        towns = [sharing.Town("a", root, lan, *TOWNS[letter][1:5]) for letter in ("c", "b")]
        root.serve_units()
        origin = upgrading.Origin(towns[0], folder)
        for town in towns:
            stack.callback(root.run, "systemctl", "stop", f"{town.unit}.service", check=False)
            stack.callback(town.stop)
        authority = certify(folder, list(towns))
        know_each_other(list(towns), authority)
        sharing.all_of_it(towns, authority, origin)
        other = stack.enter_context(roots.Root("bookworm", folder / "b"))
        moving.moved(stack, towns, other, origin)


def from_the_first(_seed: int) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="preau-deploy-")))
        root = stack.enter_context(roots.Root("bookworm", folder / "c"))
        upgrading.bare_origin(root)
        first.all_of_it(root)


def as_the_pages_say(_seed: int) -> None:
    """Like `upgrade`, in the network of this machine."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="preau-deploy-")))
        root = stack.enter_context(roots.Root("bookworm", folder / "c"))
        root.serve_units()
        host = Host("c", root, stack.enter_context(Lan(f"preau{os.getpid()}", [])), *TOWNS["c"][1:], here=True)
        pages.all_of_it(host, upgrading.Origin(host, folder, cloned=False))


def rename(_seed: int) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="preau-deploy-")))
        lan = stack.enter_context(Lan(f"preau{os.getpid()}", ["b", "c"]))
        hosts = [host_of(stack, folder, lan, letter) for letter in ("b", "c")]
        for host in hosts:
            host.large = False
        hosts[1].next_name = "cernon.test"
        authority = certify(folder, hosts)
        know_each_other(hosts, authority)
        for host in hosts:
            tell(f"{host.name}: install.sh", host.install())
            host.start()
        renaming.all_of_it(stack, hosts[1], hosts[0], authority)


def renew(_seed: int) -> None:
    """Installed in the network of this machine, for the packages; then in another, with an authority beside."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="preau-deploy-")))
        lan = stack.enter_context(Lan(f"preau{os.getpid()}", ["c", "b"]))
        root = stack.enter_context(roots.Root("bookworm", folder / "c"))
        host = Host("c", root, lan, *TOWNS["c"][1:], here=True, next_name="cernon.test")
        host.put_code()
        host.install()
        acme.all_of_it(stack, host, Host("b", root, lan, *TOWNS["b"][1:]), folder)


def host_of(stack: ExitStack, folder: Path, lan: Lan, letter: str) -> Host:
    suite, *about = TOWNS[letter]
    root = stack.enter_context(roots.Root(suite, folder / letter))
    host = Host(letter, root, lan, *about)
    host.put_code()
    stack.callback(host.stop)
    return host


def certify(folder: Path, hosts: list[Host]) -> Path:
    authority = trustme.CA()
    for host in hosts:
        for name, certificate, key in (
            (host.name, host.certificate, host.key),
            (host.next_name, renaming.CERTIFICATE, renaming.KEY),
        ):
            own = authority.issue_cert(name or host.name)
            host.root.path(certificate).write_bytes(b"".join(each.bytes() for each in own.cert_chain_pems))
            own.private_key_pem.write_to_path(str(host.root.path(key)))
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    return folder / "authority.pem"


def tell(title: str, said: str) -> None:
    print(f"\n━━ {title}\n{said.rstrip()}\n", flush=True)


PARTS: dict[str, Callable[[int], None]] = {
    "meet": meet,
    "interrupt": interrupt,
    "upgrade": upgrade,
    "share": share,
    "first": from_the_first,
    "pages": as_the_pages_say,
    "rename": rename,
    "renew": renew,
}

if __name__ == "__main__":
    main()
