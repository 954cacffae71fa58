"""Names that never change: ULIDs, and the URIs made of them (they hold no name and no word)."""

from datetime import datetime

from django.conf import settings
from ulid import ULID


def new_ulid(at: datetime | None = None) -> str:
    """26 characters that sort by time; `at` places something written elsewhere at its own time."""
    return str(ULID.from_datetime(at) if at else ULID())


def moment_of(ulid: str) -> datetime:
    """When it was made."""
    return ULID.from_str(ulid).datetime


def number_of(ulid: str) -> int:
    """Digits that sort by time, for clients: the milliseconds of a ULID, then its last 16 bits.

    Not its first ones after the time: ULIDs of one millisecond count upwards from a common chance.
    """
    whole = int(ULID.from_str(ulid))
    return whole >> 80 << 16 | whole & 0xFFFF


def actor_uri(ulid: str) -> str:
    return f"{settings.ORIGIN}/ap/actors/{ulid}"


def object_uri(ulid: str, origin: str = "") -> str:
    return f"{origin or settings.ORIGIN}/ap/objects/{ulid}"


def activity_uri(ulid: str | None = None, origin: str = "") -> str:
    """`origin`: the one of ours that it is said under (`federation.names`), when that is a former one."""
    return f"{origin or settings.ORIGIN}/ap/activities/{ulid or new_ulid()}"


def instance_actor_uri(origin: str = "") -> str:
    return f"{origin or settings.ORIGIN}/ap/instance"


def shared_inbox() -> str:
    return f"{settings.ORIGIN}/ap/inbox"
