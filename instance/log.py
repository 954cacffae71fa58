"""Logs are events with actor and activity ids: one JSON line each in production, readable ones in development."""

import logging
import sys
import traceback
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from structlog.typing import EventDict

from instance.configuration import ROOT


def set_up() -> None:
    shape: list[Any] = [told_by_its_place, structlog.processors.JSONRenderer()]
    if settings.DEVELOPMENT:
        shape = [structlog.processors.format_exc_info, structlog.dev.ConsoleRenderer(colors=False)]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            *shape,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, settings.LOG_LEVEL, logging.INFO)),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def told_by_its_place(logger: object, method: str, event: EventDict) -> EventDict:
    """A fault is told by its kind and its place, without what it says."""
    if event.pop("exc_info", None):
        error = sys.exc_info()[1]
        event.update(error=type(error).__name__, at=place_of(error))
    return event


def place_of(error: BaseException | None) -> str:
    """The lines of ours that led to it, innermost first; never the message, which may quote what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__) if error else []
    ours = [f"{Path(each.filename).relative_to(ROOT)}:{each.lineno}" for each in frames if is_ours(each.filename)]
    return " < ".join(ours[:-4:-1])


def is_ours(filename: str) -> bool:
    return filename.startswith(f"{ROOT}/") and "site-packages" not in filename
