"""Each command that the admin's page shows was typed here, in its order; what it says is refused is said so."""

import re
import shlex
import shutil

import pytest

from tests.servers import ROOT
from tests.towns import Town

PAGE = ROOT / "docs" / "operations" / "exporter-et-importer.md"
SECRET = {"PREAU_KEYS_SECRET": "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="}


def commands():
    """In blocks, and in the steps from one form to the other."""
    page = PAGE.read_text()
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    shown = [line for block in blocks for line in block.splitlines() if line.strip()]
    steps = page.partition("## Passer de la petite forme")[2]
    shown += re.findall(r"`(preau (?:backup|export|import)[^`…]*)`", steps.partition("**Sur une autre machine**")[0])
    return [shlex.split(line) for line in shown]


def typed(command, folder):
    """As shown, with this machine's folders and names; the passphrase comes from a file, since nobody sits here."""
    found = []
    for word in command[1:]:
        if word.endswith(".cles"):
            word = str(next((folder / "cle").glob("*.cles")))
        word = word.replace("/var/backups/preau", str(folder)).replace("/media/cle-usb", str(folder / "cle"))
        found.append(word)
    return [*found, *(["--passphrase-file", str(folder / "phrase")] if {"--keys-to", "--keys"} & set(command) else [])]


@pytest.mark.slow
def test_each_command_of_the_page_does_what_it_says(tmp_path):
    town = Town("saint-aubin", tmp_path / "instance", **SECRET)
    town.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier"])
    town.stop()
    (tmp_path / "phrase").write_text("trois petits chats du village")
    (tmp_path / "phrase").chmod(0o600)
    said = []
    for command in commands():
        if command[1] == "export":
            shutil.rmtree(tmp_path / "depart", ignore_errors=True)
        said.append(town.manage(*typed(command, tmp_path)))
    expected = ["Export complet", "Clés :", "peut être importé", "Importé", "reste fermée", "Ouverte"]
    expected += ["Sauvegarde", "reste fermée", "continue où elle s’est arrêtée"]
    assert [word in each for word, each in zip(expected, said, strict=True)] == [True] * len(expected)


def test_what_the_page_says_is_refused_is_what_commands_say():
    folders = (ROOT / "instance" / each for each in ("backups", "exports", "maintenance.py"))
    files = [path for each in folders for path in ([each] if each.is_file() else each.glob("*.py"))]
    source = re.sub(r'"\s*f?"', "", " ".join(path.read_text() for path in files))
    rows = re.findall(r"^\| (.+?) \| .+ \|$", PAGE.read_text().partition("## Quand c’est refusé")[2], re.MULTILINE)[1:]
    assert len(rows) == 10
    for row in rows:
        assert all(part.strip() in source for part in row.split("…") if part.strip()), row
