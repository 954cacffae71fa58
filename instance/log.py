"""Logs are events with actor and activity ids: one JSON line each in production, readable ones in development."""

import logging
import sys
from typing import Any

import structlog
from django.conf import settings


def set_up() -> None:
    shape: Any = (
        structlog.dev.ConsoleRenderer(colors=False) if settings.DEVELOPMENT else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            shape,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, settings.LOG_LEVEL, logging.INFO)),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
