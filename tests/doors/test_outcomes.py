"""What followed a night's decisions, when later exports have brought it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.doors.conftest import AS_OF, Utility, read, write
from tideover.doors.cli import run

LATER = (date.fromisoformat(AS_OF) + timedelta(days=3)).isoformat()


def written(utility: Utility, out: Path) -> dict[tuple[str, str], dict[str, str]]:
    """Return the outcomes of the one night, by decision and window."""
    assert run(["outcomes", str(utility.workspace), "--from", AS_OF, "--to", AS_OF,
                "--out", str(out)]) == 0  # fmt: skip
    return {(row["decision_id"], row["window_days"]): row for row in read(out)}


@pytest.fixture
def treated(copy: Utility, tmp_path: Path) -> dict[str, str]:
    """Return a decision that was sent, answered by a payment of a cent three days later."""
    decided = copy.file("decisions", tmp_path / "decisions.csv")
    one = next(row for row in decided if row["arm"] == "treated")
    write(tmp_path / "delta" / "contacts.csv", [{
        "contact_id": one["decision_id"], "account_id": one["account_id"], "outcome": "clicked",
        "channel": one["channel"], "direction": "outbound", "purpose": "reminder",
        "occurred_at": one["send_at"]}])  # fmt: skip
    write(tmp_path / "delta" / "payments.csv", [{
        "payment_id": "late", "account_id": one["account_id"], "amount": "0.01",
        "received_at": f"{LATER}T12:00:00+02:00", "status": "settled",
        "contact_id": one["decision_id"]}])  # fmt: skip
    return one


def test_what_later_exports_bring_is_the_outcome_of_the_decision(
    copy: Utility, treated: dict[str, str], tmp_path: Path
) -> None:
    before = written(copy, tmp_path / "before.csv")
    assert run(["ingest", str(copy.workspace), str(tmp_path / "delta")]) == 0
    after = written(copy, tmp_path / "after.csv")
    key = (treated["decision_id"], "7")
    assert (before[key]["furthest"], before[key]["linked"]) == ("", "0.00")
    assert (after[key]["furthest"], after[key]["linked"]) == ("clicked", "0.01")
    assert after[key]["treatment"] == treated["treatment"]
    in_all = [{key[0]: row["money_in"] for key, row in told.items() if key[1] == "60"}
              for told in (before, after)]  # fmt: skip
    changed = {decision for decision, money in in_all[1].items() if in_all[0][decision] != money}
    assert changed == {treated["decision_id"]}


def test_without_a_finished_night_it_says_so(
    copy: Utility, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["outcomes", str(copy.workspace), "--from", "2026-01-01", "--to", "2026-01-02",
                "--out", str(tmp_path / "none.csv")]) == 4  # fmt: skip
    assert "No night is finished from 2026-01-01 to 2026-01-02" in capsys.readouterr().err


def test_measures_agree_with_what_the_export_says(utility: Utility, tmp_path: Path) -> None:
    told = {(row["name"], row["group"]): row
            for row in utility.file("measures", tmp_path / "measures.csv")}  # fmt: skip
    owed = utility.file("receivables", tmp_path / "receivables.csv")
    behind = [row for row in owed if float(row["arrears"]) > 0]
    assert int(told["accounts_in_arrears", "all"]["value"]) == len(behind)
    arrears = sum(round(100 * float(row["arrears"])) for row in behind)
    assert int(told["arrears_minor", "all"]["value"]) == arrears
    cured = told["cure_rate", "all"]
    assert 0 < float(cured["low"]) < float(cured["value"]) < float(cured["high"]) < 1
    assert {row["value"] for row in told.values() if row["n"] == "<10"} == {""}
