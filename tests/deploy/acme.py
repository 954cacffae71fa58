"""The certificate that is asked for and renewed by itself, of an authority that speaks as Let's Encrypt does.

The authority is pebble, which Let's Encrypt makes for such trials: it comes to the name at port 80, as the real one.
"""

import json
import re
import ssl
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import trustme

from tests.deploy import meeting, renaming
from tests.deploy.checks import expect
from tests.deploy.hosts import Host, know_each_other, until

AUTHORITY = "acme.test"


def all_of_it(stack: ExitStack, host: Host, visitor: Host, folder: Path) -> None:
    """`host` is where `--tls none` was installed a moment ago; its packages are there, and its ways out are not."""
    root = host.root
    root.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "nginx", "certbot")
    root.serve_units()
    host.here = False
    tls = authority(stack, host, visitor, folder)
    root.path("/run/units").mkdir()
    root.path("/run/units/nginx").touch()  # the stand-in for systemd has it run, in this namespace alone
    words = host.words()
    words = words[: words.index("--tls")]
    print(root.run(*words, "--tls", "letsencrypt", space=host.space), flush=True)
    stack.callback(root.run, "systemctl", "stop", "nginx", "preau.service", check=False)
    believed = roots_of(visitor, tls, folder)
    until(f"{host.name} answers", lambda: meeting.answers(host, visitor, believed))
    print("  signed in over its certificate:", meeting.sign_in(host, visitor, believed), flush=True)
    said = root.run(*words, "--tls", "letsencrypt", space=host.space)
    expect(len([line for line in said.splitlines() if line.startswith("[") and "✓ déjà fait" not in line]) == 1, said)
    first = shown(host, visitor)
    root.run(
        "certbot",
        "renew",
        "--force-renewal",
        "--no-random-sleep-on-renew",
        space=host.space,
        REQUESTS_CA_BUNDLE="/etc/ssl/acme.pem",
    )
    until("nginx shows the new certificate", lambda: shown(host, visitor) != first)
    print("  renewed, and shown by nginx without a hand", flush=True)
    another_name(host, visitor, believed)


def another_name(host: Host, visitor: Host, believed: Path) -> None:
    """It asks for a certificate of its own, while the former name is served; then each name shows its own."""
    former = host.name
    said = host.root.run(
        "preau", "move-domain", host.next_name, "--yes", space=host.space, REQUESTS_CA_BUNDLE="/etc/ssl/acme.pem"
    )
    host.name = host.next_name
    expect(f"https://{host.name}" in said, said)
    until(f"{host.name} answers", lambda: meeting.answers(host, visitor, believed))
    found = {renaming.page(visitor, believed, f"https://{name}/charte/").split()[1] for name in (former, host.name)}
    expect(found == {"301", "200"}, f"one name is to lead to the other: {found}")
    print(f"  {former} is {host.name}, each with a certificate of its own", flush=True)


def authority(stack: ExitStack, host: Host, visitor: Host, folder: Path) -> Path:
    """pebble, on the machine of the visitor; what certbot must be told is in its own settings. Its TLS's authority."""
    local = trustme.CA()
    own = local.issue_cert(AUTHORITY)
    own.cert_chain_pems[0].write_to_path(str(folder / "acme-own.pem"))
    own.private_key_pem.write_to_path(str(folder / "acme-own.key"))
    local.cert_pem.write_to_path(str(folder / "acme.pem"))
    know_each_other([host], folder / "acme.pem")
    lines = f"{host.root.path('/etc/hosts').read_text()}{host.lan.address(visitor.letter)} {AUTHORITY}\n"
    host.lan.name_hosts(lines)
    host.root.path("/etc/hosts").write_text(lines)
    host.root.path("/etc/ssl/acme.pem").write_bytes((folder / "acme.pem").read_bytes())
    host.root.path("/etc/letsencrypt").mkdir(exist_ok=True)
    host.root.path("/etc/letsencrypt/cli.ini").write_text(f"server = https://{AUTHORITY}:14000/dir\n")
    (folder / "pebble.json").write_text(json.dumps({"pebble": settings(folder)}))
    pebble = ["ip", "netns", "exec", visitor.space, "env", "PEBBLE_VA_NOSLEEP=1", "pebble"]
    with (folder / "pebble.log").open("wb") as log:
        process = subprocess.Popen([*pebble, "-config", str(folder / "pebble.json")], stdout=log, stderr=log)
    stack.callback(process.terminate)
    time.sleep(2)
    return folder / "acme.pem"


def settings(folder: Path) -> dict[str, object]:
    return {
        "listenAddress": "[::]:14000",
        "managementListenAddress": "[::]:15000",
        "certificate": str(folder / "acme-own.pem"),
        "privateKey": str(folder / "acme-own.key"),
        "httpPort": 80,
        "tlsPort": 443,
        "ocspResponderURL": "",
        "externalAccountBindingRequired": False,
    }


def roots_of(visitor: Host, tls: Path, folder: Path) -> Path:
    """Who signs what pebble gives: another one at each of its starts."""
    ask = ["ip", "netns", "exec", visitor.space, "curl", "-s", "--cacert", str(tls)]
    run = subprocess.run([*ask, f"https://{AUTHORITY}:15000/roots/0"], capture_output=True, check=True)
    (folder / "pebble-root.pem").write_bytes(run.stdout)
    ssl.create_default_context(cafile=str(folder / "pebble-root.pem"))
    return folder / "pebble-root.pem"


def shown(host: Host, visitor: Host) -> str:
    there = ["-connect", f"[{host.lan.address(host.letter)}]:443", "-servername", host.name]
    ask = ["ip", "netns", "exec", visitor.space, "openssl", "s_client", *there]
    run = subprocess.run(ask, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    (certificate,) = re.findall("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", run.stdout, re.DOTALL)
    return str(certificate)
