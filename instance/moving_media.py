"""Take the media of this instance from its disk to its bucket, or back; nothing is removed where it was."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from instance.backups import files, media, named


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
    """How many the disk lacked."""
    count = 0
    for name in missing_on_disk():
        target = media.disk() / name
        partial = target.with_name(f"{target.name}.partielle")
        target.parent.mkdir(mode=files.FOLDER_OF_INSTANCE, parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        if media.fetched(name, partial):
            partial.chmod(files.OF_INSTANCE)
            partial.rename(target)
            count += 1
    return count


def missing_on_disk() -> Iterator[str]:
    for name, size in media.listed():
        path = media.disk() / name
        if ".." not in Path(name).parts and (not path.is_file() or path.stat().st_size != size):
            yield name
