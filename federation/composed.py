"""Questions whose SQL is composed once: afterwards only the values in them change.

Composing the SQL of all that decides who may read a post takes Django longer than answering takes the database. What is
asked stays where it is written, in querysets: they are composed from marks that stand for the values, and the marks
are found again among the parameters.
"""

from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

import orjson
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql.compiler import SQLCompiler

from federation.among import Many

FIRST_MARK = 8_070_450_532_247_928_832  # nothing has such a primary key
Given = int | Collection[int]
Composition = tuple[Callable[[Any], list[Any]], SQLCompiler, str, list[Any]]


@contextmanager
def planned_once() -> Iterator[None]:
    """PostgreSQL plans what is asked within once for all values, as it is composed; by itself it would plan each anew,
    which takes it longer than to answer. Only for what needs no plan of its own for some values."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET plan_cache_mode = force_generic_plan")
    try:
        yield
    finally:
        if not connection.needs_rollback:  # it goes by itself with what failed
            with connection.cursor() as cursor:
                cursor.execute("RESET plan_cache_mode")


class Composed:
    """`compose(shape, **values)` gives the queryset; values are primary keys, and collections of them for `among`.

    Whatever else the SQL depends on must be in the `shape` that it is asked with.
    """

    def __init__(self, compose: Callable[..., QuerySet[Any, Any]]) -> None:
        self.compose = compose
        self.known: dict[Hashable, Composition] = {}

    def __call__(self, shape: Hashable = None, **values: Given) -> list[Any]:
        connection = connections[DEFAULT_DB_ALIAS]
        key = (connection.vendor, settings.FEDERATION, shape)
        if key not in self.known:
            self.known[key] = self.composed(shape, values)
        make, template, sql, parameters = self.known[key]
        said = [each(values) if callable(each) else each for each in parameters]
        compiler: Any = copy(template)
        compiler.connection = connection
        compiler.as_sql = lambda *args, **kwargs: (sql, tuple(said))
        return make(compiler)

    def composed(self, shape: Hashable, values: dict[str, Given]) -> Composition:
        marks = {name: FIRST_MARK + number for number, name in enumerate(values)}
        stand_in = {name: mark if isinstance(values[name], int) else Many([mark]) for name, mark in marks.items()}
        rows = self.compose(shape, **stand_in)
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        takers = {repr(mark): taker(name) for name, mark in marks.items()}
        make = instances if issubclass(rows._iterable_class, ModelIterable) else tuples
        return make, compiler, *written([takers.get(str(each).strip("[]"), each) for each in parameters], sql)


def written(parameters: list[Any], sql: str) -> tuple[str, list[Any]]:
    """With the texts and numbers that never change written into the SQL: a database that knows them plans it once for
    all, where it would otherwise plan it each time, lest others call for another plan."""
    pieces, left = sql.split("%s"), []
    whole = pieces[0]
    for parameter, piece in zip(parameters, pieces[1:], strict=True):
        literal = LITERALS[type(parameter)](parameter) if type(parameter) in LITERALS else "%s"
        left += [parameter] if literal == "%s" else []
        whole += literal + piece
    return whole, left


LITERALS: dict[type, Callable[[Any], str]] = {
    int: str,
    str: lambda text: "'" + text.replace("'", "''").replace("%", "%%") + "'",
}


def taker(name: str) -> Callable[[dict[str, Given]], Any]:
    """What puts the value of this name where its mark stood: a list as the database takes one."""

    def take(values: dict[str, Given]) -> Any:
        value = values[name]
        if isinstance(value, int):
            return value
        postgresql = connections[DEFAULT_DB_ALIAS].vendor == "postgresql"
        return list(value) if postgresql else orjson.dumps(list(value)).decode()

    return take


def tuples(compiler: Any) -> list[tuple[Any, ...]]:
    return list(compiler.results_iter(tuple_expected=True))


def instances(compiler: Any) -> list[Model]:
    """As a queryset makes them of rows, with what it selected beside them."""
    found = compiler.results_iter(compiler.execute_sql())
    select, information = compiler.select, compiler.klass_info
    fields = information["select_fields"]
    begins, ends = fields[0], fields[-1] + 1
    names = [each[0].target.attname for each in select[begins:ends]]
    related = get_related_populators(information, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
    made = []
    for row in found:
        instance = information["model"].from_db(DEFAULT_DB_ALIAS, names, row[begins:ends])
        for each in related:
            each.populate(row, instance)
        made.append(instance)
    return made
