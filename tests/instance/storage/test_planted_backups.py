"""What others put beside our backups is not believed, not counted, and drives none of them out."""
# ruff: noqa: F811  fixtures of another file

import dataclasses
from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.utils.timezone import now

from instance.backups import manifest, shelves
from tests.instance.backups.test_here import migrated  # noqa: F401  a fixture
from tests.instance.storage.test_backups_in_a_bucket import data, preau, shelf, the_one  # noqa: F401  fixtures

pytestmark = pytest.mark.slow


def test_a_manifest_of_another_hand_is_not_believed_and_nothing_is_removed_for_it(
    julien, data, shelf, preau, time_machine
):
    preau("backup", "--to", "SHELF")
    folder, said = the_one(shelf)
    lying = {**said.parts, "media/files/lac.webp": said.parts["media/files/parc.webp"]}
    shelf.put(f"{folder}/{manifest.NAME}", manifest.written(dataclasses.replace(said, parts=lying)))
    assert shelves.newest_trusted(shelf) == {}
    with pytest.raises(CommandError, match="a été modifié"):
        preau("restore", f"SHELF/{folder}", "--check")
    shelf.put(f"{folder}/{manifest.NAME}", b"{")
    time_machine.move_to(now() + timedelta(days=2), tick=True)
    preau("backup", "--to", "SHELF", "--keep", "1")
    assert len(shelves.manifests(shelf)) == 2 and len(shelves.all_whole(shelf)) == 1


@pytest.mark.parametrize(
    "changed", [{"taken_at": 1}, {"seal": "é"}, {"seal": None}, {"parts": []}, {"parts": {"a": [1]}}, {"host": None}]
)
def test_a_manifest_that_makes_no_sense_stops_no_backup(julien, data, shelf, preau, time_machine, changed):
    preau("backup", "--to", "SHELF")
    mine, said = the_one(shelf)
    planted = dataclasses.replace(said, **changed)
    shelf.put(f"{shelves.home()}20990101T000000Z/{manifest.NAME}", manifest.written(planted))
    time_machine.move_to(now() + timedelta(days=2), tick=True)
    assert "complète" in preau("backup", "--to", "SHELF", "--keep", "5")
    assert mine in [folder.rstrip("/") for folder, _ in shelves.ours(shelf)]


def test_what_another_hand_plants_is_not_counted_and_drives_none_of_ours_out(julien, data, shelf, preau, time_machine):
    """Neither what it wrote itself, nor copies of what we have sealed."""
    preau("backup", "--to", "SHELF")
    mine, said = the_one(shelf)
    future = dataclasses.replace(said, taken_at="2099-01-01T00:00:00+00:00")
    planted = {f"20990101T00000{n}Z": each for n, each in enumerate((future, said, said))}
    for stamp, each in planted.items():
        shelf.put(f"{shelves.home()}{stamp}/{manifest.NAME}", manifest.written(each))
    time_machine.move_to(now() + timedelta(days=2), tick=True)
    preau("backup", "--to", "SHELF", "--keep", "2")
    assert len(shelves.ours(shelf)) == 2 and f"{mine}/" in [folder for folder, _ in shelves.ours(shelf)]
    assert "complète" in preau("restore", f"SHELF/{mine}", "--check")
    time_machine.move_to(now() + timedelta(days=2), tick=True)
    preau("backup", "--to", "SHELF", "--keep", "1")
    assert len(shelves.ours(shelf)) == 1 and len(shelves.manifests(shelf)) == 4


@pytest.mark.parametrize("host", ["rsi.vernay.media", "manifest.json", "media"])
def test_a_house_whose_name_ends_as_a_folder_of_ours_keeps_its_backups(
    julien, data, shelf, preau, settings, time_machine, host
):
    settings.HOST = host
    preau("backup", "--to", "SHELF")
    time_machine.move_to(now() + timedelta(days=2), tick=True)
    preau("backup", "--to", "SHELF", "--keep", "2")
    assert len(shelves.ours(shelf)) == len(shelves.manifests(shelf)) == 2
    assert all("complète" in preau("restore", f"SHELF/{each}", "--check") for each, _ in shelves.all_whole(shelf))


@pytest.mark.parametrize("name", ["media/../ailleurs.webp", "../ailleurs", "/etc/ailleurs", "manifest.json", "media"])
def test_a_manifest_names_nothing_outside(julien, data, shelf, preau, name):
    preau("backup", "--to", "SHELF")
    folder, said = the_one(shelf)
    parts = said.parts | {name: said.parts["media/files/parc.webp"]}
    shelf.put(f"{folder}/{manifest.NAME}", manifest.written(dataclasses.replace(said, parts=parts)))
    with pytest.raises(CommandError, match="Sauvegarde abîmée : elle nomme"):
        preau("restore", f"SHELF/{folder}", "--new-keys", "--replace")
