"""What applications send: read at once when that is quick, else drawn in the background; never shown as it came."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils.timezone import now
from PIL import Image

from actors import following
from federation.errors import Forbidden, NotHere
from outbox import fetched_media, media, publishing, scheduling, uploads
from outbox.audience import Reach
from outbox.models import Attachment
from outbox.publishing import Draft
from outbox.wishes import Wish
from tests.outbox.test_media import picture

pytestmark = pytest.mark.django_db
LARGE = (2_500, 2_000)


def waiting_files():
    return default_storage.listdir("raw")[1] if default_storage.exists("raw") else []


@pytest.mark.parametrize(
    ("data", "said", "sentence"),
    [
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "image/heic", "HEIC"),
        (b"\0\0\0\x18ftypmif1" + b"\0" * 40, "", "HEIC"),
        (b"\0\0\0\x18ftypisom" + b"\0" * 40, "video/mp4", "vidéos"),
        (b"\0\0\0\x18ftypM4A " + b"\0" * 40, "", "sons"),
        (b"\x1aE\xdf\xa3" + b"\0" * 40, "video/webm", "vidéos"),
        (b"ID3\x04" + b"\0" * 40, "audio/mpeg", "sons"),
        (b"RIFF\0\0\0\0WAVEfmt ", "", "sons"),
        (b"quelques mots", "audio/x-made-up", "sons"),
        (b"<svg xmlns='x'/>", "image/svg+xml", "image que l’on sait lire"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "image/png", "image que l’on sait lire"),
        (b"", "image/png", "image que l’on sait lire"),
        (b"MZ\x90\x00\x03", "application/pdf", "document accepté"),
        (picture("1", (9_000, 9_000), "PNG"), "image/png", "trop de points"),
    ],
)
def test_what_is_no_picture_nor_document_is_refused_with_a_sentence(julien, data, said, sentence):
    for at_once in (False, True):
        with pytest.raises(Forbidden, match=sentence):
            uploads.take(julien, "a", data, said, now_please=at_once)
    assert not Attachment.objects.exists() and waiting_files() == []


def test_a_small_picture_and_a_document_are_there_at_once_whatever_they_are_called(julien):
    photo = uploads.take(julien, "a.pdf", picture(), "application/pdf")
    paper = uploads.take(julien, "a.png", b"%PDF-1.7 x", "application/octet-stream")
    assert [(each.kind, each.state) for each in (photo, paper)] == [("image", "kept"), ("document", "kept")]


def test_a_large_picture_waits_and_is_drawn_anew_without_what_it_tells(julien, work):
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    row = uploads.take(julien, "p.jpg", picture(size=LARGE, exif=exif.tobytes()))
    assert (row.state, bool(row.file), len(waiting_files())) == ("waiting", False, 1)
    work()
    row.refresh_from_db()
    assert (row.state, row.width, row.media_type) == ("kept", 1_600, "image/webp") and row.thumbnail and row.blurhash
    assert b"Secret" not in row.file.open().read() and waiting_files() == []


def test_asked_for_now_a_large_picture_is_drawn_now(julien):
    assert uploads.take(julien, "p.jpg", picture(size=LARGE), now_please=True).state == "kept"


def test_a_picture_that_is_broken_further_on_is_missing(julien, work):
    whole = picture(size=LARGE, kind="PNG")
    row = uploads.take(julien, "p.png", whole[: len(whole) // 2])
    work()
    row.refresh_from_db()
    assert (row.state, waiting_files()) == ("missing", [])


def test_what_ends_its_process_again_and_again_is_given_up(julien, monkeypatch, time_machine):
    row = uploads.take(julien, "p.jpg", picture(size=LARGE))

    def killed(data, side):
        raise MemoryError

    monkeypatch.setattr(uploads.pictures, "decode", killed)
    for _ in range(uploads.TRIES):
        with pytest.raises(MemoryError):
            uploads.draw_due()
        assert uploads.draw_due() == 0, "it is on lease"
        time_machine.move_to(now() + uploads.LEASE + timedelta(seconds=1))
    uploads.draw_due()
    row.refresh_from_db()
    assert (row.state, waiting_files()) == ("missing", [])


def test_what_another_worker_took_is_left_to_it(julien, monkeypatch):
    row = uploads.take(julien, "p.jpg", picture(size=LARGE))
    first = Attachment.objects.filter(pk=row.pk)

    class Late:
        def first(self):
            late = first.get()
            first.update(due_at=now() + uploads.LEASE)
            return late

        def order_by(self, *names):
            return self

    real = uploads.mine_to_draw
    monkeypatch.setattr(uploads, "draw", lambda row: pytest.fail("it is drawn already"))
    asked = iter([type("Due", (), {"filter": lambda self, **_: Late()})(), real()])
    monkeypatch.setattr(uploads, "mine_to_draw", lambda: next(asked))
    assert uploads.draw_due() == 1


def test_what_waits_to_be_drawn_is_not_fetched_and_what_is_to_be_fetched_is_not_drawn(julien, lucie, vernay):
    mine = uploads.take(julien, "p.jpg", picture(size=LARGE))
    theirs = Attachment.objects.create(owner=lucie, kind="image", state="waiting", remote_url=f"{vernay.origin}/a.png")
    assert list(uploads.mine_to_draw()) == [mine]
    fetched_media.fetch_due()
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert mine.attempts == 0 and theirs.attempts == 1


def test_one_keeps_no_more_than_so_many_waiting(julien, helene, monkeypatch):
    monkeypatch.setattr(uploads, "WAITING", 1)
    uploads.take(julien, "p.jpg", picture(size=LARGE))
    with pytest.raises(Forbidden, match="en préparation"):
        uploads.take(julien, "p.jpg", picture(size=LARGE))
    uploads.take(helene, "p.jpg", picture(size=LARGE))


def test_a_picture_in_preparation_is_not_published_nor_scheduled(julien):
    row = uploads.take(julien, "p.jpg", picture(size=LARGE))
    draft = Draft("Voici", attachments=(row,))
    with pytest.raises(Forbidden, match="en préparation"):
        publishing.publish(julien, draft, Reach("organisation"))
    with pytest.raises(Forbidden, match="en préparation"):
        scheduling.schedule(julien, Wish(draft, Reach("organisation")), now() + timedelta(hours=1))


def test_nobody_finds_what_another_sent_and_has_not_published(julien, helene):
    row = uploads.take(julien, "p.jpg", picture())
    assert uploads.find(julien, row.pk) == row
    for refused in (lambda: uploads.find(helene, row.pk), lambda: uploads.own(helene, row.pk)):
        with pytest.raises(NotHere):
            refused()
    publishing.publish(julien, Draft("Voici", attachments=(row,)), Reach("organisation"))
    assert uploads.find(helene, row.pk) == row
    following.block(julien, helene)
    for refused in (
        lambda: uploads.find(helene, row.pk),
        lambda: uploads.own(julien, row.pk),
        lambda: uploads.find(julien, row.pk + 1),
    ):
        with pytest.raises(NotHere):
            refused()


def test_what_is_removed_goes_with_its_files_unless_a_scheduled_post_is_to_carry_it(julien, work):
    kept, waiting = uploads.take(julien, "a.png", picture()), uploads.take(julien, "p.jpg", picture(size=LARGE))
    row = scheduling.schedule(
        julien, Wish(Draft("Voici", attachments=(kept,)), Reach("organisation")), now() + timedelta(hours=1)
    )
    with pytest.raises(Forbidden, match="programmée"):
        uploads.remove(kept)
    scheduling.cancel(julien, row.pk)
    uploads.remove(kept)
    uploads.remove(waiting)
    work()
    assert not Attachment.objects.exists() and waiting_files() == default_storage.listdir("files")[1] == []


def test_a_picture_that_is_removed_while_it_is_drawn_leaves_nothing(julien, monkeypatch):
    uploads.take(julien, "p.jpg", picture(size=LARGE))
    real = media.store_image

    def meanwhile(row, drawn):
        real(row, drawn)
        uploads.remove(Attachment.objects.get(pk=row.pk))

    monkeypatch.setattr(media, "store_image", meanwhile)
    uploads.draw_due()
    assert not Attachment.objects.exists() and waiting_files() == []
    assert default_storage.listdir("files")[1] == default_storage.listdir("thumbnails")[1] == []


def test_what_matters_in_a_picture_is_kept_within_it(julien):
    row = uploads.take(julien, "a.png", picture())
    media.focus(row, -3.0, 0.25)
    row.refresh_from_db()
    assert (row.focus_x, row.focus_y) == (-1.0, 0.25)
