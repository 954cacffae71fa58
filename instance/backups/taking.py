"""Take a backup of this running instance, under a temporary name until it is whole; remove those beyond a number."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path

from django.conf import settings
from django.utils.timezone import now

from federation import names
from federation.errors import MediaAway
from instance.backups import Unusable, files, manifest, media, sqlite
from instance.backups.manifest import MEDIA, Manifest, engine

STAMP = "%Y%m%dT%H%M%SZ"
PARTIAL = ".partielle"
ROOM = 200_000_000  # bytes that must stay free beyond what is copied


def take(to: Path, keep: int | None = None) -> tuple[Path, Manifest]:
    """Its folder below `to`, and what it says of itself. Older ones go only when it is whole. Unusable."""
    with working_in(to):
        try:
            made = whole(to)
        except MediaAway:
            raise
        except OSError as error:
            raise Unusable(f"La sauvegarde n’a pas pu être écrite dans {to} ({error.strerror}).") from error
        if keep is not None:
            forget_older(to, keep)
    return made


@contextmanager
def working_in(to: Path) -> Iterator[None]:
    """One at a time in a folder; what an interrupted one left there goes."""
    umask = os.umask(0o077)
    try:
        with locked(to):
            for left in to.glob(f"*{PARTIAL}"):
                remove(left)
            yield
    finally:
        os.umask(umask)


def remove(left: Path) -> None:
    """A link, or a file, is nothing of ours to look into."""
    if left.is_dir() and not left.is_symlink():
        shutil.rmtree(left)
    else:
        left.unlink()


@contextmanager
def locked(to: Path) -> Iterator[None]:
    try:
        to.mkdir(mode=files.OWN_FOLDER, parents=True, exist_ok=True)
        lock = os.open(to / ".verrou", os.O_WRONLY | os.O_CREAT, files.OWN_FILE)
    except OSError as error:
        raise Unusable(
            f"On ne peut pas écrire dans {to} ({error.strerror}) : choisissez --to, ou ses droits."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Unusable(f"Une autre sauvegarde est en cours dans {to} : attendez qu’elle finisse.") from error
    finally:
        os.close(lock)


def whole(to: Path) -> tuple[Path, Manifest]:
    moment = now().astimezone(UTC)
    folder = to / f"preau-{settings.HOST.replace(':', '_')}-{moment:{STAMP}}"
    partial = folder.with_name(folder.name + PARTIAL)
    must_have_room(to)
    earlier = next(iter(all_whole(to)), None)
    partial.mkdir(mode=files.OWN_FOLDER)
    try:
        said = fill(partial, moment.isoformat(timespec="seconds"), earlier)
        files.settle_folder(partial)
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    files.settle_folder(to)
    return folder, said


def fill(folder: Path, taken_at: str, earlier: tuple[Path, Manifest] | None) -> Manifest:
    """The database first: what it names was stored before, so that media copied later lack none of it."""
    found = engine().dump(folder)
    parts = {engine().NAME: files.settle(folder / engine().NAME)}
    before, known = (earlier[0], earlier[1].parts) if earlier else (None, {})
    parts |= media.copy_all(folder / MEDIA, before, known)
    said = manifest.made(taken_at, found, parts)
    manifest.write(folder, said)
    return said


def must_have_room(to: Path) -> None:
    """As far as can be told: of a database elsewhere nothing is known before it is copied."""
    wanted = ROOM + (sqlite.place().stat().st_size if settings.SQLITE and sqlite.place().exists() else 0)
    free = shutil.disk_usage(to).free
    if free < wanted:
        raise Unusable(f"Il reste {free // 10**6} Mo dans {to}, et il en faut {wanted // 10**6} : faites de la place.")


def all_whole(to: Path) -> list[tuple[Path, Manifest]]:
    """Backups of this instance below `to`, the newest first."""
    found = []
    for path in sorted(to.glob(f"*/{manifest.NAME}")):
        try:
            said = manifest.read(path.parent)
        except Unusable:
            continue
        if said.host in names.ours() and not path.parent.name.endswith(PARTIAL):
            found.append((path.parent, said))
    return sorted(found, key=lambda each: each[1].taken_at, reverse=True)


def forget_older(to: Path, keep: int) -> None:
    """Renamed first, so that one that is half removed is not taken for whole."""
    for folder, _ in all_whole(to)[max(1, keep) :]:
        remove(folder.rename(folder.with_name(folder.name + PARTIAL)))
