"""A night that is run again after a load computes only what changed, with the same answer."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tideover.doors.cli import run
from tideover.doors.night import Results
from tideover.doors.night.bucket import NIGHT_TABLES
from tideover.portfolio.workspace import Workspace

AS_OF = "2026-06-30"
ACCOUNTS = 700


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace of a small made-up utility after its first night, in two buckets."""
    root = tmp_path_factory.mktemp("again")
    for command in (
        ["twin", root / "export", "--accounts", ACCOUNTS, "--days", 300, "--seed", 3],
        ["init", root / "ws"],
        ["ingest", root / "ws", root / "export"],
    ):
        assert run([str(word) for word in command]) == 0
    settings = root / "ws" / "tideover.toml"
    settings.write_text(settings.read_text() + "\n[training]\nmonths = 4\n", encoding="utf-8")
    assert run(["night", str(root / "ws"), "--as-of", AS_OF]) == 0
    return root / "ws"


def first_rows(path: Path, every: int) -> Iterator[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines)):
            if number % every == 0:
                yield row


def write(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def a_delta(export: Path, into: Path) -> Path:
    """Write a delta: payments for some, consents withdrawn, one account in doubt."""
    accounts = list(first_rows(export / "accounts.csv", 50))
    paid = {"received_at": "2026-06-29T10:00:00+02:00", "amount": "50.00", "status": "settled",
            "method": "card"}  # fmt: skip
    payments = [
        {"payment_id": f"NEW{i}", "account_id": row["account_id"], **paid}
        for i, row in enumerate(accounts)
    ]
    payments[-1]["amount"] = "ten"
    write(into / "payments.csv", payments)
    points = [row | {"consent": "withdrawn"} for row in first_rows(
        export / "contact_points.csv", 90)]  # fmt: skip
    write(into / "contact_points.csv", points)
    return into


def night_tables(root: Path) -> dict[str, list[Any]]:
    results = Results.of(Workspace.open(root), date.fromisoformat(AS_OF))
    return {name: results.table(name).to_pylist() for name in NIGHT_TABLES}


def test_only_what_changed_is_computed_and_the_answer_is_the_same(
    workspace: Path, tmp_path: Path
) -> None:
    delta = a_delta(workspace.parent / "export", tmp_path / "delta")
    before = night_tables(workspace)
    assert run(["ingest", str(workspace), str(delta)]) == 0
    assert run(["night", str(workspace), "--as-of", AS_OF]) == 0
    anew = night_tables(workspace)
    assert anew != before
    (workspace / "nights" / f"{AS_OF}.json").unlink()
    shutil.rmtree(workspace / "nights" / AS_OF)
    assert run(["night", str(workspace), "--as-of", AS_OF]) == 0
    assert night_tables(workspace) == anew


def test_the_same_night_twice_changes_nothing(workspace: Path) -> None:
    files = sorted((workspace / "nights").rglob("*"))
    stamps = [path.stat().st_mtime_ns for path in files]
    assert run(["night", str(workspace), "--as-of", AS_OF]) == 0
    assert sorted((workspace / "nights").rglob("*")) == files
    assert [path.stat().st_mtime_ns for path in files] == stamps
    told = json.loads((workspace / "nights" / f"{AS_OF}.json").read_text(encoding="utf-8"))
    assert told["accounts"] == ACCOUNTS
