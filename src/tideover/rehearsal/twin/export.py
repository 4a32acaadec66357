"""The twin's export: tables of the contract, written block by block, and what they add up to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from tideover.rehearsal.twin.texts import ids
from tideover.terms.tables import TABLES

_FREE_TEXT = ("contacts", "contact_points")  # only their texts may hold a comma
_ALL_DIFFERENT = ("bill_id", "payment_id", "contact_id", "account_id", "customer_id", "name",
                  "contact_point_id", "address", "received_at", "occurred_at", "amount",
                  "usage")  # fmt: skip


class Export:
    """A folder that is an export of the contract once it is declared."""

    def __init__(self, folder: Path, *, parquet: bool) -> None:
        self._folder, self._parquet = folder, parquet
        self._files: dict[str, BinaryIO] = {}
        self._writers: dict[str, Any] = {}
        self._parts: dict[str, int] = {}
        self.rows: dict[str, int] = {}
        self.amounts: dict[str, Decimal] = {}

    def add(self, name: str, columns: Mapping[str, Any]) -> None:
        """Add rows to a table of the contract; every column of it must be there."""
        table = pa.table({column.name: columns[column.name] for column in TABLES[name].columns})
        self.rows[name] = self.rows.get(name, 0) + table.num_rows
        if "amount" in columns:
            total = pc.sum(table["amount"]).as_py() or Decimal("0.00")
            self.amounts[name] = self.amounts.get(name, Decimal("0.00")) + total
        if self._parquet:
            self._write_part(name, table)
        else:
            self.write_csv(name, table)

    def write_csv(self, name: str, table: Any) -> None:
        """Write rows to a CSV file, behind those it has."""
        if name not in self._writers:
            path = self._folder / f"{name}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            file = self._files[name] = path.open("wb")
            file.write((",".join(table.schema.names) + "\n").encode())
            quotes = "needed" if name in _FREE_TEXT else "none"
            options = pyarrow.csv.WriteOptions(include_header=False, quoting_style=quotes)
            self._writers[name] = pyarrow.csv.CSVWriter(file, table.schema, write_options=options)
        self._writers[name].write_table(table)

    def _write_part(self, name: str, table: Any) -> None:
        part = self._parts[name] = self._parts.get(name, -1) + 1
        path = self._folder / name / f"part-{part:05d}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        alike = [f.name for f in table.schema if f.name not in _ALL_DIFFERENT]
        pq.write_table(table, path, compression="zstd", use_dictionary=alike,
                       store_decimal_as_integer=True)  # fmt: skip

    def declare(self, exported_at: str, *, kind: str = "full") -> None:
        """Close the files and say what they hold; without this the folder is no export.

        Args:
            kind: `full`, or `delta` where only what is new or changed was written.
        """
        for name, writer in self._writers.items():
            writer.close()
            self._files[name].close()
        tables: dict[str, dict[str, object]] = {name: {"rows": n} for name, n in self.rows.items()}
        for name, total in self.amounts.items():
            tables[name]["amount"] = str(total)
        said = {"kind": kind, "exported_at": exported_at, "tables": tables}
        text = json.dumps(said, indent=2) + "\n"
        (self._folder / "export.json").write_text(text, encoding="utf-8")


# Every id is one letter for the table and a number of the account, its round of bills, and which
# of the round's rows it is; scrambled, so that it says nothing.
ROUNDS, ROWS = 128, 32
LETTERS = {"customers": "C", "accounts": "A", "bills": "B", "payments": "P", "adjustments": "J",
           "contact_points": "T", "contacts": "K", "circumstances": "S", "arrangements": "R",
           "promises": "V", "service_steps": "D", "service_events": "E"}  # fmt: skip


def own_ids(table: str, numbers: Any, *, cycle: Any = 0, nth: Any = 0) -> Any:
    """Return the ids of rows that belong to accounts, customers or areas of these numbers."""
    return ids(LETTERS[table], (numbers * ROUNDS + cycle) * ROWS + nth)


def owner_ids(table: str, numbers: Any) -> Any:
    """Return the ids of the accounts or customers of these numbers themselves."""
    return ids(LETTERS[table], numbers)
