"""Take the media of this instance from its disk to its bucket, or back; nothing is removed where it was."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from hashlib import md5
from itertools import islice
from pathlib import Path

from instance.backups import files, media, named
from instance.bucket import Listed

MARK = re.compile("[0-9a-f]{32}(-[0-9]+)?")  # an ETag that S3 made of what is in a file, whole or in parts
new = partial(md5, usedforsecurity=False)
PART = 5 * 1024 * 1024  # bytes of which a larger file is sent at once


def upload() -> int:
    """How many the bucket lacked. What was withdrawn is left out, and what is withdrawn meanwhile goes again."""
    count, rest = 0, media.only_on_disk()
    while some := list(islice(rest, named.AT_ONCE)):
        for name in some:
            with suppress(FileNotFoundError):  # withdrawn by a process that has its media on the disk still
                media.shared().put(name, media.disk() / name)
        kept = named.among(some)
        media.shared().delete(*(name for name in some if name not in kept))
        count += len(kept)
    return count


def download() -> int:
    """How many the disk lacked, or had otherwise."""
    return sum(brought(name) for name in missing_on_disk())


def brought(name: str) -> bool:
    """False for what was erased meanwhile, and for what turns out to be the same: it stays as it is."""
    target = media.disk() / name
    coming = target.with_name(f"{target.name}.partielle")
    target.parent.mkdir(mode=files.FOLDER_OF_INSTANCE, parents=True, exist_ok=True)
    coming.unlink(missing_ok=True)
    if not media.fetched(name, coming):
        return False
    if target.is_file() and files.checksum(target) == files.checksum(coming):
        coming.unlink()
        return False
    coming.chmod(files.OF_INSTANCE)
    coming.rename(target)
    return True


def missing_on_disk() -> Iterator[str]:
    for name, found in media.in_bucket():
        if ".." not in Path(name).parts and not looks_the_same(media.disk() / name, found):
            yield name


def looks_the_same(path: Path, found: Listed) -> bool:
    """By its size and, where the bucket says of what, by its digest. Another way to send a file in parts gives another
    digest of the same: that is seen once it is here."""
    if not path.is_file() or path.stat().st_size != found.size:
        return False
    return not MARK.fullmatch(found.mark) or mark_of(path, in_parts="-" in found.mark) == found.mark


def mark_of(path: Path, *, in_parts: bool) -> str:
    """As S3 makes it: MD5, or MD5 of the MD5 of each part and how many they are. It protects from no attack."""
    whole, parts = new(), b""
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(PART), b""):
            whole.update(piece)
            parts += new(piece).digest()
    return f"{new(parts).hexdigest()}-{len(parts) // 16}" if in_parts else whole.hexdigest()
