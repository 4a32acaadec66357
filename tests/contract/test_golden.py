"""The golden exports, from outside: every figure and every broken row."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from tests.contract.conftest import Desk
from tideover.doors.cli import run

DAYS = ("2024-12-31", "2025-06-30", "2026-03-31")


def test_golden_receivables_are_exact_on_three_days(
    desk: Desk, shared: Path, tmp_path: Path
) -> None:
    golden = shared / "contract/golden"
    done = desk.load(golden / "export")
    assert done.code == 0
    assert all(found["quarantined"] == 0 for found in done.tables.values())
    for day in DAYS:
        out = tmp_path / f"{day}.csv"
        assert run(["receivables", str(desk.workspace), "--as-of", day, "--out", str(out)]) == 0
        assert out.read_bytes() == (golden / f"expected-{day}.csv").read_bytes()


def test_golden_broken_rows_and_nothing_else_are_quarantined(desk: Desk, shared: Path) -> None:
    golden = shared / "contract/golden"
    with (golden / "broken.bad.csv").open(encoding="utf-8", newline="") as lines:
        bad = Counter((r["table"], r["id"], r["column"], r["value"])
                      for r in csv.DictReader(lines))  # fmt: skip
    done = desk.load(golden / "broken")
    held = desk.rows("quarantine")
    assert bad.total() == 28
    assert Counter((r["table"], r["key"], r["column"], r["value"]) for r in held) == bad
    assert sum(found["quarantined"] for found in done.tables.values()) == 28


def test_a_quarantined_row_is_at_the_line_its_entry_names(desk: Desk, shared: Path) -> None:
    broken = shared / "contract/golden/broken"
    assert desk.load(broken).code == 0
    for row in desk.rows("quarantine"):
        lines = (broken / row["file"]).read_text(encoding="utf-8").splitlines()
        assert row["key"] in next(csv.reader([lines[int(row["line"]) - 1]]))
        assert row["value"] in next(csv.reader([lines[int(row["line"]) - 1]]))


@pytest.mark.parametrize("table", ["customers", "accounts", "bills", "payments"])
def test_totals_of_the_golden_export_are_checked(desk: Desk, shared: Path, table: str) -> None:
    folder = desk.folder()
    folder.mkdir()
    for path in (shared / "contract/golden/export").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        rows = len(list(csv.DictReader(lines)))
    said = {"kind": "full", "tables": {table: {"rows": rows - 1}}}
    (folder / "export.json").write_text(json.dumps(said), encoding="utf-8")
    assert table in desk.refuses(folder)
