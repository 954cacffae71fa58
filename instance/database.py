"""Brings the database up to date before it is used, or says which setting to look at; keeps SQLite's plans good."""

from time import monotonic

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.transaction import TransactionManagementError

from federation import hallway
from instance.place import here

EVERY = 6 * 3600.0  # seconds
_last = {"taken": -EVERY}


def bring_up_to_date() -> None:
    try:
        if not is_up_to_date():  # to find that there is nothing to do takes the command seconds
            call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        said = f"La base de données que DATABASE_URL nomme ne s’ouvre pas : {reason}."
        raise CommandError(here(f"{said} Pour savoir quoi faire : preau doctor")) from error


def go_direct() -> None:
    """For the rest of this process, past a pooler: what changes or copies all needs a session of its own (ADR 21)."""
    if not settings.DIRECT or is_direct():
        return
    if connection.in_atomic_block:
        raise TransactionManagementError("what was begun through a pooler would be lost: go direct before")
    connection.close()
    connection.settings_dict.update(settings.DIRECT)


def is_direct() -> bool:
    return all(connection.settings_dict.get(name) == value for name, value in settings.DIRECT.items())


def remember_costs() -> None:
    """What each session says itself when it has none of its own to say it in."""
    if settings.DIRECT:
        connection.remember_costs()  # type: ignore[attr-defined]  # of `instance.postgresql`


def is_up_to_date() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def take_statistics() -> int:
    """At the start and now and then, count a little of each table: without, SQLite reads a million posts for one page.

    PostgreSQL does that by itself.
    """
    if settings.SQLITE and monotonic() - _last["taken"] >= EVERY:
        _last["taken"] = monotonic()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")
    return 0


if settings.SQLITE:
    hallway.drain("statistics")(take_statistics)
