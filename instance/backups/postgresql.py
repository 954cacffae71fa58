"""A PostgreSQL database, copied by its own tools in one snapshot and put back whole or not at all."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from instance.backups import Unusable, files
from instance.backups.facts import Facts, counts, migrations

NAME = "database.pgdump"
VARIABLES = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
LIBPQ = ("sslmode", "sslrootcert", "sslcert", "sslkey", "passfile", "service")
NOT_OURS = (" EXTENSION ", " SCHEMA ")  # made by whoever made the database
OTHERS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
AND pid <> pg_backend_pid() AND coalesce(backend_type, 'client backend') = 'client backend'"""
POOLER = " pgbouncer" if settings.DIRECT else ""  # which keeps connections for a while
TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()"


def dump(folder: Path) -> Facts:
    """What is counted and what is copied are the same moment."""
    target = folder / NAME
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}")
        database = connection.connection
        return counts(database), migrations(database)


def run(program: str, *arguments: str) -> str:
    """What it wrote. The address and the password are told by variables, which other users do not see."""
    found = shutil.which(program)
    if found is None:
        raise Unusable(f"{program} manque. Tapez : apt-get install postgresql-client")
    said = {**os.environ, **variables()}
    done = subprocess.run([found, *arguments], env=said, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        reason = " ".join(done.stderr.split())[:500]
        hint = "Installez postgresql-client de la version du serveur. " if "version mismatch" in reason else ""
        raise Unusable(f"{program} a échoué. {hint}Il dit : {reason}")
    return done.stdout


def variables() -> dict[str, str]:
    database = settings.DATABASES["default"] | settings.DIRECT  # pg_dump leaves settings of its own in a session
    named = {variable: str(database[key]) for key, variable in VARIABLES.items() if database.get(key)}
    return named | {f"PG{key.upper()}": str(database["OPTIONS"][key]) for key in LIBPQ if key in database["OPTIONS"]}


def must_be_alone() -> None:
    """Unusable while others are connected: they would write while tables are replaced."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(OTHERS)
            others = cursor.fetchone()[0]
    except DatabaseError as error:
        raise Unusable(f"La base que nomme DATABASE_URL ne s’ouvre pas : {str(error).strip()}") from error
    if others:
        raise Unusable(
            "L’instance est en marche. Arrêtez-la d’abord, sur chacune de ses machines :"
            f" systemctl stop preau-beat preau-worker preau-streaming preau-web{POOLER} ; puis recommencez."
        )


def set_aside(stamp: str) -> list[Path]:
    """What stood there, in a dump of its own."""
    if not tables():
        return []
    target = settings.DATA / f"base.avant-{stamp}.pgdump"
    run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    files.settle(target)
    return [target]


def tables() -> Sequence[str]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return [row[0] for row in cursor.fetchall()]


def clear() -> None:
    """No table is left."""
    found = tables()
    with transaction.atomic(), connection.cursor() as cursor:
        for table in found:
            cursor.execute(f"DROP TABLE IF EXISTS {table} CASCADE")
    connection.close()


def load(folder: Path) -> None:
    clear()
    contents = settings.DATA / "restauration.liste"
    listed = run("pg_restore", "--list", str(folder / NAME)).splitlines(keepends=True)
    contents.write_text("".join(line for line in listed if not any(each in line for each in NOT_OURS)))
    try:
        name = settings.DATABASES["default"]["NAME"]
        whole = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
        run("pg_restore", *whole, f"--use-list={contents}", f"--dbname={name}", str(folder / NAME))
    finally:
        contents.unlink()
