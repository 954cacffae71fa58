"""A town goes to another host of many, or is removed: whole, or not at all."""

import subprocess
from contextlib import ExitStack

from tests.deploy import sharing
from tests.deploy.checks import expect
from tests.deploy.hosts import until
from tests.deploy.roots import HOME, Root
from tests.deploy.upgrading import FOUND, Origin, answers

SSHD = "Port 2222\nListenAddress 127.0.0.1\nPasswordAuthentication no\n"
OTHER = "Host autre\n HostName 127.0.0.1\n Port 2222\n StrictHostKeyChecking accept-new\n"


def moved(stack: ExitStack, towns: list[sharing.Town], there: Root, origin: Origin) -> None:
    """One goes to another host; what it would lose by an accident on the way, it keeps here. Then neither is left."""
    leaving = towns[1]
    here = leaving.root
    sharing.stop_all(towns)
    resident = settle_elsewhere(there, leaving, origin)
    for town in towns:
        sharing.run(here, "start", town.label)
    expect(
        "ssh" in sharing.run(here, "move", leaving.label, "autre", check=False) and answers(leaving),
        "it left without a way",
    )
    open_ssh(stack, here, there)
    script = there.path("/opt/preau/deploy/install.sh")
    script.chmod(0o644)
    said = sharing.run(here, "move", leaving.label, "autre", check=False)
    expect("de nouveau ici" in said and answers(leaving), f"an accident on the way was to change nothing: {said}")
    expect(leaving.label not in sharing.run(there, "list"), "half of it stayed there")
    script.chmod(0o755)
    print(
        sharing.run(here, "move", leaving.label, "autre"),
        sharing.run(here, "list"),
        sharing.run(there, "list"),
        sep="\n",
        flush=True,
    )
    arrived = sharing.Town(leaving.letter, there, leaving.lan, leaving.name, leaving.town, leaving.siren, leaving.admin)
    stack.callback(there.run, "systemctl", "stop", f"{arrived.unit}.service", check=False)
    expect(arrived.sh(FOUND) == "1 True" and answers(arrived), "it is not whole there")
    expect(arrived.port != resident.port, "two towns at one port")
    stays_away(here, leaving)
    removed(here, towns)


def stays_away(here: Root, leaving: sharing.Town) -> None:
    said = here.run("/usr/local/bin/preau", f"@{leaving.label}", "upgrade", check=False)
    expect(
        "partie sur autre" in said and "partie sur autre" in sharing.run(here, "add", leaving.label, check=False), said
    )
    expect("deux endroits" in sharing.run(here, "start", leaving.label, check=False), "it may not serve at both")


def removed(here: Root, towns: list[sharing.Town]) -> None:
    for town in towns:
        print(sharing.run(here, "remove", town.label, "--yes"), flush=True)
    expect(sharing.run(here, "list").count("\n") == 1, "something is left")
    places = ("/etc/preau-host", "/var/lib/preau-host", "/opt/preau-host/versions")
    left = "".join(here.run("ls", "-A", place) for place in places) + here.run("getent", "passwd")
    expect(not any(town.label in left for town in towns), f"left: {left}")
    last, left_behind = sorted(here.path("/var/backups/preau-host/.removed").iterdir())
    expect(last.name.startswith(towns[0].label) and any((last / "backups").iterdir()), "no last backup")
    expect((last / "preau.env").exists() and not (left_behind / "preau.env").exists(), "whose keys are kept")


def settle_elsewhere(there: Root, like: sharing.Town, origin: Origin) -> sharing.Town:
    """Another host, where a town lives already."""
    there.serve_units()
    there.run("apt-get", "update", "-qq")
    there.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "git", "openssh-server")
    subprocess.run(["git", "clone", "--quiet", str(origin.bare), str(there.path("/opt/preau"))], check=True)
    town = sharing.Town("a", there, like.lan, "rsi.luzy.test", "Luzy", "210404040", "Karim Haddad")
    for path in (town.certificate, town.key):
        there.path(path).write_bytes(
            like.root.path(like.certificate if path == town.certificate else like.key).read_bytes()
        )
    town.install()
    sharing.run(there, "stop", town.label)
    expect(not answers(town), "it still answers")
    return town


def open_ssh(stack: ExitStack, here: Root, there: Root) -> None:
    here.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "openssh-client")
    here.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{HOME}/.ssh/id_ed25519")
    here.path(f"{HOME}/.ssh/config").write_text(OTHER)
    there.path(f"{HOME}/.ssh").mkdir(mode=0o700, exist_ok=True)
    there.path(f"{HOME}/.ssh/authorized_keys").write_text(here.path(f"{HOME}/.ssh/id_ed25519.pub").read_text())
    there.path("/etc/ssh/sshd_config.d/test.conf").write_text(SSHD)
    there.path("/run/sshd").mkdir(exist_ok=True)
    process = subprocess.Popen(there.command("/usr/sbin/sshd", "-D", "-e"), stdin=-3, stdout=-3, stderr=-3)
    stack.callback(process.terminate)
    until(
        "sshd answers",
        lambda: here.run("ssh", "-o", "BatchMode=yes", "autre", "echo ok", check=False).strip().endswith("ok"),
    )
