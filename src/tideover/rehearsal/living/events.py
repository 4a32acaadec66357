"""What happens on one day of a living twin, as columns, until it is exported and counted."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

Rows = dict[str, Any]


class Happened:
    """The rows of one day by table; `row` is the place of the account."""

    def __init__(self, day: int) -> None:
        self.day = day
        self._noted: dict[str, list[Rows]] = defaultdict(list)

    def note(self, table: str, row: Any, **columns: Any) -> None:
        """Keep a row for each of the accounts; a column has a value each, or one for all."""
        if len(row):
            whole = {name: np.broadcast_to(values, row.shape) for name, values in columns.items()}
            self._noted[table].append({"row": row, **whole})

    def rows(self, table: str) -> Rows | None:
        """Return a table's rows in the order in which they were noted; none where there is none."""
        noted = self._noted.get(table)
        if not noted:
            return None
        return {name: np.concatenate([rows[name] for rows in noted]) for name in noted[0]}

    def total(self, table: str, column: str) -> int:
        """Return the sum of a column."""
        rows = self.rows(table)
        return int(rows[column].sum()) if rows else 0

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        rows = self.rows(table)
        return len(rows["row"]) if rows else 0
