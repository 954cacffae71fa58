"""Which files the rows of this instance name: what nothing names was withdrawn, and is not to be copied again."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from django.apps import apps
from django.db.models import FileField, Model

from outbox import uploads

AT_ONCE = 500


def among(names: Collection[str]) -> set[str]:
    """Those of `names` that a row names."""
    found = uploads.raw_among(names)
    for model, column in columns():
        rows = model._base_manager.filter(**{f"{column}__among": list(names)})
        found.update(rows.values_list(column, flat=True))
    return found


def columns() -> Iterator[tuple[type[Model], str]]:
    for model in apps.get_models(include_auto_created=True):
        yield from ((model, field.name) for field in model._meta.concrete_fields if isinstance(field, FileField))


def only(names: Iterable[str]) -> Iterator[str]:
    """Those that a row names, asked for many at once."""
    rest = iter(names)
    while some := list(islice(rest, AT_ONCE)):
        named = among(some)
        yield from (name for name in some if name in named)
