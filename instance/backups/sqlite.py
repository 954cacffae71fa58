"""A SQLite database, copied while others write to it and put back whole."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connections

from instance.backups import Unusable, files
from instance.backups.facts import Facts, counts, migrations

NAME = "database.sqlite3"
BESIDE = ("", "-wal", "-shm")


def place() -> Path:
    return Path(settings.DATABASES["default"]["NAME"])


def dump(folder: Path) -> Facts:
    """One moment of it, without what was erased before: freed pages are not copied."""
    target = folder / NAME
    with closing(sqlite3.connect(place(), timeout=60, isolation_level=None)) as source:
        source.execute("VACUUM INTO ?", (str(target),))
    with closing(sqlite3.connect(target)) as copy:
        if (said := copy.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
            raise Unusable(f"La base de données est abîmée ({said}) : cette sauvegarde est abandonnée.")
        return counts(copy), migrations(copy)


def must_be_alone() -> None:
    """Unusable while another process has the database open: it would go on writing to the file that we replace."""
    connections.close_all()
    if not place().exists():
        return
    try:
        with closing(sqlite3.connect(place(), timeout=1)) as database:
            alone = database.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete"
            database.execute("PRAGMA journal_mode = WAL")
    except sqlite3.DatabaseError as error:  # locked; or no database at all, which nobody has open
        alone = "not a database" in str(error) or "malformed" in str(error)
    if not alone:
        raise Unusable("L’instance est en marche. Arrêtez-la d’abord : systemctl stop preau ; puis recommencez.")


def set_aside(stamp: str) -> list[Path]:
    """What stood there, under another name beside it."""
    moved = []
    for end in BESIDE:
        if (path := Path(f"{place()}{end}")).exists():
            moved.append(path.rename(f"{place()}.avant-{stamp}{end}"))
    return moved


def clear() -> None:
    """No table is left."""
    connections.close_all()
    for end in BESIDE:
        Path(f"{place()}{end}").unlink(missing_ok=True)


def load(folder: Path) -> None:
    clear()
    partial = Path(f"{place()}.restauration")
    files.give_back(folder / NAME, partial)
    os.replace(partial, place())
    files.settle_folder(place().parent)
