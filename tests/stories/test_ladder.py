"""One step at a time, only after the step before was really sent: five people, eleven nights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from tests.stories import arrears
from tests.stories.conftest import SETTINGS, write
from tideover.doors.cli import run
from tideover.doors.night import Results
from tideover.doors.strategies.folder import shipped, write_folder
from tideover.portfolio.workspace import Workspace

Row = dict[str, str]
FIRST = "2026-04-06"


@dataclass
class Year:
    """A workspace, what really went out, and what its nights decided and where people stood."""

    root: Path
    contacts: list[Row] = field(default_factory=list)
    decided: dict[str, Mapping[str, Row]] = field(default_factory=dict)
    places: dict[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def workspace(self) -> Path:
        """Where its workspace is."""
        return self.root / "workspace"

    def night(self, day: str, *, exported: bool = True) -> Mapping[str, Row]:
        """Load the export of an evening, decide, and return what was decided on each person."""
        if exported:
            export = write(self.root / f"export-{day}", arrears.export(day, self.contacts), day)
            assert run(["ingest", str(self.workspace), str(export)]) == 0
        assert run(["night", str(self.workspace), "--as-of", day]) == 0
        results = self.results(day)
        self.decided[day] = {r["account_id"]: r for r in results.table("decisions").to_pylist()}
        self.places[day] = {r["account_id"]: r["place"] for r in
                            results.table("ladders").to_pylist()}  # fmt: skip
        return self.decided[day]

    def results(self, day: str) -> Results:
        """Return the night of a day."""
        return Results.of(Workspace.open(self.workspace), date.fromisoformat(day))

    def on(self, name: str, day: str) -> tuple[str, str]:
        """Return where a person stood, and which row decided."""
        return self.places[day].get(name, "clear"), self.decided[day].get(name, {}).get("rule", "")


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """Return the story, lived once."""
    told = Year(tmp_path_factory.mktemp("ladder"))
    assert run(["init", str(told.workspace)]) == 0
    settings = told.workspace / "tideover.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")
    write_folder(told.root / "nl", shipped("nl"))
    assert run(["strategy", "publish", str(told.root / "nl"), "--workspace", str(told.workspace),
                "--from", "2026-01-01", "--author", "Ann"]) == 0  # fmt: skip
    _letters(told)
    _people_take_over(told)
    return told


def _letters(told: Year) -> None:
    first = told.night(FIRST)
    told.night("2026-04-07", exported=False)
    told.contacts += [
        arrears.done(first["LENA"]), arrears.done(first["MAX"]), arrears.done(first["PIA"]),
        arrears.done(first["NORA"], outcome="bounced"),
    ]  # fmt: skip
    told.night("2026-04-13")
    told.night("2026-04-20")  # and none on the 21st, when the second letter was due
    told.contacts.append(arrears.done(told.night("2026-04-23")["LENA"]))
    told.contacts.append(arrears.done(told.night("2026-05-11")["LENA"]))


def _people_take_over(told: Year) -> None:
    third = told.night("2026-05-12")["LENA"]
    told.contacts.append(arrears.done(third, at="2026-05-13T11:00:00+02:00", channel="voice"))
    told.contacts.append(arrears.done(told.night("2026-05-19")["LENA"]))
    told.night("2026-05-25")
    told.night("2026-06-03")


def test_red_for_a_month_lena_gets_the_first_letter_and_then_fourteen_full_days(
    year: Year,
) -> None:
    assert year.on("LENA", FIRST) == ("reminder_1", "first_reminder")
    letter = year.decided[FIRST]["LENA"]
    assert (letter["arm"], letter["channel"], letter["offer"]) == ("treated", "letter", "plan")
    assert letter["send_at"][:10] == "2026-04-07"
    for day in ("2026-04-13", "2026-04-20"):
        assert year.on("LENA", day) == ("waiting", "yellow")


def test_until_an_export_can_tell_whether_a_letter_went_out_none_is_sent_again(
    year: Year,
) -> None:
    assert {year.on(name, "2026-04-07")[0] for name in arrears.NAMES} == {"waiting"}


def test_a_night_that_is_missed_skips_nothing(year: Year) -> None:
    assert year.on("LENA", "2026-04-23") == ("reminder_2", "second_reminder")
    assert year.on("LENA", "2026-05-11") == ("reminder_3", "third_reminder")


def test_a_letter_that_was_not_sent_or_came_back_is_proposed_again_and_not_skipped(
    year: Year,
) -> None:
    for name in ("NORA", "OTTO"):
        for day in ("2026-04-13", "2026-04-20", "2026-04-23", "2026-05-11"):
            assert year.on(name, day) == ("reminder_1", "first_reminder"), (name, day)


def test_a_dispute_holds_max_and_its_days_count_towards_no_term(year: Year) -> None:
    for day in ("2026-04-13", "2026-04-20", "2026-04-23"):
        assert year.on("MAX", day) == ("held", "under_review")
    assert year.on("MAX", "2026-05-11") == ("reminder_2", "second_reminder")
    since = {row["account_id"]: row["in_arrears_since"] for row in
             year.results("2026-05-11").table("ladders").to_pylist()}  # fmt: skip
    assert since["MAX"] == date(2026, 3, 6)


def test_who_paid_in_full_is_clear_and_begins_anew_if_she_falls_behind(year: Year) -> None:
    assert year.on("PIA", "2026-04-20") == ("clear", "")
    rows = year.results("2026-05-11").table("ladders").to_pylist()
    (pia,) = (row for row in rows if row["account_id"] == "PIA")
    assert (pia["in_arrears_since"], pia["place"]) == (date(2026, 5, 6), "reminder_1")
    assert year.on("PIA", "2026-05-11")[1] != "first_reminder", "under a month behind"


def test_after_letters_contact_and_a_plan_it_is_only_proposed_to_a_person(year: Year) -> None:
    assert year.on("LENA", "2026-05-12") == ("personal_contact", "call_first")
    assert year.on("LENA", "2026-05-19") == ("plan_offer", "offer_in_writing")
    assert year.on("LENA", "2026-05-25") == ("waiting", "red_long")
    assert year.on("LENA", "2026-06-03") == ("municipality_signal", "to_municipality")
    last = year.decided["2026-06-03"]["LENA"]
    assert (last["arm"], last["channel"], last["treatment"]) == ("none", None, "tell_municipality")


def test_nothing_is_sent_twice_when_a_night_is_run_twice(year: Year) -> None:
    for day in ("2026-04-23", "2026-06-03"):
        before = year.results(day).table("ladders")
        assert run(["night", str(year.workspace), "--as-of", day]) == 0
        assert year.results(day).table("ladders") == before, day
    letters = [row["contact_id"] for row in year.contacts if row["account_id"] == "LENA"]
    assert len(set(letters)) == len(letters) == 5


def test_the_guard_of_a_night_knows_the_letters_that_really_went_out(year: Year) -> None:
    held = {row["account_no"]: row["account_id"] for row in
            year.results("2026-05-11").table("ladders").to_pylist()}  # fmt: skip
    told = {held.get(row["account_no"]): json.loads(row["history"]) for row in
            year.results("2026-05-11").table("situations").to_pylist()}  # fmt: skip
    notices = [event for event in told["LENA"] if event["type"] == "notice"]
    assert [event["kind"] for event in notices] == ["reminder", "reminder"]
    assert "debt_help_info" in notices[0]["content"]
    assert not [event for event in told["OTTO"] if event["type"] == "notice"]


def test_explain_says_where_somebody_stands_and_until_when(
    year: Year, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["explain", str(year.workspace), "LENA", "--as-of", "2026-04-20"]) == 0
    told = capsys.readouterr().out
    assert ("In arrears without a break since 2026-03-06; on the ladder reminders: waiting until "
            "2026-04-22.") in told  # fmt: skip
    assert "decided otherwise" not in told


def test_a_rehearsal_goes_on_from_the_letters_that_really_went_out_before_it(
    year: Year, capsys: pytest.CaptureFixture[str]
) -> None:
    write_folder(year.root / "default", shipped("default"))
    days = ("--from", "2026-04-22", "--to", "2026-04-23")
    capsys.readouterr()
    assert run(["strategy", "rehearse", str(year.root / "nl"), "--against",
                str(year.root / "default"), "--workspace", str(year.workspace), *days,
                "--json"]) == 0  # fmt: skip
    ways = json.loads(capsys.readouterr().out)["ways"]
    found = {(sample["account_id"], sample["as_of"][8:]): way["after"]["rule"]
             for way in ways for sample in way["samples"]}  # fmt: skip
    assert found["LENA", "22"] == "second_reminder", "fifteen days after the first"
    assert ("LENA", "23") not in found, "sent on the first day, so it waits on the second"
    assert ("OTTO", "22") not in found, "whether his of the 21st went out is not known yet"
    assert found["OTTO", "23"] == "first_reminder", "it did not"


def test_a_campaign_runs_beside_a_strategy_with_notices(
    year: Year, capsys: pytest.CaptureFixture[str]
) -> None:
    message = ("--treatment", "help", "--channels", "letter", "--offers", "plan")
    capsys.readouterr()
    assert run(["campaign", "plan", str(year.workspace), "spring", "--as-of", "2026-04-20",
                "--where", "arrears > 0", *message, "--dry-run", "--json"]) == 0  # fmt: skip
    assert json.loads(capsys.readouterr().out)["chosen"] == 4
