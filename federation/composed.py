"""Questions whose SQL is composed once: afterwards only the values in them change.

Composing the SQL of all that decides who may read a post takes Django longer than answering takes the database. What is
asked stays where it is written, in querysets: they are composed from marks that stand for the values, and the marks
are found again among the parameters.
"""

from collections.abc import Callable, Collection, Hashable
from contextlib import AbstractContextManager, nullcontext
from copy import deepcopy
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import orjson
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import JSONField, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql.compiler import SQLCompiler

from federation.among import Many

FIRST_MARK = 8_070_450_532_247_928_832  # nothing has such a primary key, and no text says such a number
Given = int | str | Collection[int]
Row = tuple[Any, ...]
Drawn = TypeVar("Drawn")


def planned_once() -> AbstractContextManager[None]:
    """PostgreSQL plans what is asked within once for all values, as it is composed; by itself it would plan some of it
    anew each time, which takes it longer than to answer. Only for what needs no plan of its own for some values."""
    there: Callable[[], AbstractContextManager[None]] = getattr(
        connections[DEFAULT_DB_ALIAS], "planned_once", nullcontext
    )
    return there()


class Composition(NamedTuple):
    """The SQL of a question, its parameters or what takes them from the values, and how its rows are read."""

    sql: str
    parameters: list[Any]
    read: Callable[[list[Row]], list[Any]]


class Composed:
    """`compose(shape, **values)` gives the queryset; values are keys, texts, and collections of keys for `among`.

    Whatever else the SQL depends on must be in the `shape` that it is asked with. Of `keep` rows, what was made of them
    is kept in memory and copied when the database says the very same again: see `drawn_once`.
    """

    def __init__(self, compose: Callable[..., QuerySet[Any, Any]], keep: int = 0) -> None:
        self.compose, self.keep = compose, keep
        self.known: dict[Hashable, Composition] = {}

    def __call__(self, shape: Hashable = None, **values: Given) -> list[Any]:
        connection = connections[DEFAULT_DB_ALIAS]
        key = (connection.vendor, settings.FEDERATION, shape)
        if key not in self.known:
            self.known[key] = self.composed(shape, values)
        sql, parameters, read = self.known[key]
        with connection.cursor() as cursor:
            cursor.execute(sql, [each(values) if callable(each) else each for each in parameters])
            return read(cursor.fetchall())

    def composed(self, shape: Hashable, values: dict[str, Given]) -> Composition:
        marks = {name: FIRST_MARK + number for number, name in enumerate(values)}
        rows = self.compose(shape, **{name: stand_in(mark, values[name]) for name, mark in marks.items()})
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        takers = {str(mark): taker(name) for name, mark in marks.items()}
        models = issubclass(rows._iterable_class, ModelIterable)
        read = instances_of(compiler, self.keep) if models else tuples_of(compiler)
        return Composition(*written(sql, [takers.get(str(each).strip("[]"), each) for each in parameters]), read)


def stand_in(mark: int, value: Given) -> Any:
    """What holds the place of such a value while the SQL is composed."""
    return mark if isinstance(value, int) else str(mark) if isinstance(value, str) else Many([mark])


def written(sql: str, parameters: list[Any]) -> tuple[str, list[Any]]:
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
    """What puts the value of this name where its mark stood: a list in the words of the database, which are sooner
    written at once than by psycopg key by key."""

    def take(values: dict[str, Given]) -> Any:
        value = values[name]
        return value if isinstance(value, int | str) else listed(value)

    return take


def listed(keys: Collection[int]) -> str:
    """Many keys as one parameter: what PostgreSQL reads as an array, and SQLite as JSON."""
    said = orjson.dumps(list(keys)).decode()
    return f"{{{said[1:-1]}}}" if connections[DEFAULT_DB_ALIAS].vendor == "postgresql" else said


def tuples_of(compiler: SQLCompiler) -> Callable[[list[Row]], list[Any]]:
    """Rows as they come, each value as its field gives it."""
    columns = [each[0] for each in compiler.select or ()]
    converters: Any = compiler.get_converters(columns)

    def read(rows: list[Row]) -> list[Any]:
        if converters:
            return [tuple(each) for each in compiler.apply_converters(rows, converters)]
        return rows

    return read


def instances_of(compiler: SQLCompiler, keep: int) -> Callable[[list[Row]], list[Any]]:
    """As a queryset makes them of rows, with what it selected beside them."""
    select, information = compiler.select or [], compiler.klass_info or {}
    model, fields = information["model"], information["select_fields"]
    own = slice(fields[0], fields[-1] + 1)
    names = [each[0].target.attname for each in select[own]]
    more = dict(compiler.annotation_col_map or {})
    beside = get_related_populators(information, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # of another Django
    tuples = tuples_of(compiler)

    def make(row: Row) -> Model:
        (values,) = tuples([row])
        instance: Model = model.from_db(DEFAULT_DB_ALIAS, names, values[own])
        for each in beside:
            each.populate(values, instance)
        for name, place in more.items():
            vars(instance)[name] = values[place]
        return instance

    if not keep:
        return lambda rows: [make(each) for each in rows]
    known = lru_cache(keep)(lambda row: kept(make(row), {}))
    return lambda rows: [copied(known(each), {}) for each in rows]


class Kept(NamedTuple):
    """A row as it was read: what it holds, what in that can be changed in place (names), what was selected beside."""

    model: type[Model]
    holds: dict[str, Any]
    changing: list[str]
    beside: dict[str, "Kept | None"]


def kept(row: Model, known: dict[int, Kept]) -> Kept:
    """`known`: those among which it stands, since some lead back to it."""
    if id(row) in known:
        return known[id(row)]
    holds = vars(row) | {"shelf": {}}
    state = holds.pop("_state")
    changing = [each.attname for each in row._meta.concrete_fields if isinstance(each, JSONField)]
    beside: dict[str, Kept | None] = {}
    found = known[id(row)] = Kept(type(row), holds, [name for name in changing if holds.get(name)], beside)
    for name, each in state.fields_cache.items():
        beside[name] = kept(each, known) if isinstance(each, Model) else None
    return found


def copied(row: Kept, twins: dict[int, Model]) -> Model:
    """Another of the same, and of what was selected beside it, on which one may write; the shelf is the same."""
    twin = twins.get(id(row))
    if twin is not None:
        return twin
    twin = twins[id(row)] = object.__new__(row.model)
    held = vars(twin)
    held.update(row.holds)
    for name in row.changing:
        held[name] = deepcopy(held[name])
    state = held["_state"] = ModelState()
    state.db, state.adding = DEFAULT_DB_ALIAS, False
    state.fields_cache = {name: each and copied(each, twins) for name, each in row.beside.items()}
    return twin


def drawn_once(row: Model, key: Hashable, draw: Callable[[], Drawn]) -> Drawn:
    """What `draw` makes of this row alone: kept with it, where rows are kept, as long as the database says the same."""
    shelf: dict[Hashable, Any] = vars(row).get("shelf", {})
    if key not in shelf:
        shelf[key] = draw()
    found: Drawn = shelf[key]
    return found
