"""Backups sent to a bucket: whole or none, each file once, refused once touched; and of media that are in a bucket."""

import dataclasses
import io
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from federation.errors import MediaAway
from instance import bucket, maintenance
from instance.backups import Unusable, manifest, media, sending, shelves
from tests.instance.backups.test_here import migrated  # noqa: F401  a fixture

pytestmark = pytest.mark.slow


@pytest.fixture
def data(settings, tmp_path, migrated):  # noqa: F811
    settings.DATA = tmp_path / "data"
    settings.MEDIA_ROOT = str(settings.DATA / "media")
    for name in ("files/parc.webp", "files/lac.webp", "avatars/a.webp"):
        path = settings.DATA / "media" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return settings.DATA


@pytest.fixture
def shelf(settings, address):
    settings.BACKUP_BUCKET = dataclasses.replace(address, prefix=f"sauvegardes/{address.prefix}")
    return bucket.opened(settings.BACKUP_BUCKET)


@pytest.fixture
def preau(shelf):
    """What a command writes; `SHELF` stands for where backups go."""

    def run(*arguments):
        out = io.StringIO()
        call_command(*(each.replace("SHELF", shelf.address.shown, 1) for each in arguments), stdout=out)
        return out.getvalue()

    return run


def names(of, folder=""):
    return sorted(name for name, _ in of.listed(folder))


def the_one(shelf):
    [(folder, said)] = shelves.all_whole(shelf)
    return folder.rstrip("/"), said


def test_a_backup_is_sent_checked_and_refused_once_it_was_touched(julien, data, shelf, preau):
    assert f"Sauvegarde complète : {shelf.address.shown}/preau-" in preau("backup", "--to", "SHELF")
    folder, said = the_one(shelf)
    media_parts = {"media/files/parc.webp", "media/files/lac.webp", "media/avatars/a.webp"}
    assert set(said.parts) == {manifest.engine().NAME, *media_parts} and said.counts["agents"] == 1
    assert "peut être restaurée" in preau("restore", f"SHELF/{folder}", "--check")
    with pytest.raises(CommandError, match="rien n’a été touché"):
        preau("restore", f"SHELF/{folder}")
    touched = shelves.in_pool(said.parts["media/files/parc.webp"][1])
    shelf.put(touched, b"files/lacs.webp")
    with pytest.raises(CommandError, match=r"Sauvegarde abîmée : media/files/parc\.webp"):
        preau("restore", f"SHELF/{folder}", "--check")
    shelf.delete(touched)
    with pytest.raises(CommandError, match=r"manque ou a changé\. Rien n’a été touché"):
        preau("restore", f"SHELF/{folder}", "--replace")
    assert not list(data.glob("en-route/*.partielle")) and not maintenance.is_on()


def test_who_asks_for_one_that_is_not_there_reads_which_there_are(julien, data, shelf, preau):
    with pytest.raises(CommandError, match="Il y a : aucune"):
        preau("restore", "SHELF")
    preau("backup")  # the settings say where
    folder, _ = the_one(shelf)
    for typed in ("SHELF", "SHELF/preau-ailleurs/20261126T000000Z", f"SHELF/{folder[:-2]}"):
        with pytest.raises(CommandError, match=re.escape(f"Il y a :\n  {shelf.address.shown}/{folder}")):
            preau("restore", typed)


def test_media_are_sent_once_and_go_with_the_last_backup_that_names_them(julien, data, shelf, preau, time_machine):
    preau("backup", "--to", "SHELF")
    first = dict(shelf.listed(shelves.home()))
    (data / "media/files/lac.webp").unlink()
    (data / "media/files/pre.webp").write_bytes(b"le pre")
    time_machine.move_to(now() + timedelta(days=2), tick=True)
    preau("backup", "--to", "SHELF")
    second = dict(shelf.listed(shelves.home()))
    pool = {name for name in first if "/media/" in name}
    assert len(pool) == 3 and all(second[name].changed == first[name].changed for name in pool)
    time_machine.move_to(now() + timedelta(days=2), tick=True)
    preau("backup", "--to", "SHELF", "--keep", "1")
    folder, said = the_one(shelf)
    kept = {shelves.in_pool(part[1]) for name, part in said.parts.items() if name.startswith("media/")}
    assert set(names(shelf, shelves.home())) == kept | {
        f"{folder}/{name}" for name in (manifest.NAME, manifest.engine().NAME)
    }
    assert "complète" in preau("restore", f"SHELF/{folder}", "--check")


def test_one_that_was_cut_short_is_none_and_what_it_left_goes_later(
    julien, data, shelf, preau, monkeypatch, time_machine
):
    def cut(*_):
        raise MediaAway("SlowDown")

    with monkeypatch.context() as patch:
        patch.setattr("instance.backups.sending.must_be_there", cut)
        with pytest.raises(CommandError, match=r"SlowDown.*preau doctor"):
            preau("backup", "--to", "SHELF", "--keep", "1")
    left = names(shelf, shelves.home())
    assert len(left) == 4 and shelves.all_whole(shelf) == []
    [half] = {name.split("/")[1] for name in left} - {"media"}
    time_machine.move_to(now() + timedelta(days=2), tick=True)
    preau("backup", "--to", "SHELF", "--keep", "1")
    assert the_one(shelf)[0].split("/")[1] != half and not [name for name in names(shelf) if f"/{half}/" in name]


def test_what_another_removed_meanwhile_is_missed(julien, data, shelf, monkeypatch):
    def thieving(*arguments):
        parts = send(*arguments)
        shelf.delete(next(name for name in names(shelf) if "/media/" in name))
        return parts

    send = sending.send_media
    monkeypatch.setattr("instance.backups.sending.send_media", thieving)
    with pytest.raises(Unusable, match="n’a pas gardé tout"):
        sending.take(shelf.address.shown)
    assert shelves.all_whole(shelf) == []


def test_a_key_is_not_typed_and_a_bucket_is_named_in_the_settings(data, preau, shelf, settings):
    with pytest.raises(CommandError, match="Une clé ne se tape pas"):
        preau("backup", "--to", "s3://cle:secret@s3.exemple.fr/sauvegardes")
    with pytest.raises(CommandError, match=r"PREAU_BACKUP_URL='s3://CLÉ:SECRET@s3\.exemple\.fr/ailleurs'"):
        preau("backup", "--to", "s3://s3.exemple.fr/ailleurs/dossier")
    settings.MEDIA_BUCKET = dataclasses.replace(shelf.address, prefix="")
    with pytest.raises(CommandError, match="là où sont les photos"):
        preau("backup", "--to", "SHELF")
    settings.MEDIA_BUCKET = None
    settings.BACKUP_BUCKET = dataclasses.replace(shelf.address, secret="faux")
    with pytest.raises(CommandError, match=r"refuse \(\w+\)\. Tapez : preau doctor"):
        preau("backup", "--to", "SHELF")


def test_media_of_a_bucket_are_in_the_backup_wherever_it_goes(
    julien, data, shared, shelf, preau, tmp_path, time_machine
):
    for name in ("files/b.webp", "avant-20260101T000000Z/files/c.webp"):
        shared.put(name, name.encode())
    for _ in range(2):
        time_machine.move_to(now() + timedelta(days=1), tick=True)
        preau("backup", "--to", "SHELF")
        preau("backup", "--to", str(tmp_path / "backups"))
    for _, said in shelves.all_whole(shelf):
        assert set(said.parts) == {manifest.engine().NAME, "media/files/b.webp"}
    copies = list((tmp_path / "backups").glob("*/media/files/b.webp"))
    assert len(copies) == 2 and len({path.stat().st_ino for path in copies}) == 1
    assert copies[0].read_bytes() == b"files/b.webp"


def test_a_bucket_that_outlived_its_machine_is_filled_up_and_loses_nothing(data, shared, tmp_path):
    """What the backup lacks is put aside in the bucket; what the bucket lacks comes from the backup."""
    (tmp_path / "media/files").mkdir(parents=True)
    parts = {}
    for name in ("a", "b", "c", "d"):
        (tmp_path / f"media/files/{name}").write_bytes(name.encode() * 5)
        parts[f"media/files/{name}"] = [5, "x"]
    shared.put("files/a", b"aaaaa")
    shared.put("files/b", b"half")
    shared.put("files/d", b"other")  # of the same size
    shared.put("files/posted-since", b"d")
    shared.put(media.TRIAL, b"preau doctor")
    said = media.into_bucket(tmp_path, parts)("20261126T000000Z")
    assert " : 1, " in said and said.endswith("/avant-20261126T000000Z")
    assert {name: shared.read(name)[0] for name in names(shared)} == {
        "avant-20261126T000000Z/files/posted-since": b"d",
        **{f"files/{each}": each.encode() * 5 for each in "abcd"},
        media.TRIAL: b"preau doctor",
    }
    assert sorted(media.listed()) == [("files/a", 5), ("files/b", 5), ("files/c", 5), ("files/d", 5)]


def test_an_export_holds_what_is_in_the_bucket(julien, data, shared, tmp_path):
    shared.put("files/b.webp", b"le lac")
    call_command("export", str(tmp_path / "export"), stdout=io.StringIO())
    assert (tmp_path / "export/media/files/b.webp").read_bytes() == b"le lac"
    assert not (tmp_path / "export/media/files/parc.webp").exists()
