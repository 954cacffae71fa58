"""Files of a backup: for their owner alone, on the disk before they are believed, copied once if they do not change."""

import os
import shutil
from collections.abc import Iterator, Mapping
from hashlib import file_digest
from pathlib import Path
from typing import Any

from django.conf import settings

from instance.backups import Unusable

OWN_FILE, OWN_FOLDER = 0o600, 0o700
OF_INSTANCE, FOLDER_OF_INSTANCE = 0o640, 0o750


def must_be_ours() -> None:
    """Unusable by anybody but who runs the instance: root would leave files that it cannot write any more."""
    data: Path = settings.DATA
    if data.stat().st_uid != os.geteuid():
        raise Unusable(f"Cette commande se tape comme {data.owner()}. Tapez : runuser -u {data.owner()} -- preau …")


def checksum(path: Path) -> str:
    """SHA-256, as hexadecimal."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def is_as_it_was(folder: Path, name: str, size: int, sha256: str) -> bool:
    """A file of `folder` itself: a link leads who knows where."""
    path = folder / name
    inside = not path.is_symlink() and path.resolve().is_relative_to(folder.resolve())
    return inside and path.is_file() and path.stat().st_size == size and checksum(path) == sha256


def is_below(name: str, root: str) -> bool:
    """Whether it is a plain path, of a file below `root`."""
    path = Path(name)
    plain = path.as_posix() == name and ".." not in path.parts and "\0" not in name
    return plain and len(path.parts) > 1 and path.parts[0] == root


def write(path: Path, data: bytes) -> None:
    """A new file that only we read, on the disk when this returns."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWN_FILE), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def settle(path: Path) -> list[Any]:
    """Its size and checksum, once it is on the disk and ours alone."""
    path.chmod(OWN_FILE)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return [path.stat().st_size, checksum(path)]


def settle_folder(path: Path) -> None:
    """What was made or renamed in it is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def found_in(root: Path) -> Iterator[Path]:
    """Relative paths of its files, in order; links are not followed."""
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(root)


def copy_all(root: Path, to: Path, earlier: Path | None, known: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Each file of `root` below `to`: linked to the `earlier` copy when it is the same, whose checksum is `known`.

    A file that is gone by the time it is copied was erased meanwhile, and is to be in no backup.
    """
    parts = {}
    for relative in found_in(root):
        name = f"{to.name}/{relative.as_posix()}"
        target = to / relative
        target.parent.mkdir(mode=OWN_FOLDER, parents=True, exist_ok=True)
        try:
            before = earlier / name if earlier and name in known else None
            parts[name] = known[name] if link(root / relative, before, target) else copied(root / relative, target)
        except FileNotFoundError:
            target.unlink(missing_ok=True)
    return parts


def link(source: Path, earlier: Path | None, target: Path) -> bool:
    """Media never change under their names: same size and date, same file."""
    if earlier is None or not earlier.is_file():
        return False
    one, other = source.stat(), earlier.stat()
    if (one.st_size, one.st_mtime_ns) != (other.st_size, other.st_mtime_ns):
        return False
    try:
        os.link(earlier, target)
    except OSError:  # a file system without links
        return False
    return True


def copied(source: Path, target: Path) -> list[Any]:
    shutil.copy2(source, target)
    return settle(target)


def give_back(source: Path, target: Path) -> None:
    """A file of a backup, where the instance reads it."""
    target.parent.mkdir(mode=FOLDER_OF_INSTANCE, parents=True, exist_ok=True)
    shutil.copy2(source, target)
    target.chmod(OF_INSTANCE)
