"""Where hints of what happens come from: this process, with SQLite; PostgreSQL's notifications otherwise."""

import threading
from collections.abc import Callable
from time import sleep
from typing import Any

import psycopg
import structlog
from django.conf import settings

from federation import happenings
from instance.streaming.hub import Hub

log = structlog.get_logger()
LOOKS, AGAIN = 5.0, 2.0  # seconds between two looks at whether the connection lives, and before it is made again


def start(hub: Hub) -> None:
    if settings.SQLITE:
        happenings.listen(hub.heard)
    else:
        threading.Thread(target=forever, args=(hub.heard,), name="preau-happenings", daemon=True).start()


def forever(hear: Callable[[str, list[int]], object]) -> None:
    """What happens while the database is away is not heard, and whoever is on the line asks again sooner or later."""
    while True:
        try:
            hear_all(hear)
        except psycopg.Error as error:
            log.warning("happenings.not_heard", reason=type(error).__name__)
        sleep(AGAIN)


def hear_all(hear: Callable[[str, list[int]], object]) -> None:
    """A connection of its own, which does nothing but listen; no pooler of transactions carries notifications."""
    with psycopg.connect(**address(settings.DATABASES["default"] | settings.DIRECT), autocommit=True) as connection:
        connection.execute(f"LISTEN {happenings.CHANNEL}")
        while True:
            for each in connection.notifies(timeout=LOOKS):
                hear(*happenings.read(each.payload))
            connection.execute("SELECT 1")  # a server that is gone without a word is noticed


def address(database: dict[str, Any]) -> dict[str, Any]:
    """As Django would connect, without the options that are Django's own."""
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    said = {name: database[theirs] for name, theirs in known.items() if database.get(theirs)}
    options = {
        name: value
        for name, value in database.get("OPTIONS", {}).items()
        if name not in ("server_side_binding", "prepare_threshold", "pool", "isolation_level", "assume_role")
    }
    return {**options, **said, "keepalives_idle": 30, "application_name": "preau streaming"}
