"""The last number that each kind of row was given: one that was erased since is not given again.

Readers' marks say how far they have read by such numbers (`inbox.Marker`), and applications remember them.
"""

from django.db import connection
from django.db.models import AutoField, Model


def is_numbered(model: type[Model]) -> bool:
    return isinstance(model._meta.pk, AutoField)


def last(model: type[Model]) -> int:
    """0 when there never was a row."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        else:
            cursor.execute(f"SELECT last_value FROM {sequence(model)} WHERE is_called")  # noqa: S608  named by PostgreSQL
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def go_on_from(model: type[Model], number: int) -> None:
    """The next row has the next number."""
    number = max(number, last(model), greatest(model))
    if not number:
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number])
        else:
            cursor.execute("SELECT setval(%s::regclass, %s)", [sequence(model), number])


def greatest(model: type[Model]) -> int:
    return model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0


def sequence(model: type[Model]) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{model._meta.db_table}"', model._meta.pk.column])
        return str(cursor.fetchone()[0])
