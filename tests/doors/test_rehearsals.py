"""Rehearsals at the command line: from a finished night and computed anew."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.doors.conftest import AS_OF, Utility
from tideover.doors.cli import run
from tideover.doors.strategies.folder import shipped, write_folder

Capture = pytest.CaptureFixture[str]
THREE = ("--from", "2026-06-28", "--to", AS_OF)
WEEKS = ("--from", "2026-06-10", "--to", "2026-06-25")
ONE = ("--from", AS_OF, "--to", AS_OF)


def rehearsed(capsys: Capture, *words: object) -> tuple[int, dict[str, Any], str]:
    """Return the exit code, the data, and what was complained of."""
    capsys.readouterr()
    code = run(["strategy", "rehearse", *(str(word) for word in words), "--json"])
    told = capsys.readouterr()
    return code, json.loads(told.out) if told.out else {}, told.err


@pytest.fixture
def plainer(tmp_path: Path) -> Path:
    """Return the shipped strategy with one row changed: first-time lateness gets a plain word."""
    texts = shipped("default")
    row = "green_first_time,green,early,,,,,,,,,yes,,,gentle_reminder"
    assert row in texts["behind.csv"]
    changed = row.replace("gentle_", "")
    texts["behind.csv"] = texts["behind.csv"].replace(row, changed)
    write_folder(tmp_path / "plainer", texts)
    return tmp_path / "plainer"


def decisions(utility: Utility) -> list[dict[str, Any]]:
    (path,) = utility.workspace.glob(f"nights/{AS_OF}/*/decisions/bucket=0.parquet")
    return list(pq.ParquetFile(path).read().to_pylist())


def test_a_strategy_against_itself_differs_for_nobody(utility: Utility, capsys: Capture) -> None:
    before = sorted(utility.workspace.rglob("nights/**/*"))
    code, told, _ = rehearsed(capsys, utility.workspace / "strategy", "--against",
                              utility.workspace, *THREE)  # fmt: skip
    assert code == 0
    assert told["accounts"] > 100
    assert (told["accounts_different"], told["ways"]) == (0, [])
    nights = [row["night"] is not None for row in told["days"]]
    assert nights == [False, False, True]
    assert [row["models_learnt_later"] for row in told["days"]] == [True, True, False]
    assert sorted(utility.workspace.rglob("nights/**/*")) == before


def test_a_night_that_is_replayed_decides_as_it_did(utility: Utility, capsys: Capture) -> None:
    _, told, _ = rehearsed(capsys, utility.workspace / "strategy", "--against",
                           utility.workspace / "strategy", *ONE)  # fmt: skip
    recorded = decisions(utility)
    totals = told["totals"]
    assert totals["account_days"] == len(recorded)
    assert totals["contact_after"] == sum(row["arm"] == "treated" for row in recorded)
    blocks = {row["code"]: row["after"] for row in told["blocks"]}
    named = [code for row in recorded for code in (row["blocked_by"] or "").split(";") if code]
    assert named
    assert blocks == dict(Counter(named))
    assert totals["held_out_after"] == sum(row["arm"] == "holdout" for row in recorded)


def test_a_changed_row_changes_exactly_the_accounts_that_meet_it(
    utility: Utility, plainer: Path, capsys: Capture
) -> None:
    code, told, _ = rehearsed(capsys, plainer, "--against", utility.workspace, *ONE)
    assert code == 0
    met = {row["account_id"] for row in decisions(utility) if row["rule"] == "green_first_time"}
    assert met
    assert told["accounts_different"] == len(met)
    samples = {sample["account_id"] for way in told["ways"] for sample in way["samples"]}
    assert samples <= met
    assert {way["after"]["treatment"] for way in told["ways"]} == {"reminder"}


def test_the_page_stands_alone_and_says_what_is_not_known(
    utility: Utility, plainer: Path, tmp_path: Path, capsys: Capture
) -> None:
    out = tmp_path / "page.html"
    assert run(["strategy", "rehearse", str(plainer), "--against", str(utility.workspace), *THREE,
                "--out", str(out)]) == 0  # fmt: skip
    said = capsys.readouterr().out
    assert "would be treated differently on 3 days." in said
    text = out.read_text(encoding="utf-8")
    assert not re.search(r"<script|<link|<img|src=|https?://|url\(", text)
    assert "Nobody&#x27;s behaviour is made up" in text
    assert "learnt only later" in text
    assert str(tmp_path) not in text


def test_notices_go_out_one_step_at_a_time_after_those_that_the_replay_itself_sent(
    utility: Utility, tmp_path: Path, capsys: Capture
) -> None:
    write_folder(tmp_path / "nl", shipped("nl"))
    code, told, _ = rehearsed(capsys, tmp_path / "nl", "--against", utility.workspace, *WEEKS)
    assert code == 0
    first_on = {}
    for way in told["ways"]:
        for sample in way["samples"]:
            first_on.setdefault(way["after"]["rule"], set()).add(sample["as_of"])
    assert min(first_on["first_reminder"]) == "2026-06-10"
    assert first_on["second_reminder"] == {"2026-06-25"}  # for the 26th, the fifteenth day after
    assert "third_reminder" not in first_on
    sent = {row["treatment"]: row["contact_after"] for row in told["treatments"]}
    assert sent["statutory_reminder"] > 10


def test_the_example_for_pennsylvania_can_be_rehearsed(
    utility: Utility, tmp_path: Path, capsys: Capture
) -> None:
    write_folder(tmp_path / "us_pa", shipped("us_pa"))
    code, told, _ = rehearsed(capsys, tmp_path / "us_pa", "--against", utility.workspace, *ONE)
    assert (code, len(told["days"])) == (0, 1)


def test_published_is_what_was_published_last(
    copy: Utility, plainer: Path, capsys: Capture
) -> None:
    words = (plainer, "--against", "published", "--workspace", copy.workspace, *ONE)
    assert rehearsed(capsys, *words)[0] == 2
    assert run(["strategy", "publish", str(copy.workspace / "strategy"), "--workspace",
                str(copy.workspace), "--from", "2026-07-01", "--author", "Ann"]) == 0  # fmt: skip
    code, told, _ = rehearsed(capsys, *words)
    assert code == 0
    assert told["strategies"]["before"] == "default 1"


@pytest.mark.parametrize(("days", "said"), [
    (("--from", "2026-06-30", "--to", "2026-06-29"), "lies before"),
    (("--from", "2026-06-30", "--to", "2026-07-01"), "The past ends with the last load"),
    (("--from", "2026-01-01", "--to", "2026-06-29"), "At most 92 days"),
    (("--from", "yesterday", "--to", "2026-06-29"), "is no day. --from"),
])  # fmt: skip
def test_days_that_cannot_be_replayed_are_refused(
    utility: Utility, capsys: Capture, days: tuple[str, ...], said: str
) -> None:
    code, _, error = rehearsed(capsys, utility.workspace / "strategy", "--against",
                               utility.workspace, *days)  # fmt: skip
    assert code == 2
    assert said in error


def test_what_is_missing_or_broken_is_said(
    utility: Utility, plainer: Path, tmp_path: Path, capsys: Capture
) -> None:
    code, _, error = rehearsed(capsys, plainer, "--against", plainer, *ONE)
    assert (code, "--workspace" in error) == (2, True)
    (plainer / "behind.csv").write_text("nonsense", encoding="utf-8")
    assert rehearsed(capsys, plainer, "--against", utility.workspace, *ONE)[0] == 3
    assert run(["init", str(tmp_path / "fresh")]) == 0
    fresh = tmp_path / "fresh"
    assert rehearsed(capsys, fresh / "strategy", "--against", fresh, *ONE)[0] == 4
