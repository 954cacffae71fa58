"""The media of this instance, on its disk or in a bucket: listed and copied for a backup, and put back from one."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings

from instance import bucket
from instance.backups import files, named
from instance.backups.manifest import MEDIA
from instance.bucket import Bucket, Listed

TRIAL = "preau-doctor"  # what the doctor puts in a bucket
ASIDE = "avant-"  # folders of the bucket
Settle = Callable[[str], str]


def disk() -> Path:
    return Path(settings.MEDIA_ROOT)


def shared() -> Bucket:
    return bucket.opened(settings.MEDIA_BUCKET, patient=True)


def in_bucket() -> Iterator[tuple[str, Listed]]:
    """But for what a restoration has put aside and what the doctor tries."""
    return (each for each in shared().listed() if not each[0].startswith((ASIDE, TRIAL)))


def listed() -> Iterator[tuple[str, int]]:
    """Names and sizes."""
    if settings.MEDIA_BUCKET:
        yield from ((name, found.size) for name, found in in_bucket())
        return
    for path in files.found_in(disk()):
        with suppress(FileNotFoundError):  # erased meanwhile
            yield path.as_posix(), (disk() / path).stat().st_size


def only_on_disk(limit: int | None = None) -> Iterator[str]:
    """Files of the disk that the bucket lacks, among the first `limit` that a row names: the others were withdrawn."""
    on_disk = (path.as_posix() for path in files.found_in(disk()))
    for name in islice(named.only(on_disk), limit):
        if not shared().exists(name):
            yield name


def copy_all(to: Path, earlier: Path | None, known: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Each below `to`: linked to the `earlier` copy when it is the same, whose size and checksum are `known`."""
    if not settings.MEDIA_BUCKET:
        return files.copy_all(disk(), to, earlier, known)
    parts = {}
    for name, size in listed():
        part, target = f"{MEDIA}/{name}", to / name
        target.parent.mkdir(mode=files.OWN_FOLDER, parents=True, exist_ok=True)
        if earlier and part in known and known[part][0] == size and linked(earlier / part, target, size):
            parts[part] = known[part]
        elif fetched(name, target):
            parts[part] = files.settle(target)
    return parts


def linked(earlier: Path, target: Path, size: int) -> bool:
    """Media never change under their names: same name and size, same file."""
    try:
        if earlier.is_symlink() or earlier.stat().st_size != size:
            return False
        os.link(earlier, target)
    except OSError:
        return False
    return True


def fetched(name: str, target: Path) -> bool:
    """Whether it was there still: what was erased meanwhile is to be in no backup."""
    try:
        with target.open("xb") as file:
            for piece in shared().stream(name):
                file.write(piece)
    except FileNotFoundError:
        target.unlink(missing_ok=True)
        return False
    return True


def on_disk_is_empty() -> bool:
    return next(files.found_in(disk()), None) is None


def set_disk_aside(stamp: str) -> list[Path]:
    if disk().exists() and any(disk().iterdir()):
        return [disk().rename(disk().with_name(f"{MEDIA}.avant-{stamp}"))]
    return []


def of_backup(parts: Mapping[str, list[Any]]) -> Iterator[str]:
    return (name.removeprefix(f"{MEDIA}/") for name in parts if name.startswith(f"{MEDIA}/"))


def bring(folder: Path, parts: Mapping[str, list[Any]]) -> Settle:
    """Those of a backup to the place of ours. What is given back ends it, and says what is set aside."""
    return into_bucket(folder, parts) if settings.MEDIA_BUCKET else onto_disk(folder, parts)


def onto_disk(folder: Path, parts: Mapping[str, list[Any]]) -> Settle:
    """All beside their place; what is given back puts them there."""
    partial = disk().with_name(f"{MEDIA}.restauration")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=files.FOLDER_OF_INSTANCE)
    for name in of_backup(parts):
        files.give_back(folder / MEDIA / name, partial / name)

    def settle(_stamp: str) -> str:
        shutil.rmtree(disk(), ignore_errors=True)  # empty: what was there is aside
        partial.rename(disk())
        return ""

    return settle


def into_bucket(folder: Path, parts: Mapping[str, list[Any]]) -> Settle:
    """All, over what the bucket has: the same size is not the same file, and to read it costs as much as to put it.
    What is given back puts aside, in the bucket, what the backup does not know."""
    there = dict(listed())
    for name in of_backup(parts):
        there.pop(name, None)
        shared().put(name, folder / MEDIA / name)

    def settle(stamp: str) -> str:
        for name in there:
            shared().copy(name, f"{ASIDE}{stamp}/{name}")
            shared().delete(name)
        kept = f"{shared().address.shown}/{ASIDE}{stamp}"
        return f"Fichiers que la sauvegarde ne connaît pas : {len(there)}, gardés dans {kept}" if there else ""

    return settle
