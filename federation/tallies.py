"""How often things happened in this house, counted by its processes of one machine together: things, never people.

One small file in the data folder, mapped into each process: a record is a name and a number. It outlives restarts.
"""

import fcntl
import mmap
import os
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

import structlog
from django.conf import settings

log = structlog.get_logger()
NAME, NUMBER = 56, struct.Struct("=q")  # written whole: who reads needs no lock
RECORD = NAME + NUMBER.size
SIZE = 1_024 * RECORD


class Tallies:
    """The file, as one process sees it. OSError when it cannot be opened."""

    def __init__(self, path: Path) -> None:
        self.file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        os.posix_fallocate(self.file, 0, SIZE)  # a hole, written through the map on a full disk, would kill the process
        self.map = mmap.mmap(self.file, SIZE)
        self.lock = threading.Lock()
        self.places: dict[str, int] = {}

    def add(self, counts: Mapping[str, int]) -> None:
        with self.alone():
            for name, more in counts.items():
                if (place := self.place_of(name)) is not None:
                    NUMBER.pack_into(self.map, place + NAME, self.number_at(place) + more)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Of all threads and processes."""
        with self.lock:
            fcntl.lockf(self.file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self.file, fcntl.LOCK_UN)

    def place_of(self, name: str) -> int | None:
        """Where its record is; a new one when there is none; None when there is no room for it."""
        if name not in self.places:
            label = name.encode()[:NAME].ljust(NAME, b"\0")
            for place in range(0, SIZE, RECORD):
                if self.map[place : place + NAME] in (label, bytes(NAME)):
                    self.map[place : place + NAME] = label
                    self.places[name] = place
                    break
        return self.places.get(name)

    def read(self) -> dict[str, int]:
        taken = (place for place in range(0, SIZE, RECORD) if self.map[place])
        return {self.map[place : place + NAME].rstrip(b"\0").decode(): self.number_at(place) for place in taken}

    def number_at(self, place: int) -> int:
        (number,) = NUMBER.unpack_from(self.map, place + NAME)
        return int(number)


@lru_cache(maxsize=4)
def _opened(path: Path, _process: int) -> Tallies | None:
    """By process: locks are not inherited. A house that cannot write there counts nothing, and says so once."""
    try:
        return Tallies(path)
    except OSError as error:
        log.warning("tallies.not_kept", reason=type(error).__name__)
        return None


def add(counts: Mapping[str, int]) -> None:
    """So many more of each; names are few, and known before anybody asks anything of us."""
    if tallies := _opened(settings.TALLIES, os.getpid()):
        with suppress(OSError):  # no lock to be had: what is counted is worth no refusal
            tallies.add(counts)


def read() -> dict[str, int]:
    tallies = _opened(settings.TALLIES, os.getpid())
    return tallies.read() if tallies else {}
