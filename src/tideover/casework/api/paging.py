"""Pages by cursor: what is added meanwhile neither repeats a row nor hides one."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Annotated, Any, Generic, TypeVar

from django.core.exceptions import FieldError, ValidationError
from django.db.models import Model, Q, QuerySet
from ninja import Schema
from pydantic import Field

from tideover.casework.api.problems import Problem

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


class Page(Schema, Generic[Item]):
    """Some rows, and where the next ones begin."""

    items: list[Item]
    next: str | None = Field(description="The cursor of the next page; null on the last one")


class Paged(Schema):
    """Which page is asked for."""

    cursor: Annotated[str, Field(max_length=500, pattern="^[A-Za-z0-9_=-]*$",
                                 description="`next` of the page before")] = ""  # fmt: skip
    limit: Annotated[int, Field(ge=1, le=200, description="Rows on a page")] = 50


def page_of(
    rows: QuerySet[Row], order: Sequence[str], asked: Paged
) -> tuple[list[Row], str | None]:
    """Return the rows of a page and the next cursor.

    Args:
        order: Names of columns that together are unique, and that no row changes.

    Raises:
        Problem: The cursor is none that was given out.
    """
    if asked.cursor:
        rows = rows.filter(_after(rows.model, order, asked.cursor))
    found = list(rows.order_by(*order)[: asked.limit + 1])
    shown = found[: asked.limit]
    return shown, _cursor(shown[-1], order) if len(found) > asked.limit else None


def _cursor(row: Model, order: Sequence[str]) -> str:
    values = [row.serializable_value(name) for name in order]
    return base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode()


def _after(model: type[Model], order: Sequence[str], cursor: str) -> Q:
    try:
        told = json.loads(base64.urlsafe_b64decode(cursor))
        values = [_value(model, name, one) for name, one in zip(order, told, strict=True)]
    except (ValueError, TypeError, RecursionError, binascii.Error, ValidationError, FieldError):
        raise Problem(422, "The cursor is none that was given out", where="cursor",
                      mend="Begin without one") from None  # fmt: skip
    after = Q()
    for at, name in enumerate(order):
        same = {before: values[n] for n, before in enumerate(order[:at])}
        after |= Q(**same, **{f"{name}__gt": values[at]})
    return after


def _value(model: type[Model], name: str, told: Any) -> Any:
    """Return a value of a column, never one that the database could not hold."""
    if not isinstance(told, str | int) or (isinstance(told, int) and abs(told) >= 1 << 63):
        raise ValueError
    if isinstance(told, str) and "\0" in told:
        raise ValueError
    field = model._meta.get_field(name) if name != "pk" else model._meta.pk
    value = field.to_python(told)  # type: ignore[union-attr]
    if value is None:
        raise ValueError
    return value
