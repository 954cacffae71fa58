"""Pictures and papers of strangers: decoded within limits, never as they came, and nobody else's (rows 72 to 75)."""

import io
import random
import zipfile

import pytest
from django.utils.timezone import now
from PIL import Image, PngImagePlugin

from actors import pictures
from federation.errors import Forbidden, NotHere
from inbox.models import Notification
from outbox import media, posts, publishing
from outbox.audience import Reach
from outbox.models import Attachment
from outbox.publishing import Draft

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::UserWarning", "ignore::PIL.Image.DecompressionBombWarning"),
]
SECRET = b"48.8566 Secret"
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "TIFF")


def picture(kind="PNG", size=(40, 30), mode="RGB", **more):
    out = io.BytesIO()
    Image.new(mode, size, "green").save(out, kind, **more)
    return out.getvalue()


def talkative(kind):
    """A picture that tells where, when and by whom it was taken, in every way that its kind has."""
    exif, notes = Image.Exif(), PngImagePlugin.PngInfo()
    exif[0x010F] = SECRET.decode()
    notes.add_text("Comment", SECRET.decode())
    notes.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET.decode()}</x>")
    ways = {"exif": exif, "icc_profile": SECRET * 20, "xmp": b"<x>" + SECRET + b"</x>", "comment": SECRET}
    return picture(kind, **(ways | ({"pnginfo": notes} if kind == "PNG" else {})))


@pytest.mark.row(74)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_what_a_picture_tells_is_neither_in_the_file_nor_in_its_thumbnail(vernay, julien, arrives, kind):
    told = talkative(kind)
    assert SECRET in told
    vernay.documents["/p"] = ("image/png", told)
    sent = {"type": "Image", "mediaType": "image/png", "url": f"{vernay.origin}/p"}
    arrives(vernay, vernay.create(vernay.lucie, [julien.uri], attachment=[sent]))
    for kept in (Attachment.objects.get(), media.take_image(julien, "p", told)):
        for file in (kept.file, kept.thumbnail):
            assert SECRET not in file.read()


@pytest.mark.parametrize(
    ("kind", "size"),
    [("PNG", (50_000, 50_000)), ("PNG", (10_000, 5000)), ("GIF", (9000, 9000)), ("BMP", (10_000, 5000))],
)
def test_a_flood_of_pixels_is_refused_before_it_is_decoded(kind, size):
    """The largest is only announced: a header says so, and there is nothing behind it."""
    if size == (50_000, 50_000):
        data = picture("PNG", (1, 1), "1")
        data = data[:16] + (50_000).to_bytes(4, "big") * 2 + data[24:]
    else:
        data = picture(kind, size, "1")
    with pytest.raises(Forbidden, match=r"points|image"):
        pictures.decode(data)


def test_of_a_film_only_the_first_picture_is_kept(julien):
    frames = [Image.new("P", (20, 20), number) for number in range(200)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    kept = media.take_image(julien, "film.gif", out.getvalue())
    assert getattr(Image.open(kept.file), "n_frames", 1) == 1


def broken(data, chance, times):
    """The same file with some bytes changed, or its end cut off: always the same ones."""
    for _ in range(times):
        wrong = bytearray(data)
        for _ in range(chance.choice([1, 2, 8])):
            wrong[chance.randrange(min(len(wrong), chance.choice([64, 400])))] = chance.randrange(256)
        yield bytes(wrong[: chance.randrange(len(wrong))] if chance.random() < 0.15 else wrong)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_broken_picture_is_refused_with_a_sentence(kind, capfd):
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = picture(kind, **({} if kind in ("GIF", "BMP", "AVIF") else {"exif": exif}))
    pictures.decode(whole)
    refused = 0
    for data in broken(whole, random.Random(7), 400):
        try:
            pictures.decode(data)
        except Forbidden:
            refused += 1
    assert refused


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_broken_paper_is_refused_with_a_sentence(method):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "x" * 50)
    refused = 0
    for data in broken(out.getvalue(), random.Random(7), 800):
        try:
            media.sniff(b"PK\x03\x04" + data[4:])
        except Forbidden:
            refused += 1
    assert refused


@pytest.mark.row(72)
def test_a_broken_picture_does_not_hold_up_the_next_one(vernay, julien, arrives, work, time_machine):
    """It is asked for again, in case it was broken on its way, and then it is missing."""
    whole = picture("AVIF")
    vernay.documents["/broken"] = ("image/avif", whole.replace(b"pitm", b"pxtm"))
    vernay.documents["/whole"] = ("image/avif", whole)
    sent = [
        {"type": "Image", "mediaType": "image/avif", "url": f"{vernay.origin}/{name}"} for name in ("broken", "whole")
    ]
    arrives(vernay, vernay.create(vernay.lucie, [julien.uri], attachment=sent))
    first, second = Attachment.objects.all()
    time_machine.move_to(now())
    assert (first.state, second.state) == ("waiting", "kept")
    for days in range(1, 8):
        time_machine.shift(days * 86_400)
        work()
    first.refresh_from_db()
    assert (first.state, first.attempts) == ("missing", 5)


@pytest.mark.row(71, 72)
@pytest.mark.parametrize(
    "answer",
    [("text/html", b"<script>alert(1)</script>"), ("image/svg+xml", b"<svg onload=alert(1)/>"), ("image/png", b""),
     ("application/activity+json", b"{}"), ("image/png", b"GIF89a" + b"<script>" * 9)],
)  # fmt: skip
def test_what_is_called_a_picture_and_is_none_is_never_kept(vernay, julien, arrives, answer):
    vernay.documents["/p"] = answer
    sent = {"type": "Image", "mediaType": "image/png", "url": f"{vernay.origin}/p"}
    arrives(vernay, vernay.create(vernay.lucie, [julien.uri], attachment=[sent]))
    assert not Attachment.objects.get().file


def test_an_edit_neither_doubles_what_is_attached_nor_keeps_what_is_not(
    vernay, julien, arrives, django_capture_on_commit_callbacks
):
    for name in ("one", "two"):
        vernay.documents[f"/{name}"] = ("image/png", picture())
    one, two = ({"type": "Image", "url": f"{vernay.origin}/{name}"} for name in ("one", "two"))
    created = vernay.create(vernay.lucie, [julien.uri], attachment=[one, one])
    arrives(vernay, created)
    first = Attachment.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        for attached in ([one, one], [two, one, two], [two]):
            arrives(vernay, vernay.activity("Update", vernay.lucie, created["object"] | {"attachment": attached}))
    assert Attachment.objects.get().remote_url == two["url"]
    assert not first.file.storage.exists(first.file.name)


def test_a_file_of_another_is_neither_attached_nor_dropped(julien, helene):
    hers = media.take_image(helene, "p.png", picture())
    assert media.pending(julien, [hers.ulid]) == []
    post = publishing.publish(julien, Draft("x", attachments=(hers,)), Reach("organisation"))
    hers.refresh_from_db()
    assert (hers.post, post.attachments.count()) == (None, 0)


def test_a_file_of_one_post_does_not_serve_in_another(julien, helene):
    picked = media.take_image(julien, "p.png", picture())
    first = publishing.publish(julien, Draft("à toi", attachments=(picked,)), Reach("named", named=(helene,)))
    publishing.publish(julien, Draft("à tous", attachments=(picked,)), Reach("organisation"))
    assert media.pending(julien, [picked.ulid]) == []
    picked.refresh_from_db()
    assert picked.post == first


@pytest.mark.row(87)
def test_a_file_is_shown_to_those_who_read_its_post(vernay, julien, helene, lucie, client, sign_in):
    picked = media.take_image(julien, "p.png", picture())
    path = picked.path
    assert sign_in(julien).get(path).status_code == 200
    assert sign_in(helene).get(path).status_code == 404
    publishing.publish(julien, Draft("à toi", attachments=(picked,)), Reach("named", named=(lucie,)))
    assert vernay.get(client, f"http://localhost:8000{path}", signer=vernay.lucie).status_code == 200
    other = vernay.add_actor("mallory")
    for answer in (
        vernay.get(client, f"http://localhost:8000{path}", signer=other),
        sign_in(helene).get(path),
        client.get(path),
    ):
        assert answer.status_code == 404
    with pytest.raises(NotHere):
        posts.attachment(helene, picked.ulid)
    assert not Notification.objects.filter(reader=helene).exists()
