"""When the last whole backup was taken, wherever it was put: for `preau doctor`, which cannot look everywhere."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.timezone import now


def note() -> None:
    """Once a backup is whole."""
    place().write_text(now().isoformat())


def taken_at() -> datetime | None:
    try:
        return datetime.fromisoformat(place().read_text())
    except (OSError, ValueError):
        return None


def place() -> Path:
    return Path(settings.DATA) / "derniere-sauvegarde"
