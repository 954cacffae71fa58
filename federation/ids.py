"""Names that never change: ULIDs, and the URIs made of them (they hold no name and no word)."""

from datetime import datetime

from django.conf import settings
from ulid import ULID


def new_ulid(at: datetime | None = None) -> str:
    """26 characters that sort by time; `at` places something written elsewhere at its own time."""
    return str(ULID.from_datetime(at) if at else ULID())


def number_of(ulid: str) -> int:
    """The first 64 bits of a ULID, milliseconds then 16 bits of chance: digits that sort by time, for clients."""
    return int(ULID.from_str(ulid)) >> 64


def actor_uri(ulid: str) -> str:
    return f"{settings.ORIGIN}/ap/actors/{ulid}"


def object_uri(ulid: str) -> str:
    return f"{settings.ORIGIN}/ap/objects/{ulid}"


def activity_uri(ulid: str | None = None) -> str:
    return f"{settings.ORIGIN}/ap/activities/{ulid or new_ulid()}"


def instance_actor_uri() -> str:
    return f"{settings.ORIGIN}/ap/instance"


def shared_inbox() -> str:
    return f"{settings.ORIGIN}/ap/inbox"
