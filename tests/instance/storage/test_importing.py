"""An export is imported where photos are in a bucket: all are there, none on the disk, and what was there is aside."""

import pytest

from tests import servers
from tests.buckets import SECRET, WRITTEN
from tests.instance.backups.story import WORDS, secrets
from tests.towns import CommandFailed, Town

pytestmark = pytest.mark.slow
READ = "len(Attachment.objects.get(name='parc.png').file.read())"


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """What a house with its photos on its disk has written, and is."""
    folder, keys = tmp_path_factory.mktemp("exported"), secrets()
    town = Town("saint-aubin", folder / "a", **keys)
    town.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier"])
    town.sh(f"{WORDS}\npublish('julien.mercier', 'Le parc', 'organisation', photo('julien.mercier'))")
    read = town.ask(READ)
    names = sorted(
        path.relative_to(folder / "a/data/media").as_posix() for path in (folder / "a/data/media").rglob("*.*")
    )
    town.manage("export", str(folder / "export"))
    town.stop()
    assert len(names) == 2
    return folder / "export", town.port, keys, read, names


@pytest.fixture
def other(exported, storage, tmp_path):
    """Another machine, by its bucket."""

    def make(url):
        town = Town("saint-aubin", tmp_path / "b", port=exported[1], **exported[2], PREAU_MEDIA_URL=url)
        made.append(town)
        return town

    made: list[Town] = []
    yield make
    for town in made:
        town.stop()


def test_its_photos_are_in_the_bucket_and_read_from_there(exported, other, storage):
    export, _, _, read, names = exported
    bucket = storage.bucket("essai/importee")
    bucket.put("files/inconnue.webp", b"x")
    bucket.put(names[0], b"une autre")
    town = other(storage.url("essai/importee"))
    assert "complet" in town.manage("import", str(export), "--check")
    assert bucket.read(names[0])[0] == b"une autre", "to check touches nothing"
    said = town.manage("import", str(export))
    assert "Fichiers que la sauvegarde ne connaît pas : 1" in said and SECRET not in said and WRITTEN not in said
    there = sorted(name for name, _ in bucket.listed())
    assert [name for name in there if not name.startswith("avant-")] == names
    assert [name.split("/", 1)[1] for name in there if name.startswith("avant-")] == ["files/inconnue.webp"]
    assert not list((town.folder / "data").glob("media/**/*.*"))
    town.start()
    assert town.ask(READ) == read
    assert town.manage("night", "--dry-run") == ""
    with pytest.raises(CommandFailed, match="en marche"):
        town.manage("import", str(export), "--replace")


def test_a_bucket_that_is_away_is_said_and_the_import_may_be_begun_again(exported, other, storage):
    export, _, _, read, names = exported
    away = f"127.0.0.1:{servers.free_port()}"
    town = other(storage.url("essai/absente").replace(storage.host, away))
    with pytest.raises(CommandFailed, match="preau doctor --only stockage") as said:
        town.manage("import", str(export))
    assert "Traceback" not in str(said.value)
    town.env["PREAU_MEDIA_URL"] = storage.url("essai/absente")
    town.manage("import", str(export))
    assert town.ask(READ) == read
    assert sorted(name for name, _ in storage.bucket("essai/absente").listed()) == names
