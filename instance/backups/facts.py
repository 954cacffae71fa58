"""What is counted in a database when it is copied, to be found again once it is put back."""

from typing import Any

Facts = tuple[dict[str, int], list[list[str]]]
COUNTED = {
    "agents": "actors_agent",
    "actors": "actors_actor",
    "follows": "actors_follow",
    "posts": "outbox_post",
    "attachments": "outbox_attachment",
    "deliveries": "federation_delivery",
    "receipts": "inbox_receipt",
}


def counts(database: Any) -> dict[str, int]:
    """`database` executes a statement and gives its cursor."""
    found = {}
    for name, table in COUNTED.items():
        found[name] = int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608  names of ours
    return found


def migrations(database: Any) -> list[list[str]]:
    return [list(row) for row in database.execute("SELECT app, name FROM django_migrations ORDER BY app, name")]
