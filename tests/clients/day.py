"""What an agent's day needs: pictures, hours, and patience for what is told soon, not at once."""

import io
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from PIL import Image

T = TypeVar("T")


def png(size: tuple[int, int] = (900, 600)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (40, 120, 60)).save(out, "PNG")
    return out.getvalue()


def later(seconds: int) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def until(holds: Callable[[], T], seconds: float = 15) -> T:
    """What a function gives, once it gives something."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "not in time"
        time.sleep(0.1)
    return found
