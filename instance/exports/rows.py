"""Rows as lines of JSON and back, some at a time: a big house takes no more memory than a small one."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection
from django.db.models import Field, Model
from django.db.models.sql import InsertQuery

from instance.backups import Unusable

AT_ONCE = 200
Columns = dict[str, "Field[Any, Any]"]


def lines(model: type[Model]) -> Iterator[bytes]:
    """One for each row, by its number; the same on each database."""
    names, last = list(columns(model)), None
    everything = model._base_manager.order_by("pk")
    while found := list((everything if last is None else everything.filter(pk__gt=last)).values(*names)[:AT_ONCE]):
        for row in found:
            yield json.dumps(row, ensure_ascii=False, sort_keys=True, default=said).encode() + b"\n"
        last = found[-1][model._meta.pk.attname]


def columns(model: type[Model]) -> Columns:
    return {field.attname: field for field in model._meta.concrete_fields}


def said(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | UUID):
        return str(value)
    raise TypeError(f"{type(value)} has no form in an export")


def load(model: type[Model], written: Iterable[bytes], name: str) -> int:
    """How many they were. `model`: as it was in the version that wrote them. Unusable."""
    known, count = columns(model), 0
    left = iter(written)
    while some := list(islice(left, AT_ONCE)):
        rows = [read(model, known, line, f"{name}, ligne {count + place}") for place, line in enumerate(some, 1)]
        try:
            insert(model, list(known.values()), rows)
        except (DataError, IntegrityError) as error:
            where = f"{name}, lignes {count + 1} à {count + len(rows)}"
            raise Unusable(f"{where} : la base refuse ({str(error).strip().splitlines()[0]}). {NOTHING}") from error
        count += len(rows)
    return count


NOTHING = "Rien n’a été importé ; prenez un autre export."


def insert(model: type[Model], fields: Sequence["Field[Any, Any]"], rows: list[Model]) -> None:
    """As they are: fields that make their own values when they are saved (dates, hashes) do not."""
    most = connection.ops.bulk_batch_size(fields, rows)
    for start in range(0, len(rows), most):
        query = InsertQuery(model)
        query.insert_values(fields, rows[start : start + most], raw=True)
        query.get_compiler(connection=connection).execute_sql()


def read(model: type[Model], known: Columns, line: bytes, where: str) -> Model:
    try:
        row: dict[str, Any] = json.loads(line)
        if set(row) != set(known):
            raise ValueError(sorted(set(row) ^ set(known)))
        return model(**{name: known[name].to_python(value) for name, value in row.items()})
    except (ValueError, AttributeError, ValidationError) as error:
        raise Unusable(f"{where} ne se lit pas ({error}). {NOTHING}") from error
