"""Pictures as they arrive: weighed, decoded within limits, drawn again without what they tell of their author."""

import io
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from federation.errors import Forbidden

MEGABYTE = 1_000_000
IMAGE_LIMIT = 15 * MEGABYTE
PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "TIFF")
PORTRAIT = 256
# How decoders say that a file is broken: their own ways, found by handing them broken files.
UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    RuntimeError,
    struct.error,
    LookupError,
)
Image.MAX_IMAGE_PIXELS = PIXELS
_decoding = threading.BoundedSemaphore(2)  # in one process, whose pages go on: one picture may take 160 MB for a while


def too_large(name: str, size: int, limit: int) -> None:
    if size > limit:
        facts = {"name": name, "size": -(-size // MEGABYTE), "limit": limit // MEGABYTE}
        raise Forbidden(_("« %(name)s » pèse %(size)s Mo, la limite est %(limit)s Mo.") % facts)


def decode(data: bytes, side: int = 0, pixels: int = PIXELS) -> Image.Image:
    """The picture upright, in full or at least `side` wide and high; Forbidden for no image, or too large a one."""
    with readable(), _decoding:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
        must_fit(picture, PIXELS)
        if side:
            picture.draft("RGB", (side, side))  # a JPEG is read smaller than it is, in a fraction of the memory
        must_fit(picture, pixels)
        picture.load()
        upright = ImageOps.exif_transpose(picture)
    return upright.convert("RGBA" if has_alpha(upright) else "RGB")


def points(data: bytes) -> int:
    """How many it has, as it says itself: nothing is decoded yet. Forbidden for no image, or too large a one."""
    with readable():
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
        must_fit(picture, PIXELS)
    return picture.width * picture.height


@contextmanager
def readable() -> Iterator[None]:
    """What a decoder says of a file, as a sentence for whoever sent it."""
    try:
        yield
    except Image.DecompressionBombError as error:
        raise Forbidden(_("Cette image compte trop de points : réduisez-la avant de l’envoyer.")) from error
    except UNREADABLE as error:
        raise Forbidden(
            _("Ce fichier n’est pas une image que l’on sait lire (JPEG, PNG, WebP, GIF ou AVIF).")
        ) from error


def must_fit(picture: Image.Image, pixels: int) -> None:
    """Asked before anything is decoded: up to twice `MAX_IMAGE_PIXELS`, the library only warns."""
    if picture.width * picture.height > pixels:
        raise Image.DecompressionBombError


def has_alpha(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info


def reduced(picture: Image.Image, side: int) -> Image.Image:
    copy = picture.copy()
    copy.thumbnail((side, side))
    return copy


def webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=80, method=4)
    return out.getvalue()


def portrait(data: bytes, pixels: int = PIXELS) -> bytes:
    """A square portrait, re-encoded."""
    too_large(_("Le portrait"), len(data), IMAGE_LIMIT)
    return webp(ImageOps.fit(decode(data, 2 * PORTRAIT, pixels), (PORTRAIT, PORTRAIT)))
