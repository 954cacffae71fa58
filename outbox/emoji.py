"""The organisation's own emoji: small pictures, drawn anew, that a text names `:shortcode:`."""

import io
import re
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from PIL import Image

from actors.pictures import decode
from federation.errors import Forbidden, NotHere
from federation.ids import new_ulid
from outbox.models import Emoji

__all__ = ["Emoji"]
LIMIT, SIDE, MOST = 256_000, 128, 500
PIXELS = 4_000_000
SHORTCODE = re.compile(r"[a-z0-9_]{2,40}")
NAMED = re.compile(r"(?<![\w:]):([a-z0-9_]{2,40}):(?![\w:])")


def add(shortcode: str, data: bytes, category: str = "") -> Emoji:
    """Forbidden, with a sentence."""
    if not SHORTCODE.fullmatch(shortcode):
        raise Forbidden(_("Un nom court a de 2 à 40 lettres minuscules sans accent, chiffres ou « _ »."))
    if taken(shortcode):
        raise Forbidden(_("Un autre émoji porte déjà ce nom."))
    weigh(len(data))
    if Emoji.objects.count() >= MOST:
        raise Forbidden(_("%(most)s émojis au plus : retirez-en un d’abord.") % {"most": MOST})
    row = Emoji(shortcode=shortcode, category=category.strip()[:60])
    row.file.save(f"{new_ulid()}.png", ContentFile(drawn(data)), save=False)
    row.save(force_insert=True)
    return row


def taken(shortcode: str) -> bool:
    return Emoji.objects.filter(shortcode=shortcode).exists()


def weigh(size: int) -> None:
    if size > LIMIT:
        raise Forbidden(_("Une image de 256 ko au plus."))


def drawn(data: bytes) -> bytes:
    """Only pixels are kept, and of what moves the first picture. Every application reads PNG."""
    picture = decode(data, pixels=PIXELS).convert("RGBA")
    picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def remove(shortcode: str) -> None:
    row = find(shortcode)
    row.file.delete(save=False)
    row.delete()


def find(shortcode: str) -> Emoji:
    found = Emoji.objects.filter(shortcode=shortcode).first()
    if found is None:
        raise NotHere(shortcode[:40])
    return found


def every() -> QuerySet[Emoji]:
    return Emoji.objects.order_by("category", "shortcode")


def used(text: str) -> list[Emoji]:
    return used_in([text])[0]


def used_in(texts: Iterable[str]) -> list[list[Emoji]]:
    """Those that each text names, by one question for all; by none when none names any."""
    named = [dict.fromkeys(NAMED.findall(text)) if ":" in text else {} for text in texts]
    wanted = {name for names in named for name in names}
    known = {row.shortcode: row for row in Emoji.objects.filter(shortcode__among=sorted(wanted))} if wanted else {}
    return [[known[name] for name in names if name in known] for names in named]
