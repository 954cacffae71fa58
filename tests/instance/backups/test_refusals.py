"""What is refused before anything is touched, each with a sentence that says what to do."""

import json
import shutil

import pytest

from instance.backups import keys_apart
from tests.towns import CommandFailed, Town

pytestmark = pytest.mark.slow
PASSPHRASE = "trois petits chats du village"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Saint-Aubin, which is set up and does not run, with a photo and one backup of it."""
    folder = tmp_path_factory.mktemp("saved")
    town = Town("saint-aubin", folder / "a", PREAU_KEYS_SECRET="YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=")
    town.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier"])
    photo = folder / "a" / "data" / "media" / "files" / "parc.webp"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"le parc")
    passphrase = folder / "passphrase"
    passphrase.write_text(PASSPHRASE + "\n")
    passphrase.chmod(0o600)
    keys = ["--keys-to", str(folder / "keys"), "--passphrase-file", str(passphrase)]
    town.manage("backup", "--to", str(folder / "backups"), *keys)
    yield town
    town.stop()


@pytest.fixture
def backup(town, tmp_path):
    """A copy of the backup, to be spoiled."""
    found = next((town.folder.parent / "backups").glob("preau-*"))
    return shutil.copytree(found, tmp_path / found.name)


@pytest.fixture
def elsewhere(town, tmp_path):
    """Another machine of the same name, empty, with secrets of its own."""
    other = Town("saint-aubin", tmp_path / "b", port=town.port)
    yield other
    other.stop()


def keys_of(town):
    return ["--keys", str(next((town.folder.parent / "keys").iterdir()))]


def with_passphrase(town):
    return [*keys_of(town), "--passphrase-file", str(town.folder.parent / "passphrase")]


def refused(town, sentence, *arguments):
    with pytest.raises(CommandFailed, match=sentence):
        town.manage("restore", *arguments)


def spoil_database(backup):
    with (backup / "database.sqlite3").open("r+b") as file:
        file.seek(5000)
        file.write(b"autre chose")


def lose_photo(backup):
    (backup / "media" / "files" / "parc.webp").unlink()


def swap_photo(backup):
    photo = backup / "media" / "files" / "parc.webp"
    photo.rename(backup / "ailleurs")
    photo.symlink_to(backup / "ailleurs")


@pytest.mark.parametrize("spoil", [spoil_database, lose_photo, swap_photo])
def test_a_damaged_backup_is_not_restored(town, backup, spoil):
    spoil(backup)
    refused(town, "Sauvegarde abîmée", str(backup), "--check")


def test_a_backup_whose_list_was_changed_is_not_believed(town, backup):
    said = json.loads((backup / "manifest.json").read_text())
    said["parts"].pop("media/files/parc.webp")
    (backup / "manifest.json").write_text(json.dumps(said))
    refused(town, "a été modifié", str(backup), "--check")
    (backup / "manifest.json").write_text('{"format": 1')
    refused(town, "est abîmé", str(backup), "--check")
    (backup / "manifest.json").unlink()
    refused(town, "n’est pas une sauvegarde complète", str(backup), "--check")


def test_a_backup_is_of_one_instance_only(backup, tmp_path):
    vernay = Town("vernay", tmp_path / "vernay")
    refused(vernay, "ne se restaure que sous son nom", str(backup), "--check")


def test_a_backup_of_a_later_version_waits_for_an_upgrade(town, backup):
    said = json.loads((backup / "manifest.json").read_text())
    (backup / "manifest.json").write_text(json.dumps(said | {"version": "99.0"}))
    refused(town, "plus récent que celui-ci", str(backup), "--check")
    changed = said | {"migrations": [*said["migrations"], ["actors", "9999_to_come"]]}
    (backup / "manifest.json").write_text(json.dumps(changed))
    refused(town, "Mettez d’abord Préau à jour", str(backup), "--check")


def test_an_instance_that_has_data_is_not_written_over(town, backup):
    before = (town.folder / "data" / "preau.sqlite3").read_bytes()
    refused(town, "rien n’a été touché.*--replace", str(backup))
    assert (town.folder / "data" / "preau.sqlite3").read_bytes() == before
    assert not (town.folder / "data" / "maintenance").exists()


def test_an_instance_that_runs_is_not_replaced(town, backup):
    town.start()
    try:
        refused(town, "en marche. Arrêtez-la", str(backup), "--replace")
    finally:
        town.stop()


def test_without_the_keys_nothing_is_restored(town, elsewhere, backup):
    """A backup alone signs nothing: whoever has it has no key of anybody's."""
    secret = b"YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="
    assert not [path for path in backup.rglob("*") if path.is_file() and secret in path.read_bytes()]
    refused(elsewhere, "ne sont pas sur cette machine", str(backup))
    other = keys_apart.closed({"PREAU_KEYS_SECRET": "x" * 44}, PASSPHRASE)
    (backup.parent / "autres.cles").write_bytes(other)
    passphrase = str(town.folder.parent / "passphrase")
    keys = ["--keys", str(backup.parent / "autres.cles"), "--passphrase-file", passphrase]
    refused(elsewhere, "n’est pas celui de cette sauvegarde", str(backup), *keys)
    elsewhere.manage("restore", str(backup), "--new-keys")  # who has lost them begins anew, under keys of her own
    assert elsewhere.ask("sorted({key.uri.partition('#')[2] for key in Key.objects.exclude(sealed_private='')})") == [
        "key-2"
    ]


def test_a_wrong_passphrase_opens_nothing(town, elsewhere, backup):
    wrong = backup.parent / "passphrase"
    wrong.write_text("trois petits chiens du village")
    wrong.chmod(0o600)
    refused(elsewhere, "n’ouvre pas", str(backup), *keys_of(town), "--passphrase-file", str(wrong))
    wrong.chmod(0o644)
    refused(elsewhere, "chmod 600", str(backup), *keys_of(town), "--passphrase-file", str(wrong))
    refused(elsewhere, "dans un fichier", str(backup), *keys_of(town))  # no terminal to ask


def test_the_keys_open_with_the_passphrase_and_are_made_again_on_a_new_machine(town, elsewhere, backup):
    shown = elsewhere.manage("restore", "--show-settings", *with_passphrase(town))
    assert "PREAU_KEYS_SECRET=" in shown
    said = elsewhere.manage("restore", str(backup), *with_passphrase(town))
    assert "preau agents link IDENTIFIANT" in said and "preau backup --keys-to DOSSIER" in said and "rm -r" not in said
    assert elsewhere.ask("__import__('federation.keys').keys.unseal(Key.objects.first().sealed_private)[:10].decode()")
    assert elsewhere.ask("Actor.objects.filter(local=True, handle='julien.mercier').count()") == 1
    assert (elsewhere.folder / "data" / "media" / "files" / "parc.webp").read_bytes() == b"le parc"
    assert not (elsewhere.folder / "data" / "maintenance").exists()


def test_a_restoration_that_was_cut_short_keeps_the_doors_closed_until_it_is_begun_again(town, elsewhere, backup):
    with pytest.raises(CommandFailed, match="Relancez avec --replace"):
        elsewhere.sh(f"""
            from unittest import mock
            from django.core.management import call_command
            with mock.patch("instance.database.bring_up_to_date", side_effect=OSError(28, "No space left on device")):
                call_command("restore", {str(backup)!r}, *{with_passphrase(town)!r})
        """)
    elsewhere.stop()
    with pytest.raises(CommandFailed, match="n’est pas finie"):
        elsewhere.manage("maintenance", "off")
    assert "/data/*.avant-*" in elsewhere.manage("restore", str(backup), *with_passphrase(town), "--replace")
    assert "Ouverte" in elsewhere.manage("maintenance")


def test_a_damaged_database_is_named_and_the_backup_takes_its_place(town, elsewhere, backup):
    elsewhere.manage("restore", str(backup), *with_passphrase(town))
    elsewhere.stop()
    (elsewhere.folder / "data" / "preau.sqlite3").write_bytes(b"autre chose" * 1000)
    with pytest.raises(CommandFailed, match="SQLite est abîmé"):
        elsewhere.manage("doctor", "--only", "base de données")
    assert "/data/*.avant-*" in elsewhere.manage("restore", str(backup), *with_passphrase(town), "--replace")
    assert elsewhere.ask("Actor.objects.filter(local=True, handle='julien.mercier').count()") == 1
