"""Media in a bucket that several machines share: written whole, read through the house, at no address of their own."""

import io
from pathlib import PurePosixPath

import structlog
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage

from federation.errors import MediaAway
from instance import bucket, unerased
from instance.bucket import Bucket

log = structlog.get_logger()
EMPTY = "InvalidRange"
WINDOW = 1 << 20  # bytes that are asked for at once: most photos whole


class BucketMedia(Storage):
    """What `STORAGES` names. There is no `url`: rights are asked, by the house, of each reader and each time."""

    @property
    def bucket(self) -> Bucket:
        return bucket.opened(settings.MEDIA_BUCKET)

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        return File(io.BufferedReader(Windows(self.bucket, name)), name)

    def _save(self, name: str, content: "File[bytes]") -> str:
        self.bucket.put(name, content.read())
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """A column's file gets a name that nobody else has: of two workers who draw one picture at once, each knows its
        own. Who names a file without a column wants it under that name."""
        if max_length is None:
            return name
        path = PurePosixPath(name)
        return super().get_available_name(self.get_alternative_name(str(path.with_suffix("")), path.suffix), max_length)

    def exists(self, name: str) -> bool:
        return self.bucket.exists(name)

    def size(self, name: str) -> int:
        return self.bucket.head(name).size

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        below = [PurePosixPath(name).relative_to(path).parts for name, _ in self.bucket.listed(path)]
        folders = sorted({parts[0] for parts in below if len(parts) > 1})
        return folders, sorted(parts[0] for parts in below if len(parts) == 1)

    def delete(self, name: str) -> None:
        """At once; or, should the bucket be away, as soon as it answers: what was withdrawn does not stay there."""
        try:
            self.bucket.delete(name)
        except MediaAway as error:
            log.warning("media.not_erased", reason=str(error))
            unerased.note(name)


class Windows(io.RawIOBase):
    """A file of the bucket, of which a window is fetched at a time: a slow reader keeps no connection open."""

    def __init__(self, of: Bucket, name: str) -> None:
        self.bucket, self.file, self.place = of, name, 0
        self.start = 0
        try:
            self.seen, self.length = of.read(name, 0, WINDOW)
        except MediaAway as error:  # S3 has no first byte of an empty file to give
            if str(error) != EMPTY:
                raise
            self.seen, self.length = b"", 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.place = max(0, offset + (0, self.place, self.length)[whence])
        return self.place

    def tell(self) -> int:
        return self.place

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        if self.place >= self.length:
            return 0
        if not self.start <= self.place < self.start + len(self.seen):
            self.seen, _ = self.bucket.read(self.file, self.place, WINDOW)
            self.start = self.place
        found = self.seen[self.place - self.start :][: len(target)]
        target[: len(found)] = found
        self.place += len(found)
        return len(found)
