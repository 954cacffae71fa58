"""Write an export of this instance, under a temporary name until it is whole; running, or stopped for good."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils.timezone import now

from instance import maintenance
from instance.backups import Unusable, files, media, sending, taking
from instance.backups.manifest import MEDIA, engine, kind_of_database, mark_of, seal_of
from instance.exports import kinds, manifest, numbers, readme, rows
from instance.exports.manifest import Manifest

PARTIAL = ".partiel"


def write(folder: Path, last: bool = False) -> Manifest:
    """To `folder`, which is not there yet, or empty. `last`: nothing is to happen here after it. Unusable."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Unusable(f"{folder} n’est pas un dossier vide : nommez-en un autre, qui sera créé.")
    umask = os.umask(0o077)
    try:
        with closed_for_good() if last else nullcontext(), working_beside(folder) as partial:
            with sending.told("Le stockage des photos (PREAU_MEDIA_URL)"):
                said = fill(partial, last)
            files.settle_folder(partial)
            partial.rename(folder)
            files.settle_folder(folder.parent)
            return said
    except OSError as error:
        raise Unusable(f"L’export n’a pas pu être écrit dans {folder} ({error.strerror}).") from error
    finally:
        os.umask(umask)


@contextmanager
def closed_for_good() -> Iterator[None]:
    """Nobody uses it now, and its doors stay closed when the export is there: what it says stays true."""
    before = settings.MAINTENANCE.read_text() if maintenance.is_on_here() else None
    if before == maintenance.RESTORING:
        raise Unusable("Une restauration n’est pas finie : terminez-la d’abord.")
    maintenance.turn_on(maintenance.EXPORTED)
    try:
        engine().must_be_alone()
        yield
    except BaseException:
        if before is None:
            maintenance.open_again()
        else:
            settings.MAINTENANCE.write_text(before)
        raise


@contextmanager
def working_beside(folder: Path) -> Iterator[Path]:
    """What an interrupted one left goes; another that is under way is left alone."""
    partial = folder.with_name(folder.name + PARTIAL)
    partial.mkdir(mode=files.OWN_FOLDER, parents=True, exist_ok=True)
    held = os.open(partial, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in partial.iterdir():
            taking.remove(left)
        yield partial
    except BlockingIOError as error:
        raise Unusable(f"Un autre export s’écrit dans {folder} : attendez qu’il finisse.") from error
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    finally:
        os.close(held)


def fill(folder: Path, last: bool) -> Manifest:
    """The rows first, of one moment: the files that they name were stored before."""
    taking.must_have_room(folder)
    moment = now().astimezone(UTC).isoformat(timespec="seconds")
    (folder / manifest.ROWS).mkdir()
    with one_moment():
        counts = {kinds.label(model): write_rows(model, folder) for model in kinds.kept()}
        given = {kinds.label(model): numbers.last(model) for model in kinds.kept() if numbers.is_numbered(model)}
        migrations = sorted(list(each) for each in MigrationRecorder(connection).applied_migrations())
    files.write(folder / manifest.README, readme.text(counts).encode())
    written = [manifest.README, *map(manifest.rows_of, counts)]
    parts = {name: files.settle(folder / name) for name in written}
    parts |= media.copy_all(folder / MEDIA, None, {})
    said = Manifest(
        format=manifest.FORMAT, version=settings.VERSION, host=settings.HOST, taken_at=moment,
        database=kind_of_database(), migrations=migrations, counts=counts, numbers=given, parts=parts, last=last,
        keys=mark_of(settings.KEYS_SECRET, settings.HOST),
    )  # fmt: skip
    sealed = replace(said, seal=seal_of(said, settings.KEYS_SECRET))
    manifest.write(folder, sealed)
    return sealed


@contextmanager
def one_moment() -> Iterator[None]:
    """What others write meanwhile is not seen, and nobody waits for us (Django's own transactions would, on SQLite)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("COMMIT")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def write_rows(model: type, folder: Path) -> int:
    """How many they are."""
    count = 0
    with (folder / manifest.rows_of(kinds.label(model))).open("xb") as file:
        for line in rows.lines(model):
            file.write(line)
            count += 1
    return count
