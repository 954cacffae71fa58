"""A backup is whole or is none; it is taken while people write; older ones go when it is there."""

import json
import os
import shutil
import threading

import pytest

from instance.backups import taking
from tests.towns import CommandFailed, Town

pytestmark = pytest.mark.slow
WRITES = """
from outbox import publishing
from outbox.audience import Reach
julien = Actor.objects.get(handle="julien.mercier")
for number in range(40):
    publishing.publish(julien, publishing.Draft(f"Numéro {number}"), Reach("partners"))
"""
COUNT = "__import__('sqlite3').connect({path!r}).execute('SELECT count(*) FROM outbox_post').fetchone()[0]"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    with Town("saint-aubin", tmp_path_factory.mktemp("town")) as town:
        town.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier"])
        yield town


@pytest.fixture
def photo(town):
    path = town.folder / "data" / "media" / "files" / "parc.webp"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"le parc")
    return path


def backups(folder):
    return sorted(folder.glob("preau-*"))


def modes(folder):
    return {path.stat().st_mode & 0o777 for path in [folder, *folder.rglob("*")]}


def test_it_is_taken_while_people_write_and_counts_what_it_holds(town, photo, tmp_path):
    writer = threading.Thread(target=lambda: town.sh(WRITES))
    writer.start()
    said = town.manage("backup", "--to", str(tmp_path))
    writer.join()
    [folder] = backups(tmp_path)
    assert f"Sauvegarde complète : {folder}" in said
    told = json.loads((folder / "manifest.json").read_text())
    assert told["counts"]["posts"] == town.ask(COUNT.format(path=str(folder / "database.sqlite3"))) <= 40
    assert (told["host"], told["database"]) == (town.host, "SQLite")
    assert set(told["parts"]) == {"database.sqlite3", "media/files/parc.webp"}
    assert modes(folder) == {0o600, 0o700}
    assert "peut être restaurée" in town.manage("restore", str(folder), "--check")


def test_what_was_erased_before_is_in_no_backup(town, tmp_path):
    town.sh("""
        from outbox import posts, publishing
        from outbox.audience import Reach
        julien = Actor.objects.get(handle="julien.mercier")
        post = publishing.publish(julien, publishing.Draft("un mot de trop, canari"), Reach("partners"))
        publishing.withdraw(julien, post)
        Delivery.objects.all().delete(), Dispatch.objects.all().delete(), Receipt.objects.all().delete()
    """)
    town.manage("backup", "--to", str(tmp_path))
    assert b"canari" not in (backups(tmp_path)[0] / "database.sqlite3").read_bytes()


def test_media_that_did_not_change_are_linked_and_older_backups_go(town, photo, tmp_path):
    town.manage("backup", "--to", str(tmp_path))
    first = (backups(tmp_path)[0] / "media/files/parc.webp").stat().st_ino
    for _ in range(2):
        town.manage("backup", "--to", str(tmp_path), "--keep", "2")
    kept = backups(tmp_path)
    assert len(kept) == 2
    assert {(each / "media/files/parc.webp").stat().st_ino for each in kept} == {first}
    assert all("peut être restaurée" in town.manage("restore", str(each), "--check") for each in kept)


def test_one_that_was_interrupted_is_none_and_nothing_goes_for_it(town, photo, tmp_path):
    town.manage("backup", "--to", str(tmp_path))
    before = backups(tmp_path)
    full = "OSError(28, 'No space left on device')"
    with pytest.raises(CommandFailed, match="n’a pas pu être écrite"):
        town.sh(f"""
            from unittest import mock
            from django.core.management import call_command
            with mock.patch("instance.backups.manifest.write", side_effect={full}):
                call_command("backup", "--to", {str(tmp_path)!r}, "--keep", "1")
        """)
    assert backups(tmp_path) == before
    (tmp_path / "preau-de-cette-nuit.partielle").mkdir()  # of one that was killed
    town.manage("backup", "--to", str(tmp_path), "--keep", "1")
    assert not list(tmp_path.glob("*.partielle"))
    assert len(backups(tmp_path)) == 1 and backups(tmp_path) != before


def test_two_do_not_write_in_one_folder_at_once(town, tmp_path):
    with taking.working_in(tmp_path), pytest.raises(CommandFailed, match="en cours"):
        town.manage("backup", "--to", str(tmp_path))
    (tmp_path / "fichier").touch()
    with pytest.raises(CommandFailed, match="On ne peut pas écrire"):
        town.manage("backup", "--to", str(tmp_path / "fichier"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_one_types_it_as_who_runs_the_instance(town):
    data = town.folder / "data"
    shutil.chown(data, "nobody")
    try:
        with pytest.raises(CommandFailed, match="runuser -u nobody -- preau"):
            town.manage("backup")
    finally:
        shutil.chown(data, os.geteuid())
