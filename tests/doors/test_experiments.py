"""Experiments at the command line: planned, started on nights, looked at, ended."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.doors.conftest import EARLIER as DAY
from tests.doors.conftest import Utility
from tideover.doors.campaigns.plan import _elsewhere, customers_of
from tideover.doors.campaigns.shelf import MEMBERS, read_members
from tideover.doors.cli import run
from tideover.doors.experiments.enrol import _in_campaigns
from tideover.doors.experiments.shelf import ENDED_FILE, keep_ended, read_experiment, read_people
from tideover.doors.night.results import Results
from tideover.portfolio.workspace import Workspace
from tideover.terms.calendar import days

Capture = pytest.CaptureFixture[str]
STATED = ("--where", "arrears > 0", "--base", "0.5", "--points", "10", "--control", "0.4",
          "--arm", "plan: treatment=act_early, channels=email; sms; letter, offers=plan",
          "--arm", "friendly: treatment=act_early, channels=email; letter")  # fmt: skip


def said(capsys: Capture, *words: object) -> tuple[int, Any, str]:
    """Return a command's exit code, its data, and what it complained of."""
    capsys.readouterr()
    code = run([str(word) for word in words])
    told = capsys.readouterr()
    return code, json.loads(told.out) if "--json" in words and told.out else told.out, told.err


@pytest.fixture(scope="module")
def started(earlier: Utility, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with an experiment that people of one night are in."""
    workspace = tmp_path_factory.mktemp("experiment") / "workspace"
    shutil.copytree(earlier.workspace, workspace)
    for words in (("experiment", "plan", workspace, "spring", *STATED),
                  ("experiment", "start", workspace, "spring", "--as-of", DAY)):  # fmt: skip
        assert run([str(word) for word in words]) == 0
    return workspace


def test_everyone_chosen_is_in_an_arm_or_counted_with_the_reason(
    started: Path, capsys: Capture
) -> None:
    people = read_people(Workspace.open(started), "spring").to_pylist()
    arms = Counter(row["arm"] for row in people)
    assert min(arms[name] for name in ("control", "plan", "friendly")) > 5
    assert all((row["send_at"] is None) == (row["arm"] == "control") for row in people)
    assert {row["offer"] for row in people if row["arm"] == "plan"} == {"plan"}
    assert len({row["customer_id"] for row in people}) > 20
    assert len({row["decision_id"] for row in people}) == len(people)


def test_the_same_night_again_changes_nothing(started: Path, capsys: Capture) -> None:
    (path,) = started.glob("experiments/spring/people-*.parquet")
    before = path.read_bytes()
    code, told, _ = said(capsys, "experiment", "start", started, "spring", "--as-of", DAY, "--json")
    assert (code, path.read_bytes()) == (0, before)
    assert told["so_far"] == sum(told["arms"].values())


def test_nobody_is_in_two_experiments_or_in_a_campaign_beside_one(
    started: Path, capsys: Capture
) -> None:
    mine = {row["account_id"] for row in read_people(Workspace.open(started), "spring").to_pylist()}
    assert said(capsys, "experiment", "plan", started, "other", *STATED)[0] == 0
    _, told, _ = said(capsys, "experiment", "start", started, "other", "--as-of", DAY, "--json")
    assert told["left_out"]["in_experiment"] >= len(mine)
    assert not mine & {row["account_id"] for row in
                       read_people(Workspace.open(started), "other").to_pylist()}  # fmt: skip
    code, told, _ = said(capsys, "campaign", "plan", started, "beside", "--as-of", DAY, "--where",
                         "arrears > 0", "--treatment", "t", "--channels", "letter", "--dry-run",
                         "--json")  # fmt: skip
    assert code == 0
    assert told["blocked_by"]["in_experiment"] >= len(mine)
    shutil.rmtree(started / "experiments/other")


def test_a_campaign_keeps_its_thirty_days_from_an_experiment_of_seven(
    started: Path, tmp_path: Path, capsys: Capture
) -> None:
    root = shutil.copytree(started, tmp_path / "ws")
    shutil.rmtree(root / "experiments")
    words = ("campaign", "plan", root, "before", "--as-of", DAY, "--where", "zone = red",
             "--treatment", "t", "--channels", "letter")  # fmt: skip
    assert said(capsys, *words)[0] == 0
    assert said(capsys, "experiment", "plan", root, "after", *STATED, "--window", "7")[0] == 0
    workspace, day = Workspace.open(root), date.fromisoformat(DAY)
    near = [bool(_in_campaigns(workspace, read_experiment(workspace, "after"), day + days(later)))
            for later in (0, 7, 8, 30, 31)]  # fmt: skip
    assert near == [True, True, True, True, False]
    _, told, _ = said(capsys, "experiment", "start", root, "after", "--as-of", DAY, "--json")
    assert told["left_out"]["in_campaign"] > 0
    whose = customers_of(Results.of(workspace, day))
    drawn = read_members(workspace, "before").filter(pc.field("arm") != "none")["account_id"]
    came = set(read_people(workspace, "after")["customer_id"].to_pylist())
    assert came
    assert not came & {whose[account] for account in drawn.to_pylist()}


def test_a_campaign_leaves_out_every_account_of_a_customer_in_an_experiment() -> None:
    row = dict.fromkeys(MEMBERS.names) | {"arm": "holdout", "propensity": 0.2}
    members = pa.Table.from_pylist([row | {"account_id": name} for name in "abc"], MEMBERS)
    whose = {"a": "C1", "b": "C1", "c": "C2"}
    kept = _elsewhere(members, whose, {"C1": "spring"})
    assert kept["blocked_by"].to_pylist() == ["in_experiment", "in_experiment", None]


def test_who_came_in_once_never_comes_in_again(started: Path, tmp_path: Path) -> None:
    workspace = shutil.copytree(started, tmp_path / "ws")
    assert run(["experiment", "start", str(workspace), "spring", "--as-of", "2026-06-30"]) == 0
    ids = read_people(Workspace.open(workspace), "spring")["customer_id"].to_pylist()
    days = read_people(Workspace.open(workspace), "spring")["as_of"].to_pylist()
    nights = Counter(customer for customer, _ in set(zip(ids, days, strict=True)))
    assert set(nights.values()) == {1}


def test_the_result_tells_response_and_lift_and_whether_to_believe_them(
    started: Path, tmp_path: Path, capsys: Capture
) -> None:
    out = tmp_path / "spring.html"
    code, told, _ = said(capsys, "experiment", "result", started, "spring", "--out", out, "--json")
    assert code == 0
    people = read_people(Workspace.open(started), "spring")
    assert told["people"] == people.num_rows
    assert 0 < told["over"] <= told["people"]
    assert {arm["arm"] for arm in told["arms"]} == {"plan", "friendly"}
    assert (
        sum(arm["response"]["of"] for arm in told["arms"]) + told["control"]["of"] == told["over"]
    )
    assert {one["feature"] for one in told["balance"]} >= {"arrears_minor", "days_past_due"}
    assert not [arm for arm in told["arms"] if arm["sample_ratio"]["alarm"]]
    text = out.read_text(encoding="utf-8")
    assert all(arm["sentence"] in text for arm in told["arms"])
    assert not re.search(r"<script|<link|<img|src=|https?://|url\(", text)


def test_before_a_window_is_over_nobody_counts(started: Path, capsys: Capture) -> None:
    words = ("experiment", "result", started, "spring", "--as-of", "2026-06-10", "--json")
    _, told, _ = said(capsys, *words)
    assert (told["over"], told["ended"]) == (0, None)
    assert all(arm["lift"] is None for arm in told["arms"])


def test_when_it_is_over_nobody_comes_in(started: Path, tmp_path: Path, capsys: Capture) -> None:
    workspace = shutil.copytree(started, tmp_path / "ws")
    opened = Workspace.open(workspace)
    (workspace / "experiments/spring" / ENDED_FILE).unlink(missing_ok=True)
    keep_ended(opened, "spring", date(2026, 6, 20), "a difference was found")
    code, _, error = said(capsys, "experiment", "start", workspace, "spring", "--as-of",
                          "2026-06-30")  # fmt: skip
    assert code == 2
    assert "spring ended on 2026-06-20: a difference was found" in error
    assert "ended 2026-06-20" in said(capsys, "experiment", "list", workspace)[1]


@pytest.mark.parametrize(("words", "code", "error"), [
    (("plan", "WS", "spring", *STATED[:-2]), 2, "was planned otherwise"),
    (("plan", "WS", "new", *STATED, "--outcome", "joy"), 2, "Known are"),
    (("start", "WS", "autumn", "--as-of", DAY), 2, "There are spring"),
    (("start", "WS", "spring", "--as-of", "2026-05-19"), 4, "no finished night"),
    (("result", "WS", "spring", "--as-of", "2026-09-01"), 2, "after the last load"),
])  # fmt: skip
def test_what_cannot_be_is_refused(
    started: Path, capsys: Capture, words: tuple[str, ...], code: int, error: str
) -> None:
    asked = [started if word == "WS" else word for word in words]
    found, _, complaint = said(capsys, "experiment", *asked)
    assert found == code
    assert error in complaint


def test_words_of_any_script_are_kept_and_read_again(tmp_path: Path, capsys: Capture) -> None:
    assert run(["init", str(tmp_path / "ws")]) == 0
    arm = "plan: treatment=act_early, channels=sms, because=zé 😀 \x7f"
    words = ("plan", tmp_path / "ws", "words", "--where", "zone = yellow", "--base", "0.4")
    assert said(capsys, "experiment", *words, "--arm", arm)[0] == 0
    assert "words" in said(capsys, "experiment", "list", tmp_path / "ws")[1]
