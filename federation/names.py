"""The names that this house answers to: the one that it goes by, and those that it went by before (decision 22).

An id never changes, so that what was said under a former name is spoken of under it for ever: a post from then is
edited and withdrawn by its author as she was called, signed by the key that she had. Our database knows her by her
present id only; she is given the other on the way out, and found by either on the way in.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

OF_ACTORS = ("/ap/actors/", "/ap/instance")
WORDS = ("content", "source", "name", "summary", "value", "publicKeyPem")


def ours() -> tuple[str, ...]:
    """The hosts that are this house: the present one, then the former ones, the latest first."""
    return (settings.HOST, *settings.FORMER_HOSTS)


def domains() -> tuple[str, ...]:
    """The domains of our handles, as anybody may write them."""
    return (settings.ACCOUNT_DOMAIN, *ours())


def origin_at(host: str) -> str:
    return f"{urlsplit(settings.ORIGIN).scheme}://{host}"


def host_asked(host_header: str) -> str:
    """The name of ours at which somebody knocked; the present one for any other."""
    host = host_header.lower()
    return host if host in settings.FORMER_HOSTS else str(settings.HOST)


def origin_asked(host_header: str) -> str:
    """Its origin: each of our names shows what it is called there."""
    return origin_at(host_asked(host_header))


def origin_of(uri: str) -> str:
    """The origin of ours under which this id of ours was made; the present one for any other."""
    return next((origin for origin in former_origins() if uri.startswith(f"{origin}/")), str(settings.ORIGIN))


def former_host(uri: str) -> str:
    """The former name of ours under which this id was made; empty when it is of none."""
    return urlsplit(origin).netloc if (origin := origin_of(uri)) != settings.ORIGIN else ""


def former_origins() -> list[str]:
    return [origin_at(host) for host in settings.FORMER_HOSTS]


def at(uri: str, origin: str) -> str:
    """What the same thing of ours is called under another name of ours; anything else is left as it is."""
    own = origin_of(uri)
    return f"{origin}{uri.removeprefix(own)}" if uri.startswith(f"{own}/") else uri


def every(uri: str) -> list[str]:
    """All that the same thing of ours may have been called."""
    return [at(uri, origin_at(host)) for host in ours()]


def presently(said: Any) -> Any:
    """What other houses say, with our actors by the ids that our database knows them by.

    But whom a Follow or an Offer is about: one follows under one name, and is answered under it.
    """
    origins = former_origins()
    former = tuple(f"{origin}{path}" for origin in origins for path in OF_ACTORS)
    if not former:
        return said
    left = (("Follow", "Relationship"), "object")
    return mapped(said, lambda uri: at(uri, settings.ORIGIN) if uri.startswith(former) else uri, left)


def as_at(document: Any, origin: str) -> Any:
    """A document of ours as it was, or would have been, said under that origin of ours; but where a Move leads."""
    present = f"{settings.ORIGIN}/"
    if origin == settings.ORIGIN:
        return document
    return mapped(document, lambda uri: at(uri, origin) if uri.startswith(present) else uri, (("Move",), "target"))


def mapped(value: Any, change: Callable[[str], str], but: tuple[tuple[str, ...], str]) -> Any:
    """Each address in it changed, but in words of people, and in one part of what is of some types."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [mapped(each, change, but) for each in value]
    if isinstance(value, dict):
        left = (*WORDS, but[1]) if value.get("type") in but[0] else WORDS
        return {name: each if name in left else mapped(each, change, but) for name, each in value.items()}
    return value
