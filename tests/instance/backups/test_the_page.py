"""Each command that the admin's page shows was typed here, in the order of the page."""

import re
import shlex
import shutil

import pytest

from tests.servers import ROOT
from tests.towns import Town

pytestmark = pytest.mark.slow
PAGE = ROOT / "docs" / "operations" / "sauvegarder-et-restaurer.md"


def commands():
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines() if line.strip()]


def typed(command, folder):
    """As shown, with this machine's folders and names; the passphrase comes from a file, since nobody sits here."""
    here = {"/var/backups/preau": folder / "sauvegardes", "/media/cle-usb": folder / "cle"}
    found = []
    for word in command[1:]:
        for shown, place in here.items():
            if word.startswith(f"{shown}/"):
                word = str(max(place.glob("preau-*")))
            word = word.replace(shown, str(place))
        found.append(word)
    with_keys = {"--keys-to", "--keys"} & set(command)
    return [*found, *(["--passphrase-file", str(folder / "phrase")] if with_keys else [])]


def test_each_command_of_the_page_does_what_it_says(tmp_path):
    town = Town("saint-aubin", tmp_path / "instance", PREAU_KEYS_SECRET="YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=")
    town.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier"])
    (tmp_path / "phrase").write_text("trois petits chats du village")
    (tmp_path / "phrase").chmod(0o600)
    said = []
    for command in commands():
        assert command[0] == "preau"
        if command[1] == "restore" and "--check" not in command and "--show-settings" not in command:
            town.stop()
            shutil.rmtree(tmp_path / "instance" / "data")  # a machine that is new, with secrets of its own
            town = Town("saint-aubin", tmp_path / "instance", port=town.port)
        said.append(town.manage(*typed(command, tmp_path)))
    town.stop()
    expected = ["complète", "Clés :", "peut être restaurée", "Restaurée", "PREAU_SECRET_KEY=", "En maintenance"]
    assert [word in each for word, each in zip(expected, said, strict=False)] == [True] * len(expected)
    assert said[-1].startswith("Ouverte") and len(said) == 8


def test_what_the_page_says_is_refused_is_what_commands_say():
    source = " ".join(path.read_text() for path in (ROOT / "instance" / "backups").glob("*.py"))
    source = re.sub(r'"\s*f?"', "", source)
    rows = re.findall(r"^\| (.+?) \| .+ \|$", PAGE.read_text(), re.MULTILINE)[1:]
    assert len(rows) == 11
    for row in rows:
        assert all(part.strip() in source for part in row.split("…") if part.strip()), row
