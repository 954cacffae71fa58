"""A SQLite database that has just been migrated, made once for all the houses of the tests: each would take seconds."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from tests import servers

KEPT = servers.ROOT / ".test"


def place(database: Path) -> None:
    """Put a copy there, unless a database is there already."""
    if database.exists():
        return
    KEPT.mkdir(exist_ok=True)
    migrated = KEPT / f"migrated-{fingerprint()}.sqlite3"
    with (KEPT / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not migrated.exists():
            make(migrated)
    database.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(migrated, database)


def fingerprint() -> str:
    """Changes whenever a migration, or a library that may bring one, does."""
    found = hashlib.sha256((servers.ROOT / "requirements.lock").read_bytes())
    for each in sorted(servers.ROOT.glob("*/migrations/*.py")):
        found.update(each.name.encode() + each.read_bytes())
    return found.hexdigest()[:16]


def make(migrated: Path) -> None:
    for older in KEPT.glob("migrated-*"):
        older.unlink()
    with servers.scratch() as data:
        env = servers.environment(PREAU_DEVELOPMENT="1", PREAU_DATA=str(data))
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=servers.ROOT, env=env, check=True)
        shutil.copyfile(data / "preau.sqlite3", migrated)
