"""Backups taken and looked at in this process: what is whole, what is refused, and the keys, which are apart."""

import io
import json
import os
import re
from dataclasses import asdict, replace
from pwd import getpwnam

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from actors.models import Agent, Organisation
from instance import maintenance
from instance.backups import Unusable, files, keys_apart, lost, manifest, passphrases, places, restoring, taking

PASSPHRASE = "trois petits chats du village"


@pytest.fixture
def preau():
    """What a command writes."""

    def run(*arguments):
        out = io.StringIO()
        call_command(*arguments, stdout=out)
        return out.getvalue()

    return run


@pytest.fixture
def migrated(transactional_db):
    """The database of the tests was made without migrations, and remembers none."""
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(recorder.Migration)


@pytest.fixture
def media(settings, tmp_path, migrated):
    settings.DATA = tmp_path / "data"
    settings.MEDIA_ROOT = str(settings.DATA / "media")
    photo = tmp_path / "data" / "media" / "files" / "parc.webp"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"le parc")
    return photo


def test_a_backup_is_taken_checked_and_refused_once_it_was_touched(julien, media, preau, tmp_path):
    to = tmp_path / "backups"
    assert "Sauvegarde complète" in preau("backup", "--to", str(to))
    [(folder, said)] = taking.all_whole(to)
    assert said.counts["agents"] == 1 and set(said.parts) == {taking.engine().NAME, "media/files/parc.webp"}
    assert "peut être restaurée" in preau("restore", str(folder), "--check")
    with pytest.raises(CommandError, match="rien n’a été touché"):
        preau("restore", str(folder))
    (folder / "media" / "files" / "parc.webp").write_bytes(b"le lac!")
    with pytest.raises(CommandError, match="Sauvegarde abîmée"):
        preau("restore", str(folder), "--check")
    other = {"format": 2, "host": "rsi.vernay.fr", "database": "Oracle", "version": "99", "counts": {}}
    for name, value in other.items():
        changed = json.loads((folder / "manifest.json").read_text()) | {name: value}
        (tmp_path / "manifest.json").write_text(json.dumps(changed))
        with pytest.raises(CommandError):
            preau("restore", str(tmp_path), "--check")


def test_the_secrets_go_elsewhere_and_open_with_the_passphrase(julien, media, preau, tmp_path, settings):
    (tmp_path / "phrase").write_text(PASSPHRASE)
    (tmp_path / "phrase").chmod(0o600)
    phrase = ["--passphrase-file", str(tmp_path / "phrase")]
    assert "Clés :" in preau("backup", "--to", str(tmp_path / "backups"), "--keys-to", str(tmp_path / "cles"), *phrase)
    [keys] = (tmp_path / "cles").iterdir()
    assert f"PREAU_KEYS_SECRET={settings.KEYS_SECRET}" in preau(
        "restore", "--show-settings", "--keys", str(keys), *phrase
    )
    [(folder, _)] = taking.all_whole(tmp_path / "backups")
    settings.KEYS_SECRET = "another machine's"
    for more in ([], ["--show-settings"]):
        with pytest.raises(CommandError, match="--keys"):
            preau("restore", str(folder), *more)
    assert restoring.check(folder, keys_apart.opened(keys, PASSPHRASE))[1] != settings.KEYS_SECRET
    with pytest.raises(CommandError, match="Nommez la sauvegarde"):
        preau("restore")


def test_a_house_that_has_backups_is_not_founded_twice(julien, media, preau, tmp_path, monkeypatch):
    monkeypatch.setattr(places, "NIGHTLY", str(tmp_path / "nuits"))
    preau("backup", "--to", str(tmp_path / "nuits"))
    said = ["--name", "Ville de Saint-Aubin", "--short-name", "Saint-Aubin", "--siren", "210101010"]
    preau("setup", "--once", *said)  # it is there
    Agent.objects.all().delete()
    Organisation.objects.update(actor=None)
    for more in ([], ["--once"]):
        with pytest.raises(CommandError, match=r"Ne la fondez pas de nouveau : restaurez\. preau restore .*/nuits/"):
            preau("setup", *more, *said)
    with monkeypatch.context() as other:
        other.setattr(manifest, "kind_of_database", lambda: "autre")
        assert lost.to_restore() == ""  # exported from one kind of database, it is founded in another
    preau("setup", "--once", "--found-anew", *said)
    assert lost.is_founded()


def test_on_an_installed_machine_backups_go_where_those_of_each_night_are(media, settings, tmp_path, monkeypatch):
    settings.BACKUP_BUCKET, settings.DEVELOPMENT = None, False
    monkeypatch.setattr(places, "NIGHTLY", str(tmp_path / "nuits"))
    assert places.usual() == str(settings.BACKUPS)
    (tmp_path / "nuits").mkdir()
    assert places.usual() == str(tmp_path / "nuits")
    settings.DEVELOPMENT = True
    assert places.usual() == str(settings.BACKUPS)


def test_a_folder_that_is_not_there_and_one_that_is_for_another_account(tmp_path):
    with pytest.raises(Unusable, match="n’existe pas : ls "):
        manifest.read(tmp_path / "ailleurs")
    (tmp_path / "de-root").mkdir(mode=0o000)
    before = os.geteuid()
    try:
        if not before:
            os.seteuid(getpwnam("nobody").pw_uid)
        with pytest.raises(
            Unusable, match=r"ne se lit pas sous le compte (\S+)\. .*cp -a .* && chown -R \1: /var/backups/"
        ):
            manifest.read(tmp_path / "de-root")
    finally:
        os.seteuid(before)


def test_only_the_newest_are_kept_and_what_is_half_done_goes(julien, media, tmp_path):
    first, _ = taking.take(tmp_path)
    older = first.rename(tmp_path / "preau-plus-ancienne")
    (tmp_path / "preau-coupee.partielle").mkdir()
    newest, _ = taking.take(tmp_path, keep=1)
    assert [folder for folder, _ in taking.all_whole(tmp_path)] == [newest]
    assert not older.exists() and not list(tmp_path.glob("*.partielle"))


HOSTILE = ["media/{out}", "media/../ailleurs.webp", "media/../../ailleurs.webp", "manifest.json", "./media/a", "media"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_manifest_of_who_knows_whom_names_nothing_outside(julien, media, preau, tmp_path, name):
    """Whoever lost the keys cannot tell who wrote it."""
    folder, said = taking.take(tmp_path / "backups")
    outside = tmp_path / "data" / "etc" / "ailleurs.webp"
    name = name.format(out=outside)
    outside.parent.mkdir()
    for each in (folder / name, folder / "media" / "etc" / "ailleurs.webp", outside):
        each.parent.mkdir(parents=True, exist_ok=True)
        if not each.exists():
            each.write_bytes(b"le parc")
    parts = said.parts | {name: said.parts["media/files/parc.webp"]}
    (folder / "manifest.json").write_text(json.dumps(asdict(replace(said, parts=parts))))
    outside.unlink()
    with pytest.raises(CommandError, match=r"Sauvegarde abîmée : .*Rien n’a été touché"):
        preau("restore", str(folder), "--new-keys", "--replace")
    assert not outside.exists() and not maintenance.is_on()


def test_a_manifest_without_the_database_is_not_restored(julien, media, preau, tmp_path):
    folder, said = taking.take(tmp_path)
    parts = {name: part for name, part in said.parts.items() if name.startswith("media/")}
    (folder / "manifest.json").write_text(json.dumps(asdict(replace(said, parts=parts))))
    with pytest.raises(CommandError, match=f"{taking.engine().NAME} manque"):
        preau("restore", str(folder), "--new-keys", "--replace")


def test_a_backup_is_whole_even_where_its_date_cannot_be_noted(julien, media, preau, tmp_path, settings, capsys):
    (settings.DATA / "derniere-sauvegarde").mkdir()  # where a file would be written
    assert "Sauvegarde complète" in preau("backup", "--to", str(tmp_path / "backups"))
    assert "n’a pas pu être notée" in capsys.readouterr().err


def test_a_link_where_backups_are_is_taken_away_and_not_followed(julien, media, tmp_path):
    (tmp_path / "ailleurs").mkdir()
    (tmp_path / "ailleurs" / "parc.webp").touch()
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "preau-lien.partielle").symlink_to(tmp_path / "ailleurs")
    (tmp_path / "backups" / "preau-fichier.partielle").touch()
    taking.take(tmp_path / "backups")
    assert not list((tmp_path / "backups").glob("*.partielle"))
    assert (tmp_path / "ailleurs" / "parc.webp").exists()


def test_the_keys_are_kept_apart_or_not_at_all(tmp_path):
    with pytest.raises(CommandError, match="se gardent à part"):
        call_command("backup", "--to", str(tmp_path), "--keys-to", str(tmp_path / "cles"))
    with pytest.raises(Unusable, match="au moins 12"):
        keys_apart.store(tmp_path, "trop courte")
    (tmp_path / "vide").touch(mode=0o600)
    with pytest.raises(Unusable, match="est vide"):
        passphrases.read(tmp_path / "vide")


def test_a_file_of_keys_that_was_touched_does_not_open(tmp_path):
    path = keys_apart.store(tmp_path, PASSPHRASE)
    assert path.stat().st_mode & 0o777 == 0o600
    line, body = path.read_bytes().split(b"\n")[:2]
    path.write_bytes(line.replace(b"preau-keys-1", b"preau-keys-2") + b"\n" + body)
    with pytest.raises(Unusable, match="autre version"):
        keys_apart.opened(path, PASSPHRASE)
    path.write_bytes(line + b" \n" + body)
    with pytest.raises(Unusable, match="n’ouvre pas"):
        keys_apart.opened(path, PASSPHRASE)
    path.write_bytes(b"autre chose")
    with pytest.raises(Unusable, match="n’est pas un fichier de clés"):
        keys_apart.opened(path, PASSPHRASE)


def test_doors_do_not_open_in_the_middle_of_a_restoration():
    maintenance.turn_on(maintenance.RESTORING)
    try:
        with pytest.raises(CommandError, match="n’est pas finie"):
            call_command("maintenance", "off", stdout=io.StringIO())
        assert maintenance.is_on()
    finally:
        maintenance.finish(stay_closed=False)


def test_links_in_the_media_lead_nowhere(tmp_path):
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "ailleurs").symlink_to("/etc/passwd")
    assert files.copy_all(tmp_path / "media", tmp_path / "copie", None, {}) == {}


def test_a_mark_tells_secrets_apart_and_nothing_of_them():
    one, other = (manifest.mark_of(secret, "rsi.vernay.fr") for secret in ("a" * 44, "b" * 44))
    assert one != other and re.fullmatch("[0-9a-f]{24}", one)
    assert keys_apart.SCRYPT["n"] >= 2**15
