"""Many rows at once: found by their keys, added and changed by one statement, in either database.

Django makes its statements anew each time, with a parameter for each value; for a hundred messages
that costs more than what the database does with them. Names of our own models go into a statement,
and nothing else: values are parameters.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Field, ForeignKey, JSONField, Lookup, Model, UUIDField

from tideover.casework.sealed import SealedField

Row = Mapping[str, Any]


class Many:
    """Values as one: Django would look at each of a list several times before it asks for them."""

    def __init__(self, values: Iterable[Any]) -> None:
        self.values = list(values)

    def kept(self, vendor: str) -> Any:
        """Return them as one parameter: SQLite reads a list from JSON."""
        return self.values if vendor == "postgresql" else json.dumps(self.values)


@ForeignKey.register_lookup
@Field.register_lookup
class Among(Lookup):
    """`column__among=Many(values)`: as `in`, but all the texts or numbers are one parameter."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Return it for SQLite."""
        column, parameters = self.process_lhs(compiler, connection)
        values = self._values("sqlite")
        return f"{column} IN (SELECT value FROM json_each(%s))", [*parameters, values]  # nosec B608

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Return it for PostgreSQL."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*parameters, self._values("postgresql")]

    def _values(self, vendor: str) -> Any:
        """Return the values, or what stands for them where a query is prepared."""
        return self.rhs.kept(vendor) if isinstance(self.rhs, Many) else self.rhs


def insert(model: type[Model], rows: Sequence[Row], *, unless_there: bool = False) -> None:
    """Add rows that all have the same columns.

    Args:
        unless_there: A row whose key is there already is left as it is.
    """
    if rows:
        names = tuple(rows[0])
        statement = _inserting(model, names, connection.vendor)
        statement += " ON CONFLICT DO NOTHING" if unless_there else ""
        _run(statement, _kept(model, names, rows))


def update(model: type[Model], rows: Sequence[Row], *, still: Row) -> None:
    """Change rows by their `id`, all in the same columns.

    Args:
        still: What a row must be until now; one that is not is left as it is.
    """
    if rows:
        names = (*(name for name in rows[0] if name != "id"), "id")
        (held,) = _kept(model, tuple(still), [still])
        statement = _updating(model, names, tuple(still), connection.vendor)
        _run(statement, _kept(model, names, rows), held)


def _run(statement: str, rows: list[tuple[Any, ...]], held: tuple[Any, ...] = ()) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # an array of texts takes longer to write than JSON
            cursor.execute(statement, [json.dumps(rows, default=str), *held])
        else:
            cursor.executemany(statement, [(*row, *held) for row in rows])


@cache
def _inserting(model: type[Model], names: tuple[str, ...], vendor: str) -> str:
    into = f"INSERT INTO {model._meta.db_table} ({_listed(names)}) "
    if vendor == "postgresql":
        return f"{into}SELECT {_listed(names)} FROM {_given(model, names)}"  # nosec B608
    return f"{into}VALUES ({', '.join(['%s'] * len(names))})"


@cache
def _updating(
    model: type[Model], names: tuple[str, ...], still: tuple[str, ...], vendor: str
) -> str:
    table, changed = model._meta.db_table, names[:-1]
    held = "".join(f' AND {table}."{name}" = %s' for name in still)
    if vendor == "postgresql":
        setting = ", ".join(f'"{name}" = given."{name}"' for name in changed)
        rows = _given(model, names)
        return f"UPDATE {table} SET {setting} FROM {rows} WHERE {table}.id = given.id{held}"  # nosec B608
    setting = ", ".join(f'"{name}" = %s' for name in changed)
    return f"UPDATE {table} SET {setting} WHERE id = %s{held}"  # nosec B608


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _given(model: type[Model], names: Sequence[str]) -> str:
    """Return rows that PostgreSQL is given as JSON, one list a row.

    As `jsonb` they are parsed once; as `json` anew for each column of each row.
    """
    kinds = [str(_fields(model)[name].db_type(connection)) for name in names]
    columns = (
        f'row->{place} AS "{name}"' if kind == "jsonb" else
        f'(row->>{place})::{kind.partition("(")[0]} AS "{name}"'  # a cast would cut at a length
        for place, (name, kind) in enumerate(zip(names, kinds, strict=True))
    )  # fmt: skip
    return f"(SELECT {', '.join(columns)} FROM jsonb_array_elements(%s::jsonb) AS row) AS given"  # nosec B608


def _kept(model: type[Model], names: Sequence[str], rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    """Return rows as this database keeps their values; what is personal is sealed."""
    fields = _fields(model)
    columns = [_column(fields[name], [row[name] for row in rows]) for name in names]
    return list(zip(*columns, strict=True))


def _column(field: Any, values: list[Any]) -> list[Any]:
    if isinstance(field, JSONField):
        postgres = connection.vendor == "postgresql"
        return values if postgres else [json.dumps(value) for value in values]
    if isinstance(field, DateTimeField):  # a batch has few instants
        known = {value: field.get_db_prep_save(value, connection) for value in set(values)}
        return [known[value] for value in values]
    if isinstance(field, SealedField | UUIDField):
        return [field.get_db_prep_save(value, connection) for value in values]
    return values


@cache
def _fields(model: type[Model]) -> dict[str, Any]:
    return {field.attname: field for field in model._meta.concrete_fields}
