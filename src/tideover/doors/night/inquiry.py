"""What the guard is told of the accounts a night would contact, and what it was told, kept."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from tideover.portfolio.decisions import Guarding, Permissions
from tideover.portfolio.engine import Engine
from tideover.portfolio.situations import SCHEMA, situations


@dataclass(frozen=True)
class Inquiry:
    """Looks up the situations of accounts in one bucket; the engine stands at the night's day.

    Args:
        found: What was looked up so far.
    """

    engine: Engine
    permissions: Permissions
    found: list[pa.Table] = field(default_factory=list)

    @property
    def guarding(self) -> Guarding:
        """The guard, and this as where it learns of accounts."""
        return Guarding(self.permissions, self.situations)

    def situations(self, account_no: pa.Array) -> pa.Table:
        """Return what the guard may know of some accounts."""
        self.engine.view_arrow("candidates", pa.table({"account_no": account_no}))
        table = situations(self.engine, self.permissions.reading)
        self.found.append(table)
        return table

    @property
    def table(self) -> pa.Table:
        """Everything that was looked up, in the order of account_no."""
        return pa.concat_tables([SCHEMA.empty_table(), *self.found]).sort_by("account_no")
