"""`preau migrate`: Django's, all or nothing, so that an upgrade that fails leaves the database as it was."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_noop

from instance import database

LOCK = 5_217_904_113_846_002_817  # nothing else is held by this number: `outbox.one_at_a_time` has random ones


class Command(migrate.Command):
    help = gettext_noop("Met le schéma de la base de données à jour : tout, ou rien.")

    def handle(self, *args: Any, **options: Any) -> None:
        database.go_direct()
        with together(connections[options["database"]]):
            super().handle(*args, **options)
        database.remember_costs()

    def migration_progress_callback(self, action: str, *about: Any, **more: Any) -> None:
        if action in ("apply_success", "unapply_success"):
            self.settle_constraints()
        super().migration_progress_callback(action, *about, **more)

    def settle_constraints(self) -> None:
        """PostgreSQL changes no table of which rows wait for a check at the end of the transaction."""
        for connection in connections.all(initialized_only=True):
            if connection.vendor == "postgresql":
                connection.check_constraints()


@contextmanager
def together(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """One transaction for every migration; SQLite makes tables anew, for which references must not be watched.

    Machines that start at the same time come one after the other: the second finds all done.
    """
    with ExitStack() as stack:
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            stack.enter_context(connection.constraint_checks_disabled())
        stack.enter_context(transaction.atomic(using=connection.alias))
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield
