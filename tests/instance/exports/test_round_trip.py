"""From SQLite to PostgreSQL and back again: the same files, whatever was in any column."""

import json
import shutil

import pytest

from instance.exports import kinds
from tests.instance.backups.story import secrets, variables
from tests.towns import Town

pytestmark = [pytest.mark.slow, pytest.mark.postgres]


def said(folder):
    """All but when it was said, and by which database."""
    found = json.loads((folder / "export.json").read_text())
    return {name: value for name, value in found.items() if name not in ("taken_at", "database", "seal")}


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in (folder / "donnees").iterdir()}


@pytest.fixture
def towns(tmp_path):
    """A small house, a large one and a small one again, of one name and one secret, none of which runs."""
    keys = secrets()
    small = Town("saint-aubin", tmp_path / "small", **keys)
    large = Town(
        "saint-aubin", tmp_path / "large", port=small.port, **keys, **variables("postgresql", "large", empty=True)
    )
    again = Town("saint-aubin", tmp_path / "again", port=small.port, **keys)
    yield small, large, again
    for town in (small, large, again):
        town.stop()


def test_what_is_exported_imported_and_exported_again_is_the_same(towns, tmp_path):
    small, large, again = towns
    small.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier"])
    small.sh("from tests.instance.exports import filling\nfilling.fill()")
    photo = small.folder / "data" / "media" / "files" / "parc.webp"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"le parc")
    small.stop()
    small.manage("export", str(tmp_path / "1"), "--last")
    large.manage("import", str(tmp_path / "1"))
    large.manage("export", str(tmp_path / "2"), "--last")
    again.manage("import", str(tmp_path / "2"))
    again.manage("export", str(tmp_path / "3"), "--last")
    first = contents(tmp_path / "1")
    assert {path.stem for path in first} == set(kinds.KEPT) and all(first.values())
    assert first == contents(tmp_path / "2") == contents(tmp_path / "3")
    assert said(tmp_path / "1") == said(tmp_path / "2") == said(tmp_path / "3")
    assert (again.folder / "data" / "media" / "files" / "parc.webp").read_bytes() == b"le parc"
    shutil.rmtree(again.folder / "data")
