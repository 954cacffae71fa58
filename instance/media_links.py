"""Addresses of pictures for applications, whose <img> sends no session: each is sealed for one reader and one file.

An address opens for a day at least and two at most, and stays the same all day, so that what was fetched is not fetched
again. It gives no right: whoever serves it asks again whether that reader may read. Who holds an address that she was
shown may show it for that long, as she may show the picture itself.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from time import time
from typing import Literal

from django.conf import settings
from django.templatetags.static import static

from actors.models import Actor
from federation.errors import NotHere
from outbox.emoji import Emoji
from outbox.posts import Attachment

DAY = 86_400
Variant = Literal["original", "small"]
SEAL, READER, UNTIL, SIZE, SMALL = "sceau", "pour", "fin", "taille", "vignette"


def url(row: Attachment, viewer: Actor, variant: Variant = "original") -> str:
    """Where `viewer` fetches a picture, or its small one, or a document; whether it is there yet is not looked at."""
    size = f"{SIZE}={SMALL}&" if variant == "small" else ""
    return f"{settings.ORIGIN}{row.path}?{size}{sealed('medias', row.ulid, variant, viewer)}"


def portrait(actor: Actor, viewer: Actor | None) -> str:
    """Where `viewer` fetches a portrait; for nobody, or of someone who has none, the one that is everybody's."""
    path = actor.avatar_url
    if viewer is None or not path:
        return everybodys("portrait.png", settings.ORIGIN)
    return f"{settings.ORIGIN}{path}{'&' if '?' in path else '?'}{sealed('portraits', actor.ulid, 'original', viewer)}"


def banner() -> str:
    """What stands at the head of a profile, the same for all."""
    return everybodys("banner.png", settings.ORIGIN)


@lru_cache(maxsize=4)
def everybodys(name: str, origin: str) -> str:
    return f"{origin}{static(name)}"


def emoji(row: Emoji) -> str:
    """For whoever asks: the organisation's own are no secret."""
    return f"{settings.ORIGIN}{row.path}"


def sealed(kind: str, ulid: str, variant: str, viewer: Actor) -> str:
    until = (int(time()) // DAY + 2) * DAY
    return f"{READER}={viewer.pk}&{UNTIL}={until}&{SEAL}={seal(kind, ulid, variant, str(viewer.pk), str(until))}"


def is_sealed(asked: Mapping[str, str]) -> bool:
    """Whether a request came with such an address, right or wrong."""
    return SEAL in asked


def reader(kind: str, ulid: str, asked: Mapping[str, str]) -> Actor:
    """The agent for whom the address that was asked is sealed. NotHere: altered, of another file, or past its time."""
    who, until = asked.get(READER, ""), asked.get(UNTIL, "")
    variant = "small" if asked.get(SIZE) == SMALL else "original"
    right = seal(kind, ulid, variant, who, until)
    if not hmac.compare_digest(right.encode(), asked.get(SEAL, "").encode()) or int(until) < time():
        raise NotHere(ulid)
    found = Actor.objects.filter(pk=int(who), local=True).select_related("service").first()
    if found is None or not found.active:
        raise NotHere(ulid)
    return found


def seal(*parts: str) -> str:
    whole = "\0".join(parts).encode(errors="surrogatepass")
    return urlsafe_b64encode(hmac.digest(key(settings.SECRET_KEY), whole, "sha256")[:18]).decode()


@lru_cache(maxsize=1)
def key(secret: str) -> bytes:
    return sha256(b"preau media links\0" + secret.encode()).digest()
