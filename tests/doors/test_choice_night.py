"""A night that draws by what an earlier one taught, with few letters, from load to explanation."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from tests.doors.conftest import AS_OF, Utility
from tideover.doors.cli import run
from tideover.doors.night.results import Results
from tideover.portfolio.workspace import Workspace

Capture = pytest.CaptureFixture[str]
PAST, LETTERS = "2026-05-20", 2
SAID = f'method = "thompson"\nevidence = 50\n[capacity]\nletters = {LETTERS}\n'


@pytest.fixture(scope="module")
def root(utility: Utility, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace whose last night learnt from one forty days before."""
    root = shutil.copytree(utility.workspace, tmp_path_factory.mktemp("choice") / "ws")
    assert run(["night", str(root), "--as-of", PAST]) == 0
    settings = root / "tideover.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("seed = 20260101\n", "seed = 20260101\n" + SAID, 1))
    assert run(["night", str(root), "--as-of", AS_OF]) == 0
    return root


@pytest.fixture(scope="module")
def results(root: Path) -> Results:
    return Results.of(Workspace.open(root), date.fromisoformat(AS_OF))


def rows(results: Results, table: str) -> list[dict[str, Any]]:
    return list(results.table(table).to_pylist())


def test_it_learnt_draws_by_it_and_leaves_some_alone(results: Results) -> None:
    assert results.done.choice
    assert (results.workspace.models / "choice" / f"{results.done.choice}.npz").is_file()
    choices = {row["account_id"]: row for row in rows(results, "choices")}
    assert {row["method"] for row in choices.values()} <= {"thompson", "uniform"}
    alone = [row for row in rows(results, "decisions")
             if row["arm"] == "none" and row["propensity"] and not row["blocked_by"]]  # fmt: skip
    assert alone
    assert {row["zone"] for row in alone} <= {"green", "yellow"}
    assert all(row["treatment"] == "none" for row in alone)
    for row in rows(results, "decisions"):
        assert (row["propensity"] is not None) or row["arm"] != "treated"
        assert row["propensity"] is None or 0 < row["propensity"] <= 1


def test_letters_are_no_more_than_there_is_room_for(results: Results) -> None:
    letters = [row for row in rows(results, "decisions") if row["channel"] == "letter"]
    told = results.done.capacity["letter"]
    assert len(letters) == told["used"] == LETTERS < told["wanted"]
    assert told["left_out"] == told["wanted"] - LETTERS


def test_the_same_night_again_is_the_same(root: Path, results: Results, capsys: Capture) -> None:
    capsys.readouterr()
    assert run(["night", str(root), "--as-of", AS_OF, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["run_id"] == results.done.run_id
    assert told["capacity"]["letter"]["room"] == LETTERS


def test_explain_says_how_it_was_chosen(root: Path, results: Results, capsys: Capture) -> None:
    decided, choices = rows(results, "decisions"), rows(results, "choices")
    drawn = {row["account_id"]: row for row in choices if row["method"] == "thompson"}
    moved = next(row for row in decided if drawn.get(row["account_id"], {}).get("channel")
                 == "letter" != row["channel"])  # fmt: skip
    alone = next(row for row in decided if row["arm"] == "none" and row["propensity"]
                 and row["account_id"] != moved["account_id"])  # fmt: skip
    told = {}
    for row in (moved, alone):
        capsys.readouterr()
        assert run(["explain", str(root), row["account_id"], "--as-of", AS_OF]) == 0
        told[row["account_id"]] = capsys.readouterr().out
        assert "The night decided otherwise" not in told[row["account_id"]]
    assert "In the end there was no room for it that day" in told[moved["account_id"]]
    said = told[alone["account_id"]]
    assert f"Decision: left alone, with probability {alone['propensity']:.4g}" in said
    assert "as likely as it is to be the best by what followed earlier decisions" in said


def test_the_report_says_what_was_chosen_by_and_what_it_costs(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert run(["report", str(root), "--as-of", AS_OF, "--out", str(out)]) == 0
    page = out.read_text(encoding="utf-8")
    assert "How the way was chosen" in page
    assert "what the restriction costs" in page
    assert "What the day had room for" in page


def test_a_setting_that_cannot_be_meant_is_refused(copy: Utility, capsys: Capture) -> None:
    settings = copy.workspace / "tideover.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("seed = 20260101\n", 'seed = 1\nmethod = "lucky"\n', 1))
    assert run(["night", str(copy.workspace), "--as-of", AS_OF]) == 2
    assert "method cannot be 'lucky'" in capsys.readouterr().err


def test_leaving_alone_by_lot_is_not_learnt_from_what_came_through_messages(
    copy: Utility, capsys: Capture
) -> None:
    settings = copy.workspace / "tideover.toml"
    text = settings.read_text(encoding="utf-8")
    said = 'seed = 1\nmethod = "thompson"\nreward_linked = 1.0\n'
    settings.write_text(text.replace("seed = 20260101\n", said, 1))
    assert run(["night", str(copy.workspace), "--as-of", AS_OF]) == 2
    assert "leave_alone_in cannot be" in capsys.readouterr().err


def test_who_did_not_pay_is_guessed_in_a_table_that_asks(root: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(root, tmp_path / "asks"))
    strategy = other / "strategy"
    head, table = strategy / "strategy.toml", strategy / "behind.csv"
    causes = '["forgot", "payday", "stretched", "crisis", "avoids", "disputes", "moved"]'
    head.write_text(
        head.read_text().replace(
            "[inputs]\n", f'[inputs]\nwhy_guess = {{ type = "category", one_of = {causes} }}\n'
        )
    )
    lines = table.read_text().splitlines()
    names = lines[0].replace("id,", "id,why_guess,", 1)
    waits = {"id": "waits", "why_guess": "payday", "treatment": "none", "because": "payday comes"}
    first = ",".join(waits.get(name, "") for name in names.split(","))
    others = (line.replace(",", ",,", 1) for line in lines[1:])
    table.write_text("\n".join([names, first, *others]) + "\n")
    assert run(["night", str(other), "--as-of", AS_OF]) == 0
    results = Results.of(Workspace.open(other), date.fromisoformat(AS_OF))
    found = results.table("decisions")
    assert found.filter(pc.equal(found["rule"], "waits")).num_rows > 5
