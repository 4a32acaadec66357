"""Tiny exports as the contract says them, and a desk that hands them to the command line."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
import pytest

from tideover.doors.cli import run

DAY = "2026-03-31"
Row = dict[str, Any]


def customer(key: str, **said: str) -> Row:
    """Return a sound customer."""
    return {"customer_id": key, "segment": "residential"} | said


def account(key: str, **said: str) -> Row:
    """Return a sound account, of customer C1."""
    return {"account_id": key, "customer_id": "C1", "commodity": "gas", "jurisdiction": "NL",
            "timezone": "Europe/Amsterdam", "currency": "EUR", "opened_on": "2023-01-01",
            } | said  # fmt: skip


def bill(key: str, **said: Any) -> Row:
    """Return a sound bill of ten, of account A1."""
    return {"bill_id": key, "account_id": "A1", "issued_on": "2026-01-01", "due_on": "2026-01-15",
            "amount": "10.00", "kind": "regular"} | said  # fmt: skip


def payment(key: str, **said: Any) -> Row:
    """Return a sound payment of one, of account A1."""
    return {"payment_id": key, "account_id": "A1", "received_at": "2026-02-01T12:00:00+01:00",
            "amount": "1.00", "status": "settled"} | said  # fmt: skip


def adjustment(key: str, **said: Any) -> Row:
    """Return a sound adjustment that raises what account A1 owes by one."""
    return {"adjustment_id": key, "account_id": "A1", "posted_on": "2026-02-01", "amount": "1.00",
            "kind": "debit"} | said  # fmt: skip


SAMPLE: dict[str, Row] = {
    "customers": customer("C1"), "accounts": account("A1"), "bills": bill("B1"),
    "payments": payment("P1"), "adjustments": adjustment("J1"),
}  # fmt: skip


def text(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Return rows as CSV."""
    out = StringIO()
    cells = csv.DictWriter(out, columns, lineterminator="\n")
    cells.writeheader()
    cells.writerows(rows)
    return out.getvalue()


def columns_of(table: str, rows: Sequence[Row]) -> list[str]:
    """Return the columns that a table's rows have between them."""
    return list(dict.fromkeys(name for row in [SAMPLE[table], *rows] for name in row))


def write(folder: Path, *, said: Row | None = None, **tables: Sequence[Row]) -> Path:
    """Write an export of just these tables, with `export.json` where `said` is given."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in tables.items():
        cells = text(rows, columns_of(table, rows))
        (folder / f"{table}.csv").write_text(cells, encoding="utf-8", newline="")
    if said is not None:
        (folder / "export.json").write_text(json.dumps(said), encoding="utf-8")
    return folder


class Done(NamedTuple):
    """How a load went: its exit code, what it counted, and what it said of its refusal."""

    code: int
    tables: dict[str, dict[str, int]]
    said: str

    def counts(self, table: str) -> tuple[int, int, int, int]:
        """Return read, accepted, quarantined and unchanged of a table."""
        found = self.tables[table]
        return (found["read"], found["accepted"], found["quarantined"], found["unchanged"])


class Desk:
    """One workspace, and the commands that somebody outside gives it."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self.capsys = root, capsys
        self.workspace = root / "workspace"
        self.loads = 0
        assert run(["init", str(self.workspace)]) == 0

    def load(self, export: Path, *flags: str) -> Done:
        """Load a folder as it is; what was counted must always add up."""
        self.capsys.readouterr()
        code = run(["ingest", str(self.workspace), str(export), "--json", *flags])
        out, said = self.capsys.readouterr()
        tables = json.loads(out)["tables"] if code == 0 else {}
        for name, found in tables.items():
            assert found["read"] == found["accepted"] + found["quarantined"], name
            assert found["unchanged"] <= found["accepted"], name
        return Done(code, tables, said)

    def folder(self) -> Path:
        """Return a new folder to put an export in."""
        self.loads += 1
        return self.root / f"export-{self.loads}"

    def whole(self, *flags: str, said: Row | None = None, **tables: Sequence[Row]) -> Done:
        """Load an export with every table it must have: C1, A1 and no bills unless given."""
        must: dict[str, Sequence[Row]] = {"customers": [customer("C1")],
                                          "accounts": [account("A1")], "bills": [],
                                          "payments": []}  # fmt: skip
        return self.load(write(self.folder(), said=said, **(must | tables)), *flags)

    def delta(self, *flags: str, said: Row | None = None, **tables: Sequence[Row]) -> Done:
        """Load an export of just these tables."""
        return self.load(write(self.folder(), said=said, **tables), *flags)

    def rows(self, command: str, *flags: str) -> list[dict[str, str]]:
        """Return the rows of the file that a command writes."""
        out = self.root / f"{command}.csv"
        assert run([command, str(self.workspace), *flags, "--out", str(out)]) == 0
        with out.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    def owed(self, day: str = DAY) -> dict[str, str]:
        """Return the balance of every account at the end of a day, by its id."""
        found = self.rows("receivables", "--as-of", day)
        return {row["account_id"]: row["balance"] for row in found}

    def standing(self, table: str) -> dict[str, Row]:
        """Return the rows of a table that stand now, by key, as the lake holds them.

        Cheaper than `owed`, whose definitions take a second to compile.
        """
        found = [row for row in self.versions(table) if row["until_load_no"] is None]
        rows = {row[next(iter(SAMPLE[table]))]: row for row in found}
        assert len(rows) == len(found), "a key stands twice"
        return rows

    def versions(self, table: str) -> list[Row]:
        """Return every version of every row of a table that the lake holds."""
        lake = self.workspace / "lake"
        parts = json.loads((lake / "manifest.json").read_text(encoding="utf-8"))["parts"]
        return [row for bucket, names in parts.get(table, {}).items() for name in names
                for row in pq.read_table(lake / table / f"bucket={bucket}" / name).to_pylist()
                ]  # fmt: skip

    def amounts(self, table: str = "bills") -> dict[str, int]:
        """Return the minor units of the rows of a table that stand now, by key."""
        return {key: row["amount_minor"] for key, row in self.standing(table).items()}

    def held(self) -> dict[str, tuple[str, str]]:
        """Return column and value of every row in quarantine, by its key."""
        found = self.rows("quarantine")
        assert all(row["file"] and row["line"] and row["reason"] for row in found)
        return {row["key"]: (row["column"], row["value"]) for row in found}

    def state(self) -> dict[str, bytes]:
        """Return every file of the workspace that counts, byte by byte."""
        return {str(path.relative_to(self.workspace)): path.read_bytes()
                for path in sorted(self.workspace.rglob("*"))
                if path.is_file() and not path.name.startswith(".")
                and ".scratch" not in path.parts}  # fmt: skip

    def refuses(self, export: Path, *flags: str) -> str:
        """Load what must be refused with nothing changed; return what was said of it."""
        before = self.state()
        done = self.load(export, *flags)
        assert done.code == 3
        assert self.state() == before
        assert "Traceback" not in done.said
        return done.said


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """Return a new workspace in which nothing was loaded."""
    return Desk(tmp_path, capsys)


@pytest.fixture
def settled(desk: Desk) -> Desk:
    """Return a workspace in which A1 owes ten on bill B1, less one of payment P1."""
    assert desk.whole(bills=[bill("B1")], payments=[payment("P1")]).code == 0
    return desk


@pytest.fixture
def bad_bytes(desk: Desk) -> Callable[..., Path]:
    """Return a way to write a whole export in which one file is these bytes."""

    def written(content: bytes, name: str = "bills.csv") -> Path:
        folder = write(desk.folder())
        for table in SAMPLE.keys() - {name.split(".")[0]}:
            (folder / f"{table}.csv").write_text(
                text([SAMPLE[table]], list(SAMPLE[table])), "utf-8"
            )
        (folder / name).write_bytes(content)
        return folder

    return written
