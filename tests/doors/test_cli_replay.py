"""A night can be replayed exactly, and another seed or another load makes it another night."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from tests.doors.conftest import AS_OF, Utility, write
from tideover.doors.cli import run


def decisions(utility: Utility, out: Path) -> bytes:
    """Return the night's decisions as they are written."""
    utility.file("decisions", out)
    return out.read_bytes()


def night(utility: Utility) -> dict[str, Any]:
    """Run the night and return what counts afterwards."""
    assert run(["night", str(utility.workspace), "--as-of", AS_OF]) == 0
    return told(utility)


def told(utility: Utility) -> dict[str, Any]:
    pointer = utility.workspace / "nights" / f"{AS_OF}.json"
    found: dict[str, Any] = json.loads(pointer.read_text(encoding="utf-8"))
    return found


def test_the_same_night_from_the_beginning_gives_the_same_bytes(
    utility: Utility, copy: Utility, tmp_path: Path
) -> None:
    shutil.rmtree(copy.workspace / "nights")
    shutil.rmtree(copy.workspace / "models")
    assert night(copy) == told(utility)
    replayed = decisions(copy, tmp_path / "replayed.csv")
    assert replayed == decisions(utility, tmp_path / "decisions.csv")


def test_another_seed_draws_another_night_with_the_same_hold_out(
    utility: Utility, copy: Utility, tmp_path: Path
) -> None:
    settings = copy.workspace / "tideover.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("seed = 20260101", "seed = 7"), encoding="utf-8")
    before = {r["account_id"]: r for r in utility.file("decisions", tmp_path / "before.csv")}
    assert night(copy)["run_id"] != told(utility)["run_id"]
    after = {r["account_id"]: r for r in copy.file("decisions", tmp_path / "after.csv")}
    assert before.keys() == after.keys()
    for account, row in after.items():
        for fact in ("zone", "arrears", "p_paid_in_full_30d", "stage", "rule", "treatment"):
            assert row[fact] == before[account][fact]
    assert any(row["send_at"] != before[account]["send_at"] for account, row in after.items())
    held = {a for a, row in after.items() if row["arm"] == "holdout"}
    assert held == {a for a, row in before.items() if row["arm"] == "holdout"}


def test_a_payment_that_comes_in_makes_it_another_night(copy: Utility, tmp_path: Path) -> None:
    before, first = copy.file("decisions", tmp_path / "before.csv"), told(copy)
    paid = next(r for r in before if r["arm"] == "treated" and r["arrears"] != "0.00")
    write(tmp_path / "delta" / "payments.csv", [{
        "payment_id": "LATE", "account_id": paid["account_id"], "amount": paid["arrears"],
        "received_at": f"{AS_OF}T21:00:00+02:00", "status": "settled",
    }])  # fmt: skip
    assert run(["ingest", str(copy.workspace), str(tmp_path / "delta")]) == 0
    assert told(copy) == first, "the former night is read until the next one is done"
    assert copy.file("decisions", tmp_path / "meanwhile.csv") == before
    second = night(copy)
    assert (second["run_id"] != first["run_id"], second["models"]) == (True, first["models"])
    after = copy.file("decisions", tmp_path / "after.csv")
    own = [row for row in after if row["account_id"] == paid["account_id"]]
    assert all(row["arm"] != "treated" and row["arrears"] == "0.00" for row in own)
    assert [row for row in after if row not in own] == [row for row in before if row != paid]


def test_a_refused_load_leaves_the_night_as_it_was(copy: Utility, tmp_path: Path) -> None:
    first = told(copy)
    short = copy.rows("bills")[::2]
    shutil.copytree(copy.export, tmp_path / "short")
    write(tmp_path / "short" / "bills.csv", short)
    (tmp_path / "short" / "export.json").write_text(
        json.dumps({"kind": "full", "exported_at": "2026-07-01T01:00:00+02:00"}), encoding="utf-8"
    )
    assert run(["ingest", str(copy.workspace), str(tmp_path / "short")]) == 3
    assert night(copy) == first
