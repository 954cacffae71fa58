"""Django's PostgreSQL, asking nothing of the server before each request (ADR 13).

The name of this module is Django's: an ENGINE is a package with a module `base` that has a `DatabaseWrapper`.
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError
from django.db.backends.postgresql import base
from psycopg.pq import ExecStatus

COSTS = "random_page_cost = 1.1"


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is open and silent is usable: a server that restarts or hangs up says so, or closes it."""

    @property
    def pooled(self) -> bool:
        """Whether each transaction may find another session (ADR 21)."""
        return bool(self.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"))

    def init_connection_state(self) -> None:
        """What is asked for is in memory, or on a disk without a head: some rows by an index cost less than a whole
        table. Said here and not as an option of the connection, which poolers refuse; for all sessions of a pooler
        `remember_costs` said it once."""
        super().init_connection_state()
        if not self.pooled:
            self.connection.execute(f"SET {COSTS}")
            if not self.get_autocommit():
                self.connection.commit()

    def remember_costs(self) -> None:
        """The server itself tells each new session of this user."""
        with self.cursor() as cursor:
            name = self.ops.quote_name(self.settings_dict["NAME"])
            cursor.execute(f"ALTER ROLE CURRENT_USER IN DATABASE {name} SET {COSTS}")

    def is_usable(self) -> bool:
        """Without the round trip of Django's `SELECT 1`, which costs a tenth of what a letter does."""
        if self.connection is None or self.connection.closed:
            return False
        spoken = select.poll()
        spoken.register(self.connection.fileno(), select.POLLIN)
        return not spoken.poll(0)

    @contextmanager
    def planned_once(self) -> Iterator[None]:
        """See `federation.composed.planned_once`. Where nothing is prepared, all is planned each time."""
        if self.pooled:
            yield
            return
        self.tell(b"SET plan_cache_mode = force_generic_plan")
        try:
            yield
        finally:
            if not self.needs_rollback:  # it goes by itself with what failed
                self.tell(b"RESET plan_cache_mode")

    def tell(self, words: bytes) -> None:
        """Without what Django and psycopg do around a question, which costs four times what this does."""
        self.ensure_connection()
        answer = self.connection.pgconn.exec_(words)
        if answer.status != ExecStatus.COMMAND_OK:
            raise OperationalError(answer.error_message.decode(errors="replace"))
