"""Nights on days beyond the data, and of a utility that has no accounts yet."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.doors.conftest import AS_OF, Utility, read, write
from tideover.doors.cli import run

FILES = ["receivables", "scores", "decisions", "report"]
HEADS = {
    "customers": "customer_id,segment",
    "accounts": "account_id,customer_id,commodity,jurisdiction,timezone,currency,opened_on",
    "bills": "bill_id,account_id,issued_on,due_on,amount,kind",
    "payments": "payment_id,account_id,received_at,amount,status",
}


def test_before_all_data_nobody_owes_and_nothing_is_decided(copy: Utility, tmp_path: Path) -> None:
    assert run(["night", str(copy.workspace), "--as-of", "1900-01-01"]) == 0
    for command in FILES:
        out = tmp_path / command
        words = [command, str(copy.workspace), "--as-of", "1900-01-01", "--out", str(out)]
        assert run(words) == 0
    assert read(tmp_path / "decisions") == []
    owed = read(tmp_path / "receivables")
    assert len(owed) == 1500
    assert {row["balance"] for row in owed} == {"0.00"}


def test_a_night_long_after_the_last_load_says_that_it_does_not_know_what_was_paid(
    copy: Utility, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["night", str(copy.workspace), "--as-of", "2026-07-10"]) == 0
    assert "The last load is 10 days older than this night" in capsys.readouterr().out
    assert run(["night", str(copy.workspace), "--as-of", AS_OF]) == 0
    assert "The last load" not in capsys.readouterr().out


def test_a_table_may_lie_in_one_bucket_alone(utility: Utility, tmp_path: Path) -> None:
    workspace, export = tmp_path / "workspace", tmp_path / "export"
    for table in ("customers", "accounts", "bills", "payments", "promises"):
        write(export / f"{table}.csv", utility.rows(table)[: 1 if table == "promises" else None])
    assert run(["init", str(workspace)]) == 0
    hasten(workspace, utility)
    assert run(["ingest", str(workspace), str(export)]) == 0
    assert run(["night", str(workspace), "--as-of", AS_OF]) == 0


def test_a_utility_without_accounts_has_an_empty_night(utility: Utility, tmp_path: Path) -> None:
    workspace, export = tmp_path / "workspace", tmp_path / "export"
    export.mkdir()
    for table, head in HEADS.items():
        (export / f"{table}.csv").write_text(f"{head}\n", encoding="utf-8")
    assert run(["init", str(workspace)]) == 0
    hasten(workspace, utility)
    assert run(["ingest", str(workspace), str(export)]) == 0
    assert run(["night", str(workspace), "--as-of", AS_OF]) == 0
    for command in FILES:
        out = tmp_path / command
        assert run([command, str(workspace), "--as-of", AS_OF, "--out", str(out)]) == 0
        assert command == "report" or read(out) == []


def hasten(workspace: Path, utility: Utility) -> None:
    """Let a workspace learn from one month, and use what was compiled for another's night."""
    with (workspace / "tideover.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[lake]\nbuckets = 3\n\n[training]\nmonths = 1\n")
    shutil.copytree(utility.workspace / ".scratch", workspace / ".scratch")
