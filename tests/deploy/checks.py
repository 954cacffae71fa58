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

COUNT = "print(*(each.objects.count() for each in (Organisation, Agent, Actor)), Key.objects.count())"
IMPORTS = "from actors.models import Actor, Agent, Organisation; from federation.models import Key; "


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
    """Killed that often at random moments, then run to its end, twice: as good as one that nothing disturbed."""
    for _ in range(times):
        patience = chance.uniform(0.3, 12)
        command = host.root.command(*host.words())
        run = subprocess.Popen(
            command, stdin=-3, stdout=-1, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        time.sleep(patience)
        os.killpg(run.pid, signal.SIGKILL)
        lines = (run.communicate()[0] or "").strip().splitlines() or [""]
        print(f"  killed after {patience:4.1f} s, at: {lines[-1][:110]}", flush=True)
    said = host.install()
    expect(once_more(host) != "", "")
    units_and_site(host)
    agents = host.preau("agents", "list").splitlines()
    expect(agents == ["helene.vasseur\tHélène Vasseur\tadmin"], f"agents: {agents}")
    expect(state(host)["rows"].startswith("1 1 "), f"rows: {state(host)['rows']}")
    return said


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Failed(otherwise)
