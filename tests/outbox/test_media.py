"""Images and documents at our door: what they are is read from what they hold; they tell nothing else."""

import io

import pytest
from PIL import Image

from federation.errors import Forbidden
from outbox import media
from outbox.models import Attachment

pytestmark = pytest.mark.django_db


def picture(mode="RGB", size=(80, 60), kind="JPEG", **more):
    out = io.BytesIO()
    Image.new(mode, size, "green").save(out, kind, **more)
    return out.getvalue()


def test_an_image_loses_all_that_it_tells(julien):
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    kept = media.take_image(julien, "p.jpg", picture(exif=exif.tobytes()))
    reread = Image.open(kept.file)
    assert (reread.format, dict(reread.getexif())) == ("WEBP", {})
    assert b"Secret" not in kept.file.open().read()
    assert kept.blurhash


def test_its_blur_is_the_one_that_other_encoders_make():
    falling = Image.linear_gradient("L").resize((64, 48))
    rising = falling.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    picture = Image.merge("RGB", (falling, rising, Image.new("L", (64, 48), 90)))
    assert media.blur(picture) == "L$HV8|j[fQj[0AazfQaz%Hj@fQj@"


@pytest.mark.parametrize("data", [b"<svg xmlns='x'/>", b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_what_is_no_image_is_refused_with_a_sentence(julien, data):
    with pytest.raises(Forbidden, match="image"):
        media.take_image(julien, "p.png", data)
    assert not Attachment.objects.exists()


def test_a_pixel_bomb_is_refused_before_it_is_decoded(julien):
    with pytest.raises(Forbidden, match="points"):
        media.take_image(julien, "bomb.png", picture("1", (9000, 9000), "PNG"))


def test_a_program_named_pdf_is_no_document(julien):
    with pytest.raises(Forbidden, match="document"):
        media.take_document(julien, "facture.pdf", b"MZ\x90\x00\x03")
    kept = media.take_document(julien, "note", b"%PDF-1.7 ...")
    assert kept.media_type == "application/pdf"
