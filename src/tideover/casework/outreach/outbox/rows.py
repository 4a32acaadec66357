"""Many rows written in one round trip, each with values of its own, fenced by the claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from tideover.casework.outreach.models import Message

_FENCE = "WHERE id = %s AND claim_token = %s AND status = %s"
_FIELDS = {field.attname: field for field in Message._meta.concrete_fields}


def write(rows: Sequence[tuple[int, Mapping[str, Any]]], *, token: UUID, status: str) -> None:
    """Set columns of messages that this claim still holds, in this status.

    Args:
        rows: Each a message's id and what to set.
    """
    alike = defaultdict(list)
    for pk, row in rows:
        values = [_plain(name, value) for name, value in row.items()]
        alike[tuple(row)].append([*values, pk, _plain("claim_token", token), status])
    for names, values_of in alike.items():
        setting = ", ".join(f"{_FIELDS[name].column} = %s" for name in names)
        # the names are columns of our own model, and no value is part of the text
        fenced = f"UPDATE message SET {setting} {_FENCE}"  # nosec B608
        with connection.cursor() as cursor:
            cursor.executemany(fenced, values_of)


def _plain(name: str, value: Any) -> Any:
    """Return a value as this database keeps it; personal columns are sealed."""
    return _FIELDS[name].get_db_prep_save(value, connection)
