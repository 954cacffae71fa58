"""What an installation must have left, whatever happened while it ran."""

import hashlib
import os
import random
import signal
import subprocess
import time
from typing import Any

from tests.deploy.hosts import Host
from tests.deploy.roots import Failed

COUNT = "print(*(each.objects.count() for each in (Organisation, Agent, Actor, Key, SignInLink)))"
STEPS = 9  # of the large form
IMPORTS = "from actors.models import Actor, Agent, Organisation, SignInLink; from federation.models import Key; "
WAY_IN, COMMAND = "Connexion de helene.vasseur", "preau agents link helene.vasseur"


def state(host: Host) -> dict[str, Any]:
    """What a second run must leave as it is."""
    root = host.root
    kept = ("/etc/preau/preau.env", "/etc/preau/install.answers", "/etc/nginx/sites-available/preau")
    units = sorted(root.path("/etc/systemd/system").glob("preau*"))
    wants = sorted(root.path("/etc/systemd/system").glob("*.wants/preau*"))
    return {
        "files": {name: digest(root.path(name).read_bytes()) for name in kept},
        "units": {each.name: digest(each.read_bytes()) for each in units},
        "enabled": [each.name for each in wants],
        "rights": root.run(
            "stat", "-c", "%U:%G %a %n", *kept[:1], "/etc/preau", "/var/lib/preau", "/var/backups/preau"
        ),
        "rows": host.sh(IMPORTS + COUNT),
    }


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def once_more(host: Host) -> str:
    """Another run finds everything done, and changes nothing."""
    before = state(host)
    said = host.install()
    expect(state(host) == before, f"{host.name}: the second run changed something")
    steps = [line for line in said.splitlines() if line.startswith("[") and "✓ déjà fait" not in line]
    expect(len(steps) == 1, f"{host.name}: the second run did {steps}")
    return said


def units_and_site(host: Host) -> None:
    """systemd and nginx find nothing to say; no secret can be read by others, and none is on a command line."""
    names = [each.name for each in sorted(host.root.path("/etc/systemd/system").glob("preau*"))]
    said = host.root.run("systemd-analyze", "verify", *(f"/etc/systemd/system/{name}" for name in names))
    expect(said.strip() == "", f"{host.name}: systemd-analyze verify: {said}")
    said = host.root.run("nginx", "-t")
    expect("successful" in said and "warn" not in said, f"{host.name}: nginx -t: {said}")
    secret = secret_of(host)
    found = host.root.run("grep", "-rl", secret, "/etc", "/var/log", "/var/lib/preau", "/opt/preau/deploy", check=False)
    expect(found.split() == ["/etc/preau/preau.env"], f"{host.name}: the secret is in {found}")
    print(
        f"  {host.name}: {', '.join(names)} verified; nginx -t successful; the secrets are in preau.env alone",
        flush=True,
    )


def secret_of(host: Host) -> str:
    lines = host.root.path("/etc/preau/preau.env").read_text().splitlines()
    (found,) = (line.partition("=")[2] for line in lines if line.startswith("PREAU_KEYS_SECRET="))
    return found


def interrupted(host: Host, chance: random.Random, times: int) -> str:
    """Killed that often, each time at a random moment of a random step, then run to its end, twice: as good as one that
    nothing disturbed."""
    for step in sorted(chance.choices(range(1, STEPS + 1), k=times)):
        print(f"  killed at: {killed(host, step, chance.uniform(0, 3))[:110]}", flush=True)
    said = host.install()
    again = once_more(host)
    expect(WAY_IN in said and "://" in said.partition(WAY_IN)[2], f"no way in was shown: {said}")
    expect(WAY_IN not in again and COMMAND in again, f"another link was made: {again}")
    units_and_site(host)
    agents = host.preau("agents", "list").splitlines()
    expect(agents == [f"helene.vasseur\t{host.admin}\tadmin"], f"agents: {agents}")
    expect(state(host)["rows"].startswith("1 1 "), f"rows: {state(host)['rows']}")
    return said


def killed(host: Host, step: int, after: float) -> str:
    """The last line that it said, so many seconds after it began that step."""
    run = subprocess.Popen(host.root.command(*host.words()), stdin=-3, stdout=-1, stderr=-2, start_new_session=True)
    assert run.stdout
    said = b""
    while f"[{step}/".encode() not in said and (more := os.read(run.stdout.fileno(), 4096)):
        said += more
    time.sleep(after)
    os.killpg(run.pid, signal.SIGKILL)
    said += run.communicate()[0]
    return said.decode(errors="replace").strip().rpartition("\n")[2]


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Failed(otherwise)
