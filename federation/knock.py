"""A request as it knocked at our door, and what every proof of its origin has to show besides the key."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils.timezone import now

from federation import names
from federation.errors import BadSignature

KEY_URI = re.compile(r"https?://[!#-+\--;=?-\[\]-~]{1,490}")


@dataclass(frozen=True)
class Knock:
    """`target` is path[?query] as received; `headers` have lower-case names and one value each; `host` is ours, by
    the name at which it knocked.

    `at` is when it knocked, in seconds: a letter that was kept is read again as it was then.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    host: str
    at: float = field(default_factory=lambda: now().timestamp())

    @classmethod
    def from_request(cls, request: HttpRequest, body: bytes) -> "Knock":
        """WSGI joins repeated headers with commas, which no signature header survives."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        host = names.host_asked(headers.get("host", ""))
        return cls(request.method or "", request.get_full_path(), headers, body, host)

    @property
    def carries_something(self) -> bool:
        """Whether the signature must vouch for a body too."""
        return self.method not in ("GET", "HEAD") or bool(self.body)


class Claim(Protocol):
    """Everything but the key has been checked: it is for us, recent, and covers what it must."""

    @property
    def key_uri(self) -> str: ...

    @property
    def covered(self) -> frozenset[str]:
        """The names of the headers and parts of the request that the signature vouches for."""
        ...

    def check(self, key_pem: str) -> None:
        """Raise BadSignature unless this key made the signature."""
        ...


def key_uri(value: object) -> str:
    """The name of a key, if every parser would read it the same way."""
    if not isinstance(value, str) or not KEY_URI.fullmatch(value):
        raise BadSignature("the key is not named by a plain web address")
    return value


def must_be_for_us(knock: Knock) -> None:
    """What was signed for another house is not replayed here."""
    if knock.headers.get("host", "").lower() != knock.host:
        raise BadSignature("signed for another host")


def must_be_recent(knock: Knock, signed_at: int) -> None:
    if abs(knock.at - signed_at) > settings.SIGNATURE_WINDOW.total_seconds():
        raise BadSignature("signed too long ago, or in the future")


def must_not_have_expired(knock: Knock, expires_at: int) -> None:
    if knock.at > expires_at:
        raise BadSignature("expired")


def must_cover(needed: set[str], covered: set[str]) -> None:
    if missing := needed - covered:
        raise BadSignature(f"not covered: {', '.join(sorted(missing))}")
