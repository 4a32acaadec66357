"""Success statements: issued once, each payment once, what went back given back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.doors.conftest import AS_OF, Utility, read, write
from tideover.doors.cli import run

Capture = pytest.CaptureFixture[str]
TERMS = '\n[success]\nrule = "{rule}"\nfee = "1.50"\nshare = "0.10"\ncap_payment = "4.00"\n'


def paid(name: str, account: str, day: str, **said: str) -> dict[str, str]:
    return {"payment_id": name, "account_id": account, "amount": "100.00", "status": "settled",
            "received_at": f"{day}T12:00:00+02:00", "reversed_on": "",
            "contact_id": ""} | said  # fmt: skip


def load(utility: Utility, folder: Path, **tables: list[dict[str, str]]) -> None:
    for name, rows in tables.items():
        write(folder / f"{name}.csv", rows)
    assert run(["ingest", str(utility.workspace), str(folder)]) == 0


def agree(utility: Utility, rule: str) -> None:
    """Write terms into the settings, over those that were there."""
    path = utility.workspace / "tideover.toml"
    before = path.read_text(encoding="utf-8").split("\n[success]")[0]
    path.write_text(before + TERMS.format(rule=rule), encoding="utf-8")


def issue(utility: Utility, month: str, out: Path) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Return the sums and the lines of a month's statement."""
    words = ["success", str(utility.workspace), "--month", month, "--out", str(out)]
    assert run(words) == 0
    sums = json.loads((utility.workspace / f"success/{month}.json").read_text(encoding="utf-8"))
    return sums, read(out / f"success-{month}.csv")


@pytest.fixture
def sent(copy: Utility, tmp_path: Path) -> tuple[Utility, list[dict[str, str]]]:
    """Return a utility whose first four proposals were sent in July, and these decisions.

    The first was answered by a payment that names it, the second by one that names none.
    """
    decided = [row for row in copy.file("decisions", tmp_path / "decisions.csv")
               if row["arm"] == "treated"][:4]  # fmt: skip
    contacts = [{"contact_id": row["decision_id"], "account_id": row["account_id"],
                 "outcome": "delivered", "channel": row["channel"], "direction": "outbound",
                 "purpose": "reminder", "occurred_at": row["send_at"]}
                for row in decided]  # fmt: skip
    first, second = (row["account_id"] for row in decided[:2])
    load(copy, tmp_path / "july", contacts=contacts, payments=[
        paid("P1", first, "2026-07-05", contact_id=decided[0]["decision_id"]),
        paid("P2", second, "2026-07-06"), paid("P3", second, "2026-08-20")])  # fmt: skip
    agree(copy, "link")
    return copy, decided


def test_a_payment_that_names_its_message_is_charged_and_drills_down_to_it(
    sent: tuple[Utility, list[dict[str, str]]], tmp_path: Path
) -> None:
    utility, decided = sent
    sums, lines = issue(utility, "2026-07", tmp_path)
    (line,) = lines
    assert (line["payment_id"], line["decision_id"], line["decided_on"]) == (
        "P1", decided[0]["decision_id"], AS_OF)  # fmt: skip
    assert (line["amount"], line["fee"], line["charged"]) == ("100.00", "4.00", "4.00")
    assert (sums["due_minor"], sums["payments"]) == (400, 1)
    text = (tmp_path / "success-2026-07.html").read_text(encoding="utf-8")
    assert "P1" in text
    assert not re.search(r"<script|<link|<img|src=|https?://|url\(", text)


def test_what_went_back_is_given_back_once_in_the_month_it_is_seen(
    sent: tuple[Utility, list[dict[str, str]]], tmp_path: Path
) -> None:
    utility, decided = sent
    issue(utility, "2026-07", tmp_path)
    load(utility, tmp_path / "august", payments=[
        paid("P1", decided[0]["account_id"], "2026-07-05", status="reversed",
             reversed_on="2026-08-03", contact_id=decided[0]["decision_id"])])  # fmt: skip
    sums, (line,) = issue(utility, "2026-08", tmp_path)
    assert (line["kind"], line["charged"], line["because"]) == ("credit", "-4.00", "it went back")
    assert sums["due_minor"] == -400
    assert issue(utility, "2026-09", tmp_path)[1] == []


def test_of_a_payment_that_is_corrected_downward_the_difference_is_given_back_once(
    sent: tuple[Utility, list[dict[str, str]]], tmp_path: Path
) -> None:
    utility, decided = sent
    issue(utility, "2026-07", tmp_path)
    mine = (decided[0]["account_id"], "2026-07-05")
    linked = {"contact_id": decided[0]["decision_id"]}
    load(utility, tmp_path / "august", payments=[paid("P1", *mine, amount="10.00", **linked)])
    agree(utility, "window")  # the terms of July hold for what July charged
    _, (line,) = issue(utility, "2026-08", tmp_path)
    assert (line["kind"], line["charged"]) == ("credit", "-1.50")  # 4.00 less 1.50 and 10 % of it
    assert line["because"] == "it was corrected downward"
    linked |= {"status": "reversed", "reversed_on": "2026-09-03"}
    load(utility, tmp_path / "later", payments=[paid("P1", *mine, **linked)])
    assert [row["charged"] for row in issue(utility, "2026-09", tmp_path)[1]] == ["-2.50"]


def test_no_payment_is_charged_twice_over_months_and_rules(
    sent: tuple[Utility, list[dict[str, str]]], tmp_path: Path
) -> None:
    utility, _ = sent
    july = issue(utility, "2026-07", tmp_path)
    agree(utility, "window")
    assert issue(utility, "2026-07", tmp_path) == july  # it stays as it was issued
    # P2 followed by time: July's rule did not count it, and a new rule changes no old month. P3
    # came fifty days after the message.
    assert issue(utility, "2026-08", tmp_path)[1] == []


def test_by_time_the_last_message_within_the_window_counts(
    sent: tuple[Utility, list[dict[str, str]]], tmp_path: Path
) -> None:
    utility, _ = sent
    agree(utility, "window")
    _, lines = issue(utility, "2026-07", tmp_path)
    assert {line["payment_id"]: line["joined_by"] for line in lines} == {"P1": "link", "P2": "time"}


def test_a_payment_that_comes_late_is_in_the_next_statement(
    sent: tuple[Utility, list[dict[str, str]]], tmp_path: Path
) -> None:
    utility, decided = sent
    issue(utility, "2026-07", tmp_path)
    load(utility, tmp_path / "late", payments=[
        paid("P4", decided[2]["account_id"], "2026-07-30",
             contact_id=decided[2]["decision_id"])])  # fmt: skip
    _, (line,) = issue(utility, "2026-08", tmp_path)
    assert (line["payment_id"], line["because"]) == ("P4", "it came late into the export")


def test_without_evidence_the_incremental_rule_charges_nothing(
    sent: tuple[Utility, list[dict[str, str]]], tmp_path: Path
) -> None:
    utility, _ = sent
    agree(utility, "incremental")
    sums, lines = issue(utility, "2026-07", tmp_path)
    assert sums["fees_minor"] == 800
    assert [line["charged"] for line in lines] == [
        "0.00" if sums["part"] == 0 else line["charged"] for line in lines]  # fmt: skip
    assert sums["charged_minor"] <= sums["high_minor"]
    assert sums["evidence"]


@pytest.mark.parametrize(("words", "error"), [
    (("--month", "2026-13"), "is no month"), (("--month", "2027-01"), "is not over"),
    (("--month", "2026-06"), "Nothing is to be charged"),
])  # fmt: skip
def test_what_cannot_be_is_refused(
    copy: Utility, tmp_path: Path, capsys: Capture, words: tuple[str, ...], error: str
) -> None:
    if "charged" not in error:
        agree(copy, "link")
    assert run(["success", str(copy.workspace), "--out", str(tmp_path), *words]) == 2
    assert error in capsys.readouterr().err


def test_a_draft_issues_nothing(
    sent: tuple[Utility, list[dict[str, str]]], tmp_path: Path
) -> None:  # fmt: skip
    utility, _ = sent
    words = ["success", str(utility.workspace), "--month", "2026-07", "--out", str(tmp_path)]
    assert run([*words, "--draft"]) == 0
    assert not (utility.workspace / "success").exists()
    assert len(read(tmp_path / "success-2026-07.csv")) == 1
