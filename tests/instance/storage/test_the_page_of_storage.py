"""Each command that the admin's page on storage shows was typed here, in the order of the page."""

import re
import shlex
import shutil

import pytest

from tests.servers import ROOT
from tests.towns import CommandFailed, Town

pytestmark = pytest.mark.slow
PAGE = ROOT / "docs" / "operations" / "stockage.md"
SHOWN, DATED = "s3://s3.ailleurs.fr/sauvegardes-rsi", "preau-rsi.exemple.fr/20261126T023000Z"
EXPECTED = [
    *("pas dans le bucket", "1 fichiers", "0 fichiers", "complète"),
    *("Il y a :", "peut être restaurée", "Restaurée"),
]


@pytest.fixture
def town(storage, tmp_path):
    """With a photo on its disk, the settings of the page, and its keys apart."""
    urls = {"PREAU_MEDIA_URL": "essai/page/photos", "PREAU_BACKUP_URL": "essai/page-sauvegardes"}
    variables = {name: storage.url(place) for name, place in urls.items()}
    town = Town("saint-aubin", tmp_path / "a", **variables)
    town.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier"])
    photo = tmp_path / "a/data/media/files/parc.webp"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"le parc")
    town.sh("from outbox.models import Attachment\nowner = Agent.objects.get(actor__name='Julien Mercier').actor")
    town.sh("Attachment.objects.create(owner=owner, kind='image', state='kept', file='files/parc.webp')")
    (tmp_path / "phrase").write_text("trois petits chats du village")
    (tmp_path / "phrase").chmod(0o600)
    keys = ["--keys-to", str(tmp_path / "cles"), "--passphrase-file", str(tmp_path / "phrase")]
    town.manage("backup", "--to", str(tmp_path / "b"), *keys)
    yield town
    town.stop()


def typed(line, place, there, tmp_path):
    """As shown, with this machine's names; the passphrase comes from a file, since nobody sits here."""
    words = shlex.split(line.replace(f"{SHOWN}/{DATED}", place).replace(SHOWN, there))[1:]
    if "--keys" not in words:
        return words
    keys = str(next((tmp_path / "cles").iterdir()))
    return [
        *(keys if each.endswith(".cles") else each for each in words),
        "--passphrase-file",
        str(tmp_path / "phrase"),
    ]


def test_each_command_of_the_page_does_what_it_says(town, storage, tmp_path):
    """What refuses is told as well: a photo is still on the disk; who names no backup reads which there are."""
    there, place, said = storage.address("essai/page-sauvegardes").shown, "", []
    for line in re.findall(r"^preau .*$", PAGE.read_text(), re.MULTILINE):
        if "--keys" in line:
            town.stop()
            shutil.rmtree(tmp_path / "a/data")  # a machine that is new
        try:
            said.append(town.manage(*typed(line, place, there, tmp_path)))
        except CommandFailed as refusal:
            said.append(str(refusal))
        if found := re.search(rf"{re.escape(there)}/preau-\S+", said[-1]):
            place = found[0]
    assert [word in each for word, each in zip(EXPECTED, said, strict=True)] == [True] * len(EXPECTED), said
