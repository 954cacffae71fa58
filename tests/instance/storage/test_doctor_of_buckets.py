"""What `preau doctor` says of buckets that are broken, each with its remedy; and moving media into one."""

import dataclasses
import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from instance import bucket, unerased
from instance.models import Unerased
from outbox import uploads
from outbox.models import Attachment
from tests import servers
from tests.bucket_doors import without_erasing
from tests.buckets import OTHER
from tests.instance.test_doctor import doctor

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA = tmp_path / "data"
    settings.MEDIA_ROOT = settings.DATA / "media"
    settings.MEDIA_ROOT.mkdir(parents=True)
    return settings.MEDIA_ROOT


def found(code, remedy, status=2):
    ended, said = doctor("--only", "stockage")
    assert (ended, set(said)) == (status, {code}), said
    assert remedy in said[code]["do"] + said[code]["command"]
    assert "%(" not in "".join(said[code].values()) and "secret" not in said[code]["says"]


def test_a_sound_bucket_has_nothing_to_say_and_keeps_nothing(shared, settings):
    assert doctor("--only", "stockage") == (0, {})
    assert list(shared.listed()) == []
    settings.MEDIA_BUCKET = None
    assert doctor("--only", "stockage") == (0, {})


def test_a_storage_that_is_not_there(settings, address):
    settings.MEDIA_BUCKET = dataclasses.replace(address, host=f"127.0.0.1:{servers.free_port()}")
    found("stockage-injoignable", "curl -sS")


def test_a_key_that_is_wrong(settings, address):
    settings.MEDIA_BUCKET = dataclasses.replace(address, secret="un-autre")
    found("stockage-cle", "%2F")


def test_a_key_that_may_not_write(settings, address):
    key, secret = OTHER
    settings.BACKUP_BUCKET = dataclasses.replace(address, key=key, secret=secret)
    found("stockage-lecture-seule", "PREAU_BACKUP_URL")


@pytest.fixture
def unerasing(storage, address):
    """The same place, by a key that may do all but erase."""
    with without_erasing(storage.host) as host:
        yield dataclasses.replace(address, host=host)


def test_a_key_that_may_not_erase_is_named_and_gathers_no_files(settings, shared, unerasing):
    settings.MEDIA_BUCKET = unerasing
    for _ in range(2):
        found("stockage-sans-effacement", "PREAU_MEDIA_URL le droit d’effacer (DeleteObject)")
    assert len(list(shared.listed())) == 1
    settings.MEDIA_BUCKET = shared.address
    assert doctor("--only", "stockage") == (0, {}) and list(shared.listed()) == []


def test_what_was_withdrawn_and_could_not_be_erased_is_erased_once_the_key_may(julien, settings, shared, unerasing):
    from outbox import media as photos

    row = photos.take_document(julien, "a.pdf", b"%PDF-1.7 x")
    settings.MEDIA_BUCKET = unerasing
    photos.drop(row)
    assert len(list(shared.listed())) == Unerased.objects.count() == 1
    settings.MEDIA_BUCKET = shared.address
    Unerased.objects.update(due_at=now())
    assert unerased.erase_due() == 1 and list(shared.listed()) == []


def test_a_key_of_backups_that_may_not_erase_is_a_good_one(settings, shared, unerasing):
    settings.MEDIA_BUCKET, settings.BACKUP_BUCKET = None, unerasing
    assert doctor("--only", "stockage") == (0, {})


def test_a_bucket_that_nobody_made(settings, address):
    settings.MEDIA_BUCKET = dataclasses.replace(address, bucket="absent")
    found("stockage-sans-bucket", "Créez-le")


def test_a_bucket_that_everybody_reads(settings, storage):
    settings.MEDIA_BUCKET = storage.address("ouvert")
    bucket.opened(settings.MEDIA_BUCKET).put("a", b"a")
    found("stockage-public", "Fermez ce bucket maintenant")


def test_a_clock_that_is_wrong(shared, time_machine):
    time_machine.move_to(now() + timedelta(minutes=10), tick=True)
    found("stockage-horloge", "timedatectl")


def test_backups_beside_what_they_save(settings, shared, address):
    settings.BACKUP_BUCKET = dataclasses.replace(address, prefix="sauvegardes/")
    found("sauvegardes-avec-les-photos", "un autre bucket", 1)


def test_photos_that_stayed_on_the_disk_are_found_copied_and_may_come_back(julien, shared, data):
    (data / "files").mkdir()
    for name in ("a.webp", "b.webp"):
        (data / "files" / name).write_bytes(name.encode())
        kept(julien, f"files/{name}")
    shared.put("files/a.webp", b"a.webp")
    found("photos-restees-sur-le-disque", "preau media upload")
    assert media("upload").startswith("1 fichiers copiés dans s3+http://")
    assert doctor("--only", "stockage") == (0, {})
    (data / "files" / "b.webp").unlink()
    shared.put("files/c.webp", b"c")
    assert media("download").startswith(f"2 fichiers copiés dans {data}")
    assert {path.name: path.read_bytes() for path in (data / "files").iterdir()} == {
        "a.webp": b"a.webp",
        "b.webp": b"b.webp",
        "c.webp": b"c",
    }


def test_a_file_of_the_same_size_that_says_something_else_is_brought_from_the_bucket(shared, data):
    (data / "files").mkdir()
    for name in ("a", "b"):
        (data / "files" / name).write_bytes(b"ici")
    shared.put("files/a", b"la!")
    shared.put("files/b", b"ici")
    before = (data / "files" / "b").stat()
    assert media("download").startswith("1 fichiers")
    assert [(data / "files" / name).read_bytes() for name in ("a", "b")] == [b"la!", b"ici"]
    assert (data / "files" / "b").stat() == before
    assert media("download").startswith("0 fichiers")


def test_a_large_file_is_known_by_its_parts_however_it_was_sent(shared, data, monkeypatch):
    (data / "files").mkdir()
    large, other = bytes(12_000_000), bytes(11_999_999) + b"!"
    for name, sent in (("a", large), ("b", other)):
        (data / "files" / name).write_bytes(large)
        shared.put(f"files/{name}", sent)
    assert all("-" in found.mark for _, found in shared.listed())
    assert media("download").startswith("1 fichiers") and (data / "files" / "b").read_bytes() == other
    before = [(data / "files" / name).stat().st_ino for name in ("a", "b")]
    monkeypatch.setattr("instance.moving_media.PART", 8 * 1024 * 1024)  # as another program cuts them
    assert media("download").startswith("0 fichiers")
    assert [(data / "files" / name).stat().st_ino for name in ("a", "b")] == before
    assert not list(data.glob("files/*.partielle"))


def test_what_was_withdrawn_stays_on_the_disk_and_is_not_missed(julien, shared, data):
    """Nor does it hide what is missed, however much of it there is."""
    waiting = Attachment.objects.create(owner=julien, kind="image", name="a.png", state="waiting")
    drawn = Attachment.objects.create(owner=julien, kind="image", name="b.png", state="kept")
    gone = [f"files/{number:03}.webp" for number in range(30)]
    for name in (*gone, uploads.raw(drawn), uploads.raw(waiting), "thumbnails/z.webp"):
        (data / name).parent.mkdir(exist_ok=True)
        (data / name).write_bytes(b"x")
    shared.put(uploads.raw(waiting), b"x")
    assert doctor("--only", "stockage") == (0, {}) and media("upload").startswith("0 fichiers")
    kept(julien, "files/z.webp", "thumbnails/z.webp")
    found("photos-restees-sur-le-disque", "preau media upload")
    shared.delete(uploads.raw(waiting))
    assert media("upload").startswith("2 fichiers")
    assert {name for name, _ in shared.listed()} == {uploads.raw(waiting), "thumbnails/z.webp"}
    assert f"rm -r {data}" in media("upload")


def test_what_is_withdrawn_while_it_is_copied_goes_from_the_bucket_again(julien, shared, data, monkeypatch):
    row = kept(julien, "files/a.webp")
    (data / "files").mkdir()
    (data / "files/a.webp").write_bytes(b"a")

    def withdrawn(*arguments):
        row.delete()
        put(*arguments)

    put = shared.put
    monkeypatch.setattr(shared, "put", withdrawn)
    monkeypatch.setattr("instance.backups.media.shared", lambda: shared)
    assert media("upload").startswith("0 fichiers") and list(shared.listed()) == []


def kept(owner, file, thumbnail=""):
    return Attachment.objects.create(owner=owner, kind="image", state="kept", file=file, thumbnail=thumbnail)


def test_there_is_nothing_to_move_without_a_bucket(data):
    with pytest.raises(CommandError, match="PREAU_MEDIA_URL n’est pas donné"):
        media("upload")


def media(way):
    out = io.StringIO()
    call_command("media", way, stdout=out)
    return out.getvalue()
