"""A question that is asked at each request is built once: Django takes longer to write it than a database to answer."""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

Row = TypeVar("Row", bound=Model)


class Built(NamedTuple):
    sql: str
    names: list[str]
    columns: slice
    converters: dict[int, Any]
    beside: list[Any]


class Prepared(Generic[Row]):
    """A question with one unknown, a text: `first(text)` is what `question(text).first()` would be, without an order.

    What the queryset selects beside (`select_related`) comes with it. It may hold no other value.
    """

    def __init__(self, question: Callable[[str], QuerySet[Row]]) -> None:
        self.question = question
        self.built: Built | None = None  # the same for every thread, so two that build it at once do no harm

    def first(self, unknown: str) -> Row | None:
        built = self.built or self.build()
        with connection.cursor() as cursor:
            cursor.execute(built.sql, [unknown])
            found = cursor.fetchone()
        return None if found is None else self.read(built, list(found))

    def build(self) -> Built:
        """As Django's own `ModelIterable` does, up to where it asks."""
        rows = self.question("?")
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        if values != ("?",):
            raise ValueError("such a question has one unknown, and no other value")
        select, known = compiler.select, compiler.klass_info
        places = known["select_fields"]
        names = [select[place][0].target.attname for place in places]
        converters = compiler.get_converters([each[0] for each in select])
        beside = get_related_populators(known, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # of another Django
        self.built = Built(sql, names, slice(places[0], places[-1] + 1), converters, beside)
        return self.built

    def read(self, built: Built, row: list[Any]) -> Row:
        for place, (converters, expression) in built.converters.items():
            for convert in converters:
                row[place] = convert(row[place], expression, connection)
        found = self.question("?").model.from_db(DEFAULT_DB_ALIAS, built.names, row[built.columns])
        for each in built.beside:
            each.populate(row, found)
        return found
