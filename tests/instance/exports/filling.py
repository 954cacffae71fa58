"""Rows of each kind that an export holds: with something in every column, and with nothing where there may be none."""

from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

from django.apps import apps
from django.db import models

from instance.exports import kinds

LONG_AGO = datetime(2025, 3, 1, 7, 5, 9, 123456, tzinfo=UTC)
WORDS = "Élagage « du parc »\u2028 : 30 % d’ombre, \\n n’est pas une fin de ligne\n\tet 🌳 non plus "
NUMBERS = count(1)


def fill():
    for model in kinds.kept():
        made(model, whole=True)
        made(model, whole=False)
    made(apps.get_model("inbox.announcement"), whole=True).delete()  # its number is given to nobody else


def made(model, whole):
    number = next(NUMBERS)
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    values = {field.attname: value(field, number, whole) for field in fields}
    [row] = model._base_manager.bulk_create([model(**values)])
    return row


def value(field, number, whole):
    if field.is_relation:
        return related(field, whole)
    if field.null and not whole:
        return None
    return of_kind(field, number, whole)


def related(field, whole):
    """One of its own where it must have one; nothing, or whom it may."""
    target = field.remote_field.model
    if not field.null:
        return made(target, whole).pk
    taken = field.model._base_manager.values_list(field.attname, flat=True) if field.unique else []
    free = [pk for pk in target._base_manager.order_by("pk").values_list("pk", flat=True) if pk not in set(taken)]
    return free[0] if whole and free else None


def of_kind(field, number, whole):
    if isinstance(field, models.JSONField):
        if field.name == "resource":  # the library wants addresses there
            return ["https://rsi.example/é"] if whole else []
        return {"é": [1, 2.5, None, True, WORDS], "b": {}, "a": "", "number": 2**53 + number} if whole else []
    if isinstance(field, models.DateTimeField):
        return LONG_AGO + timedelta(microseconds=number)
    if isinstance(field, models.DateField):
        return LONG_AGO.date()
    if isinstance(field, models.BooleanField):
        return whole
    if isinstance(field, models.FloatField):
        return 0.1 + 0.2 if whole else 0.0
    if isinstance(field, models.BigIntegerField):
        return 2**62 + number
    if isinstance(field, models.IntegerField):
        return number % 30000
    if isinstance(field, models.UUIDField):
        return UUID(int=number)
    if isinstance(field, models.FileField):
        return f"files/{number}.webp" if whole else ""
    return (f"{number} {WORDS}" if whole or field.unique else "")[: field.max_length]
