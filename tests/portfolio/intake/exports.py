"""Exports as a utility would hand them over, written small, and a workspace to load them into."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from tideover.portfolio import intake
from tideover.portfolio.lake import Lake
from tideover.portfolio.workspace import LakeSettings, Settings, Workspace

Row = dict[str, Any]
CUSTOMER = {"segment": "residential", "name": "Ann", "birth_date": "1980-02-03"}
ACCOUNT = {"commodity": "gas", "jurisdiction": "NL", "timezone": "Europe/Amsterdam",
           "currency": "EUR", "postcode": "1011AB", "opened_on": "2020-01-01"}  # fmt: skip
BILL = {"issued_on": "2026-01-01", "due_on": "2026-01-15", "amount": "50.00", "kind": "regular"}
PAYMENT = {"received_at": "2026-01-10T12:00:00+01:00", "amount": "50.00", "status": "settled"}


def customer(no: int | str, **said: Any) -> Row:
    return {"customer_id": f"C{no}"} | CUSTOMER | said


def account(no: int | str, **said: Any) -> Row:
    return {"account_id": f"A{no}", "customer_id": f"C{no}"} | ACCOUNT | said


def bill(no: int | str, **said: Any) -> Row:
    return {"bill_id": f"B{no}", "account_id": "A1"} | BILL | said


def payment(no: int | str, **said: Any) -> Row:
    return {"payment_id": f"P{no}", "account_id": "A1"} | PAYMENT | {"reversed_on": ""} | said


class Utility:
    """A utility's workspace, and the folder its exports are written to."""

    def __init__(self, root: Path, *, buckets: int = 1) -> None:
        self.workspace = Workspace(root / "ws", Settings(lake=LakeSettings(buckets)))
        self.export = root / "export"
        self.export.mkdir()
        self.workspace.root.mkdir()

    def maps(self, text: str) -> None:
        self.workspace.mapping.write_text(text, encoding="utf-8")

    def writes(self, **tables: list[Row]) -> None:
        """Write tables as CSV over those that are there."""
        for name, rows in tables.items():
            self.writes_text(name, csv_text(rows))

    def writes_text(self, name: str, text: str | bytes, ending: str = ".csv") -> None:
        raw = text.encode() if isinstance(text, str) else text
        (self.export / f"{name}{ending}").write_bytes(raw)

    def writes_parquet(self, name: str, table: pa.Table) -> None:
        (self.export / f"{name}.csv").unlink(missing_ok=True)
        pq.write_table(table, self.export / f"{name}.parquet")

    def declares(self, **said: Any) -> None:
        (self.export / "export.json").write_text(json.dumps(said), encoding="utf-8")

    def clears(self) -> None:
        for path in self.export.iterdir():
            path.unlink()

    def loads(self, day: str = "2026-02-01", **conditions: bool) -> intake.IntakeReport:
        """Load the export folder as it is now."""
        return intake.ingest(
            self.workspace, self.export, now=datetime.fromisoformat(day).replace(tzinfo=UTC),
            progress=lambda _: None, conditions=intake.Conditions(**conditions),
        )  # fmt: skip

    @property
    def lake(self) -> Lake:
        return Lake.open(self.workspace.lake)

    def rows(self, table: str, *, standing: bool = True) -> list[Row]:
        """Return a table's versions in the lake, in the order of their keys."""
        parts = self.lake.parts(table)
        rows = [row for part in parts for row in pq.read_table(part, partitioning=None).to_pylist()]
        rows = [row for row in rows if row["until_load_no"] is None or not standing]
        return sorted(rows, key=lambda row: (str(list(row.values())[:3]), row["load_no"]))

    def ids(self, table: str) -> list[str]:
        """Return the keys that stand."""
        return sorted(row[f"{table.removesuffix('s')}_id"] for row in self.rows(table))

    def held(self) -> list[Row]:
        """Return what is in quarantine."""
        rows: list[Row] = intake.quarantine(self.lake).to_pylist()
        return rows

    def faults(self) -> list[tuple[str, str, str]]:
        """Return what is in quarantine: key, column, value."""
        return [(row["key"], row["column"], row["value"]) for row in self.held()]

    def doubts(self) -> list[Row]:
        name = self.lake.manifest.doubts
        rows: list[Row] = pq.read_table(self.lake.root / name).to_pylist() if name else []
        return rows


def csv_text(rows: Iterable[Row], quoting: Literal[0, 1] = csv.QUOTE_MINIMAL) -> str:
    """Return rows as the contract writes them."""
    listed = list(rows)
    columns = list(dict.fromkeys(column for row in listed for column in row))
    lines: list[str] = []

    class Lines:
        def write(self, line: str) -> None:
            lines.append(line)

    writer = csv.DictWriter(Lines(), columns, restval="", lineterminator="\n",
                            quoting=quoting)  # fmt: skip
    writer.writeheader()
    writer.writerows(listed)
    return "".join(lines)
