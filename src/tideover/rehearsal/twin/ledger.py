"""What happens to one block of accounts, kept as columns until it is written out."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Rows = dict[str, npt.NDArray[Any]]

OWN, DEBIT, AID = range(3)  # who moved the money: the customer, the utility, or assistance


class Ledger:
    """Rows by table; what lies after the last day has not happened yet and is kept apart.

    Attributes:
        standing: Where the accounts stand after the last round; set by whoever lived it.
    """

    def __init__(self, last: int) -> None:
        self._last = last
        self._noted: dict[str, list[Rows]] = defaultdict(list)
        self.standing: Any = None

    def note(self, table: str, who: Bools, *, day: Any, **columns: Any) -> None:
        """Keep a row for each account in `who`.

        Args:
            table: A table of the ledger; one or more become a table of the contract.
            who: One truth an account of the block.
            day: The day it happens, one an account; days since 1970-01-01.
            columns: One value an account, or one for all.
        """
        row = np.flatnonzero(who)
        whole = {"day": day, **columns}
        taken = {name: np.broadcast_to(values, who.shape)[row] for name, values in whole.items()}
        self._noted[table].append({"row": row, **taken})

    def rows(self, table: str) -> Rows:
        """Return a table's rows in the order in which they were noted."""
        return self._taken(table, coming=False)

    def coming(self, table: str) -> Rows:
        """Return what was chosen by the last day and lies after it."""
        return self._taken(table, coming=True)

    def _taken(self, table: str, *, coming: bool) -> Rows:
        noted = self._noted[table]
        whole = {name: np.concatenate([rows[name] for rows in noted]) for name in noted[0]}
        kept = (whole["day"] > self._last) == coming
        return {name: column[kept] for name, column in whole.items()}
