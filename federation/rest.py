"""Whether the other machines of this house rest: one that is told to (`preau maintenance`) tells them through Redis.

Houses of one machine have the file in their data folder, and no use for this.
"""

from dataclasses import dataclass
from time import monotonic

import structlog
from django.conf import settings

log = structlog.get_logger()
EVERY, SILENT = 1.0, 10.0  # seconds until Redis is asked again, and when it did not answer


@dataclass
class Heard:
    """What was heard last holds until something else is: a Redis that is away opens no door, and closes none."""

    rests: bool = False
    until: float = 0.0


_heard = Heard()


def has_others() -> bool:
    """Whether this house may have other machines: what they all know is Redis."""
    return bool(settings.WORK == "celery" and settings.REDIS_URL)


def is_heard() -> bool:
    if has_others() and monotonic() >= _heard.until:
        from federation import hints

        try:
            _heard.until = monotonic() + EVERY  # of several threads, one asks
            _heard.rests = hints.rests()
        except ConnectionError:
            _heard.until = monotonic() + SILENT
    return has_others() and _heard.rests


def tell(*, now: bool) -> None:
    """The others see it within a second; when Redis does not answer, they go on as before, and the log says so."""
    if has_others():
        from federation import hints

        try:
            hints.rest(now=now)
        except ConnectionError as error:
            log.warning("maintenance.others_not_told", now=now, reason=type(error).__name__)
        _heard.until = 0.0
