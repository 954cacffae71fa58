"""`among`: as `in`, for values that are many or of varying number: for PostgreSQL one value, a list, in one statement.

With `in`, a hundred keys are a hundred values to name, to parse and to plan anew whenever there are more or fewer; and
a statement holds so many of them only.
"""

from collections.abc import Iterable
from typing import Any

import orjson
from django.core.exceptions import EmptyResultSet
from django.db.models import Field, ForeignKey, Lookup
from django.db.models.sql.compiler import SQLCompiler

FEW = 900  # values that SQLite is told one by one


class Many(list[Any]):
    """Values of which the SQL must not tell how many they are."""


@ForeignKey.register_lookup
@Field.register_lookup
class Among(Lookup):
    lookup_name = "among"

    def get_prep_lookup(self) -> list[Any]:
        values: Iterable[Any] = self.rhs
        prepared = (self.lhs.output_field.get_prep_value(value) for value in values)
        return Many(prepared) if isinstance(values, Many) else list(prepared)

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """SQLite plans best what is named one by one; of very many it takes a list too."""
        column, values = self.named(compiler, connection)
        if len(self.rhs) > FEW or isinstance(self.rhs, Many):
            listed = "SELECT value FROM json_each(%s)"
            return f"{column} IN ({listed})", (*values, orjson.dumps(self.rhs).decode())
        return f"{column} IN ({', '.join(['%s'] * len(self.rhs))})", (*values, *self.rhs)

    def as_postgresql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, values = self.named(compiler, connection)
        kind = self.lhs.output_field.rel_db_type(connection).partition("(")[0]
        return f"{column} = ANY(%s::{kind}[])", (*values, self.rhs)

    def named(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if not self.rhs:
            raise EmptyResultSet
        column, values = self.process_lhs(compiler, connection)
        return column, tuple(values)
