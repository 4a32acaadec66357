"""What is decided is replaced by the next night unless it was sent; a customer has one cap."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from hashlib import md5
from pathlib import Path

import pytest

from tests.doors.conftest import AS_OF, Utility, read, write
from tideover.doors.cli import run
from tideover.doors.night import Results
from tideover.portfolio.workspace import Workspace

NEXT = (date.fromisoformat(AS_OF) + timedelta(days=1)).isoformat()
EMPTY = {"arm": "none", "channel": "", "tone": "", "send_at": "", "propensity": "",
         "offer": "none", "blocked_by": "replaced"}  # fmt: skip
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def lived(copy: Utility, tmp_path: Path) -> tuple[Utility, dict[str, str], dict[str, str]]:
    """Return a utility two nights on; what was sent of the first, and a decision that was not."""
    treated = [r for r in copy.file("decisions", tmp_path / "first.csv") if r["arm"] == "treated"]
    sent, unsent = treated[0], treated[1]
    contact = {"channel": sent["channel"], "direction": "outbound", "purpose": "reminder",
               "occurred_at": sent["send_at"], "outcome": "delivered"}  # fmt: skip
    write(tmp_path / "delta" / "contacts.csv", [
        contact | {"contact_id": sent["decision_id"], "account_id": sent["account_id"]},
        contact | {"contact_id": unsent["decision_id"], "account_id": sent["account_id"]},
    ])  # fmt: skip
    assert run(["ingest", str(copy.workspace), str(tmp_path / "delta")]) == 0
    assert run(["night", str(copy.workspace), "--as-of", NEXT]) == 0
    return copy, sent, unsent


def test_the_next_night_replaces_what_was_not_sent_and_every_paper_says_so(
    lived: tuple[Utility, dict[str, str], dict[str, str]], tmp_path: Path, capsys: Capture
) -> None:
    utility, sent, unsent = lived
    capsys.readouterr()
    after = {r["account_id"]: r for r in utility.file("decisions", tmp_path / "after.csv")}
    assert f"The night of {NEXT} replaced this one" in capsys.readouterr().err
    assert after[sent["account_id"]] == sent
    taken_back = after[unsent["account_id"]]
    assert {name: taken_back[name] for name in EMPTY} == EMPTY
    assert taken_back["decision_id"] == unsent["decision_id"]
    assert [r["account_id"] for r in after.values() if r["arm"] == "treated"] == [
        sent["account_id"]]  # fmt: skip
    results = Results.of(Workspace.open(utility.workspace), date.fromisoformat(AS_OF))
    kept = {r["decision_id"]: r for r in results.table("decisions").to_pylist()}
    assert kept[unsent["decision_id"]]["arm"] == "treated", "the record stays, to learn from"


def test_explain_and_the_report_say_what_became_of_a_decision(
    lived: tuple[Utility, dict[str, str], dict[str, str]], tmp_path: Path, capsys: Capture
) -> None:
    utility, sent, unsent = lived
    capsys.readouterr()
    told = []
    for row in (sent, unsent):
        assert run(["explain", str(utility.workspace), row["account_id"], "--as-of", AS_OF]) == 0
        told.append(capsys.readouterr().out)
    at = sent["send_at"].replace(":00+", "+")
    assert f"It was sent on {at} by {sent['channel']}, outcome delivered." in told[0]
    assert "No longer for sending" not in told[0]
    assert f"not sent, and replaced by the night of {NEXT}" in told[1]
    assert f"A contact of account {sent['account_id']} carries the id" in told[1]
    page = tmp_path / "report.html"
    assert run(["report", str(utility.workspace), "--as-of", NEXT, "--out", str(page)]) == 0
    assert "earlier nights decided, 1 had been sent" in page.read_text(encoding="utf-8")
    assert run(["report", str(utility.workspace), "--as-of", AS_OF, "--out", str(page)]) == 0
    assert "has been run since" in page.read_text(encoding="utf-8")


def test_a_night_run_late_for_an_earlier_day_is_replaced_at_once(
    copy: Utility, tmp_path: Path
) -> None:
    late, out = "2026-06-29", tmp_path / "late.csv"
    assert run(["night", str(copy.workspace), "--as-of", late]) == 0
    assert run(["decisions", str(copy.workspace), "--as-of", late, "--out", str(out)]) == 0
    assert "treated" not in {row["arm"] for row in read(out)}
    latest = copy.file("decisions", tmp_path / "latest.csv")
    assert "treated" in {row["arm"] for row in latest}


@pytest.fixture
def landlord(utility: Utility, tmp_path: Path) -> tuple[Path, list[str]]:
    """Return a workspace of three buckets where one customer has ten accounts to be written to."""
    workspace, delta = tmp_path / "ws", tmp_path / "delta"
    treated = [row["account_id"] for row in utility.file("decisions", tmp_path / "before.csv")
               if row["arm"] == "treated"][:10]  # fmt: skip
    theirs = [row for row in utility.rows("accounts") if row["account_id"] in treated]
    write(delta / "accounts.csv", [r | {"customer_id": theirs[0]["customer_id"]} for r in theirs])
    assert run(["init", str(workspace)]) == 0
    settings = workspace / "tideover.toml"
    with settings.open("a", encoding="utf-8") as more:
        more.write("\n[lake]\nbuckets = 3\n[training]\nmonths = 2\nsample_accounts = 500\n")
    for export in (utility.export, delta):
        assert run(["ingest", str(workspace), str(export)]) == 0
    assert run(["night", str(workspace), "--as-of", AS_OF]) == 0
    return workspace, treated


def test_a_customer_with_many_accounts_is_reached_no_more_often_than_one_with_one(
    landlord: tuple[Path, list[str]], tmp_path: Path, capsys: Capture
) -> None:
    workspace, theirs = landlord
    out = tmp_path / "decisions.csv"
    assert run(["decisions", str(workspace), "--as-of", AS_OF, "--out", str(out)]) == 0
    rows = {row["account_id"]: row for row in read(out)}
    buckets = {int(md5(a.encode()).hexdigest()[:8], 16) % 3 for a in theirs}
    assert len(buckets) > 1
    arms = Counter(rows[account]["arm"] for account in theirs)
    assert arms["treated"] in (1, 2)
    left = [a for a in theirs if "another account of the same customer" in rows[a]["reasons"]]
    assert {rows[account]["blocked_by"] for account in left} == {"contact_cap"}
    told = json.loads((workspace / "nights" / f"{AS_OF}.json").read_text(encoding="utf-8"))
    assert told["arms"] == dict(Counter(row["arm"] for row in rows.values()))
    capsys.readouterr()
    assert run(["explain", str(workspace), left[0], "--as-of", AS_OF]) == 0
    explained = capsys.readouterr().out
    assert "In the end no contact, blocked by contact_cap" in explained
    assert "The night decided otherwise" not in explained
