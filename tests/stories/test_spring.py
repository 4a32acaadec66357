"""What the utility proposes to ten people in a spring, and why, by the commands that people use."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.stories.conftest import Spring
from tests.stories.people import APRIL, MARCH, MAY
from tideover.doors.cli import run
from tideover.doors.night import Results
from tideover.portfolio.lake import Lake
from tideover.portfolio.workspace import Workspace

Capture = pytest.CaptureFixture[str]


def rows(path: Path) -> list[dict[str, str]]:
    """Return a CSV file's rows."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_ana_forgets_in_march_is_yellow_in_april_and_clear_in_may(
    spring: Spring, capsys: Capture
) -> None:
    march, april, may = spring.of("ANA")
    assert (march["zone"], march["arrears"], march["days_past_due"]) == ("green", "70.00", "15")
    assert (march["rule"], march["treatment"]) == ("green_first_time", "gentle_reminder")
    assert march["tone"] == "friendly"
    assert (april["zone"], april["arrears"], april["days_past_due"]) == ("yellow", "155.00", "46")
    assert (april["rule"], april["treatment"]) == ("yellow", "act_early")
    assert april["offer"] in {"extension", "plan", "budget_billing"}
    assert may == {}
    told = spring.explained("ANA", MAY, capsys)
    assert "paid or credited 1065.00: the balance is 70.00.\nNothing is past due." in told
    assert told.endswith("so nothing was decided.\n")


def test_bram_disputes_a_bill_and_nobody_chases_him_until_that_is_settled(spring: Spring) -> None:
    march, april, may = spring.of("BRAM")
    for disputed in (march, april):
        assert (disputed["rule"], disputed["arm"]) == ("under_review", "none")
        assert disputed["reasons"].startswith("a dispute, complaint or investigation is open")
    assert (april["arrears"], may["arrears"]) == ("155.00", "225.00")
    assert (may["rule"], may["arm"]) == ("yellow", "treated")


def test_chens_payment_cannot_be_read_so_she_is_in_doubt_and_silent_until_it_is_mended(
    spring: Spring, capsys: Capture
) -> None:
    march, april, may = spring.of("CHEN")
    for doubtful in (march, april):
        assert (doubtful["arrears"], doubtful["arm"]) == ("70.00", "none")
        assert doubtful["blocked_by"] == doubtful["rule"] == "in_doubt"
        assert "some rows of this account are in quarantine" in doubtful["reasons"]
    assert may == {}


def test_dina_withdrew_consent_for_text_messages_and_gets_letters(spring: Spring) -> None:
    march, april, _ = spring.of("DINA")
    assert (march["arm"], march["treatment"]) == ("none", "gentle_reminder")
    assert march["blocked_by"] == "consent_withdrawn", "that row of the policy writes no letters"
    assert (april["arm"], april["channel"]) == ("treated", "letter")


def test_emil_is_left_alone_while_his_promise_stands_and_asked_again_when_it_is_broken(
    spring: Spring,
) -> None:
    _, april, may = spring.of("EMIL")
    assert (april["rule"], april["arm"]) == ("promised", "none")
    assert "the customer promised to pay and the day has not come" in april["reasons"]
    assert (may["rule"], may["arm"]) == ("yellow", "treated")


def test_fatmas_direct_debit_bounces_and_only_from_that_day_is_she_behind(
    spring: Spring, tmp_path: Path
) -> None:
    for day, arrears in (("2026-04-11", "0.00"), ("2026-04-12", "70.00")):
        out = tmp_path / "owed.csv"
        assert run(["receivables", str(spring.workspace), "--as-of", day, "--out", str(out)]) == 0
        (fatma,) = (row for row in rows(out) if row["account_id"] == "FATMA")
        assert fatma["arrears"] == arrears
    _, april, _ = spring.of("FATMA")
    assert (april["arrears"], april["days_past_due"]) == ("70.00", "15")
    assert april["rule"] == "green_first_time"


def test_greta_was_reached_twice_that_week_and_is_given_time_to_answer(spring: Spring) -> None:
    _, april, may = spring.of("GRETA")
    assert (april["arm"], april["rule"]) == ("none", "just_reminded")
    assert "is given time to answer" in april["reasons"]
    assert (may["arm"], may["defer_until"]) == ("treated", "")


def test_hugo_cannot_be_reached_and_the_treatment_is_proposed_all_the_same(spring: Spring) -> None:
    told = spring.of("HUGO")
    assert {(row["arm"], row["blocked_by"]) for row in told} == {("none", "unreachable")}
    assert told[0]["treatment"] == "gentle_reminder"
    assert {row["treatment"] for row in told[1:]} <= {"gentle_reminder", "reminder_with_autopay"}


def test_ines_moves_out_and_is_asked_for_her_final_bill(spring: Spring) -> None:
    march, april, _ = spring.of("INES")
    assert march["rule"] == "green_first_time"
    assert (april["rule"], april["treatment"]) == ("final_bill", "settle_final_bill")


def test_jans_bills_come_before_his_account_and_count_from_when_it_is_there(
    spring: Spring, tmp_path: Path
) -> None:
    march, april, _ = spring.of("JAN")
    assert march == {}
    assert (april["arrears"], april["days_past_due"], april["arm"]) == ("70.00", "15", "treated")
    out = tmp_path / "quarantine.csv"
    assert run(["quarantine", str(spring.workspace), "--out", str(out)]) == 0
    assert rows(out) == []


def test_what_was_sent_in_april_is_known_by_the_decisions_id(spring: Spring) -> None:
    decision = spring.nights[APRIL]["DINA"]["decision_id"]
    lake = Lake.open(spring.workspace / "lake")
    contacts = pq.read_table(lake.parts("contacts"), partitioning=None).to_pylist()
    sent = [row["account_id"] for row in contacts if row["contact_id"] == decision]
    assert sent == ["DINA"]
    results = Results.of(Workspace.open(spring.workspace), date.fromisoformat(MAY))
    dina = next(r for r in results.table("features").to_pylist() if r["account_id"] == "DINA")
    assert dina["contacts_out_90d"] == 1


@pytest.mark.parametrize(
    ("day", "status"), [(MARCH, "fixed"), (APRIL, "too_few"), (MAY, "too_few")]
)
def test_ten_people_are_too_few_to_learn_from_and_every_answer_says_so(
    spring: Spring, capsys: Capture, tmp_path: Path, day: str, status: str
) -> None:
    capsys.readouterr()
    assert run(["zones", str(spring.workspace), "--as-of", day, "--json"]) == 0
    (cohort,) = json.loads(capsys.readouterr().out)
    assert cohort["status"] == status
    assert [cut["at"] for cut in cohort["thresholds"]] == [150.0, 400.0]
    assert all(cut["fixed"] for cut in cohort["thresholds"])
    for row in spring.nights[day].values():
        assert "too little history yet: the usual rate of accounts like it" in row["reasons"]
    out = tmp_path / "report.html"
    assert run(["report", str(spring.workspace), "--as-of", day, "--out", str(out)]) == 0
    assert "too few" in out.read_text(encoding="utf-8").lower()


def test_each_night_is_still_there_to_be_read_after_the_next(
    spring: Spring, capsys: Capture
) -> None:
    told = spring.explained("ANA", APRIL, capsys)
    assert "More was loaded since that night" in told
    assert "Past due: 155.00 EUR; the oldest unpaid part was due 46 days ago." in told
    assert "Zone yellow" in told
