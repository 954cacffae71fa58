"""The addresses of the database, as an admin writes them: the one for all, and past a pooler, the server's own."""

from contextlib import suppress
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

KINDS_OF_DATABASE = ("sqlite", "postgres", "postgresql")


def database_url(value: str) -> str:
    with suppress(ValueError, ImproperlyConfigured):
        if value.split(":", 1)[0] in KINDS_OF_DATABASE and environ.Env.db_url_config(value)["NAME"]:
            return value
    raise ImproperlyConfigured(
        "DATABASE_URL must be sqlite:///path/of/a/file (small towns) or postgres://user:password@machine/database"
        " (production), for example postgres://preau:password@localhost/preau; special characters in the password"
        " are written %40 for @, %23 for #, %2F for /."
    )


def database_direct_url(value: str, pooled: str) -> str:
    """Where the server itself is reached, when `pooled` (DATABASE_URL) goes through a pooler of transactions."""
    with suppress(ValueError, ImproperlyConfigured):
        both = [environ.Env.db_url_config(each) for each in (value, pooled) if value]
        if not value or (all(each["ENGINE"].endswith("postgresql") for each in both) and same_name(*both)):
            return value
    raise ImproperlyConfigured(
        "DATABASE_DIRECT_URL must be the address of PostgreSQL itself, with the same database as DATABASE_URL, when"
        " that goes through PgBouncer, for example postgres://preau:password@localhost:5432/preau; else leave it out."
    )


def same_name(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["NAME"]) and one["NAME"] == other["NAME"]


def direct_options(direct: dict[str, Any], pooled: dict[str, Any]) -> dict[str, Any]:
    """What its own address says holds; how to a pooler the line is secured (often not at all) says nothing of it."""
    return {name: value for name, value in pooled.items() if not name.startswith("ssl")} | direct
