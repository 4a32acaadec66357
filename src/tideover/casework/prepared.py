"""Queries whose text is made once and asked again with other values.

Django makes a query's text anew each time it is asked, which costs more than asking it: for a batch
of a hundred messages about a seventh of all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import Expression, Field
from django.db.models.query import QuerySet

from tideover.casework.bulk import Many

Make = Callable[..., "QuerySet[Any, Any]"]


class Given(Expression):
    """Stands in a query for a value that is given when it is asked.

    Args:
        field: Of which kind it is; none for values that a database takes as they are.
    """

    def __init__(self, name: str, field: Field[Any, Any] | None) -> None:
        super().__init__(output_field=field)
        self.name, self.kind = name, field

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return its place."""
        return "%s", [self]

    def kept(self, value: Any) -> Any:
        """Return a value as this database takes it."""
        if isinstance(value, Many):
            return value.kept(connection.vendor)
        if self.kind is None:
            return value
        return self.kind.get_db_prep_value(value, connection, prepared=False)


class Prepared:
    """A query of columns.

    Args:
        make: Makes it of its values, by their names; `values_list` comes last.
        kinds: The fields of the values that are not `Many`.
    """

    def __init__(self, make: Make, **kinds: Field[Any, Any] | None) -> None:
        self._make, self._kinds = make, kinds
        self._made: dict[str, tuple[str, list[Any], Any, Any]] = {}

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """Return what is found for these values."""
        made = self._made.get(connection.vendor)
        if made is None:
            made = self._made[connection.vendor] = self._written(values)
        text, places, compiler, converters = made
        given = {one.name: one.kept(values[one.name]) for one in places if type(one) is Given}
        parameters = [given[one.name] if type(one) is Given else one for one in places]
        with connection.cursor() as cursor:
            cursor.execute(text, parameters)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        if not converters:
            return found
        return [tuple(row) for row in compiler.apply_converters(found, converters)]

    def _written(self, values: dict[str, Any]) -> tuple[str, list[Any], Any, Any]:
        places = {name: Given(name, self._kinds.get(name)) for name in values}
        query = self._make(**places).query
        compiler = query.get_compiler(using="default")
        text, parameters = compiler.as_sql()
        columns = [column for column, *_ in compiler.select]
        return text, list(parameters), compiler, compiler.get_converters(columns)
