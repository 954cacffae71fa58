"""The pages for admins, typed line by line at a bare machine, in their order, as whoever has only them would."""

import os
import pty
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress

from tests.deploy.checks import expect
from tests.deploy.hosts import Host
from tests.deploy.roots import Failed, Root
from tests.deploy.upgrading import ORIGIN, Origin
from tests.servers import ROOT

PAGES = ("installer", "mettre-a-jour", "heberger-plusieurs-communes")
ELSEWHERE = {  # lines that ask for what a bare machine alone has not, and where they are run
    "preau peers offer": "meeting.py",
    "preau-host move": "moving.py",
}
INSTALL = "/opt/preau/deploy/install.sh --small"
# What a page leaves to whoever reads it: the address of the clone; no nginx of this machine is at its ports.
INSTEAD = {"ADRESSE_DU_DÉPÔT": ORIGIN, "add vernay": "add vernay --tls none", "--yes": "--yes --tls none"}
SOUND = {"doctor": (0, 1, 2)}
KEYBOARD = {  # what is answered to a question that begins so
    "Nom de l'instance": "{domain}",
    "Nom complet": "Ville de Saint-Aubin-la-Rivière",
    "Nom court": "Saint-Aubin",
    "Numéro SIREN": "210101010",
    "Prénom et nom": "Hélène Vasseur",
    "Son adresse": "informatique@saint-aubin.test",
    "Continuer ?": "o",
    "Tapez son nom": "vernay",
}


def lines(page: str) -> Iterator[str]:
    text = (ROOT / "docs" / "operations" / f"{page}.md").read_text()
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        yield from (line.partition("   #")[0].strip() for line in block.splitlines() if line.strip())


def answers_of_the_page() -> str:
    text = (ROOT / "docs" / "operations" / "installer.md").read_text()
    (found,) = (each for each in re.findall(r"```ini\n(.*?)```", text, re.DOTALL) if "\nsiren=" in each)
    return str(found)


def all_of_it(host: Host, origin: Origin) -> None:
    root = host.root
    root.path("reponses.txt").write_text(answers_of_the_page())
    root.path("cernon.txt").write_text(answers_of_the_page().replace("saint-aubin", "cernon"))
    for page in PAGES:
        for line in lines(page):
            if page == "mettre-a-jour":
                news(origin, line)
            if not any(line.startswith(each) for each in ELSEWHERE):
                type_it(root, line)


def news(origin: Origin, line: str) -> None:
    """There is something to upgrade to."""
    if "--check" in line:
        origin.publish("A version", tag="v0.1.0")
    elif "--to" in line:
        origin.publish("Another", tag=line.rpartition(" ")[2])


def type_it(root: Root, line: str) -> None:
    there = root.path("/opt/preau")
    if line.startswith("git clone") and there.exists():
        return  # the page of many towns begins as that of one
    for shown, real in INSTEAD.items():
        line = line.replace(shown, real)
    for folder in root.path("/var/backups/preau-host/.removed").glob("vernay-*"):
        line = re.sub(r"vernay-\d{8}-\d{6}", folder.name, line)  # of the moment
    for folder in root.path("/var/backups/preau-host/vernay").glob("preau-*"):
        line = re.sub(r"preau-rsi\.vernay\.fr-\w+", folder.name, line)
    print(f"# {line}", flush=True)
    status, said = at_keyboard(root, line)
    print("\n".join(f"    {each}" for each in said.strip().splitlines()[-6:]), flush=True)
    if line == INSTALL:  # Let's Encrypt cannot see this machine, and the page says that it may be run again
        expect(status == 1 and "Let's Encrypt doit pouvoir joindre" in said, f"{line}: {said[-2000:]}")
        return
    allowed = next((each for word, each in SOUND.items() if word in line), (0,))
    if status not in allowed:
        raise Failed(f"{line} ended with {status}:\n{said[-3000:]}")


def at_keyboard(root: Root, line: str) -> tuple[int, str]:
    """Run it at a terminal, and answer what is asked there."""
    ours, theirs = pty.openpty()
    command = root.command("sh", "-c", f"cd / && {line}")
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    said, seen = b"", 0
    with suppress(OSError):  # the terminal is closed when nobody is left at it
        while more := os.read(ours, 4096):
            said += more
            question = said[seen:].decode(errors="replace").rpartition("\n")[2]
            for begins, answer in KEYBOARD.items():
                if question.startswith(begins) and question.endswith((": ", "] ")):
                    domain = "rsi.vernay.test" if "vernay" in line else "rsi.saint-aubin.fr"
                    os.write(ours, f"{answer.format(domain=domain)}\n".encode())
                    seen = len(said)
    os.close(ours)
    return process.wait(), said.decode(errors="replace")
