"""What a step may ask of an engine: DuckDB embedded (`duck.py`), Spark by configuration.

Definitions are written once, in the subset of the PySpark DataFrame API that SQLFrame offers on
DuckDB, as functions of an `Engine` that take and give tables. On Spark the same functions run
natively; see `docs/decisions/0002-one-definition-two-engines.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

Frame = Any  # a PySpark DataFrame, or SQLFrame's of the same interface
Column = Any
Kernel = Callable[[pa.Table, pa.Table], pa.Table]
BATCH_ROWS = 100_000
MONTH_ENDS = 12  # how many month ends a definition may look back on


class Engine(Protocol):
    """What a step may ask of an engine."""

    F: Any
    Window: Any
    as_of: date  # the day that definitions are asked for

    def view(
        self, name: str, parts: Sequence[Path], schema: pa.Schema, *, only: str = "true",
        fill: bool = False,
    ) -> None:  # fmt: skip
        """Name the rows of Parquet parts, or those a condition keeps; an empty table without parts.

        Args:
            fill: Columns of the schema that the parts lack are there, and null.
        """

    def view_arrow(self, name: str, table: pa.Table) -> None:
        """Name the rows of an Arrow table."""

    def table(self, name: str) -> Frame:
        """Return a named table as a frame to define others from."""

    def at(self, as_of: date) -> None:
        """Set the day that definitions are asked for."""

    def know(self, until: date) -> None:
        """Set the last day of which anything is known."""

    def known_until(self) -> Column:
        """Return the last day of which anything is known."""

    def ago(self, days: int = 0) -> Column:
        """Return the day that is asked for, or one so many days before it."""

    def month_end(self, back: int) -> Column:
        """Return the last day of the month so many months before; 1 is the latest one over."""

    def define(self, name: str, make: Callable[[], Frame], *, kept_as: str = "") -> Frame:
        """Name a frame, so that others build on the name and it can be looked at.

        Args:
            kept_as: Everything but the code that the definition depends on; given, an engine that
                compiles may keep what it compiled for the next time.
        """

    def beside(self, name: str, left: str, others: Mapping[str, str]) -> Frame:
        """Name a table with others joined to its left: each by its key ("a, b"), others null."""

    def by_account(
        self, name: str, tables: tuple[str, str], kernel: Kernel, schema: pa.Schema
    ) -> Frame:
        """Name what a kernel makes of two named tables, handed all rows of an account together."""

    def arrow(self, frame: Frame) -> pa.Table:
        """Compute a frame whole; for small results."""

    def rows(self, name: str) -> pa.Table:
        """Compute a named table whole; for small results."""

    def write(self, frame: Frame, path: Path) -> None:
        """Compute a frame into one Parquet file that appears only when it is complete."""

    def scatter(self, frame: Frame, folder: Path, *, by: str) -> None:
        """Compute a frame into one folder for each value of a column, `<by>=<value>`."""

    def close(self) -> None:
        """Let go of what the engine holds."""
