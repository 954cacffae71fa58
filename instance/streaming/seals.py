"""What proves that a letter comes from a process of this same house: a seal made with its secret, good for a moment."""

import hmac
from hashlib import sha256
from time import time

from django.conf import settings

MOMENT = 30  # seconds


class Broken(Exception):
    """Not sealed by this house, or too long ago."""


def seal(body: bytes) -> bytes:
    stamped = b"%d\n%s" % (int(time()), body)
    return mark(stamped) + stamped


def opened(letter: bytes) -> bytes:
    """What was sealed. Broken."""
    found, stamped = letter[:32], letter[32:]
    at, _, body = stamped.partition(b"\n")
    if not hmac.compare_digest(found, mark(stamped)) or abs(time() - int(at)) > MOMENT:
        raise Broken
    return body


def mark(stamped: bytes) -> bytes:
    key = sha256(b"preau streaming\0" + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(key, stamped, "sha256")
