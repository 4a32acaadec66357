"""A strategy judged on past nights by the propensities they logged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.doors.conftest import Utility
from tideover.doors.cli import run

Capture = pytest.CaptureFixture[str]
PAST = "2026-05-20"
FIELDS = ["policy", "outcome", "dr", "dr_low", "dr_high", "snips", "ess", "max_weight", "n",
          "status", "unseen", "from", "to"]  # fmt: skip


@pytest.fixture(scope="module")
def lived(utility: Utility, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with a night that lies forty days before what was loaded last."""
    root = shutil.copytree(utility.workspace, tmp_path_factory.mktemp("value") / "ws")
    assert run(["night", str(root), "--as-of", PAST]) == 0
    return root


def valued(root: Path, policy: Path, capsys: Capture, *more: str) -> dict[str, Any]:
    capsys.readouterr()
    assert run(["value", str(root), "--policy", str(policy), "--from", PAST, "--to", PAST,
                "--json", *more]) == 0  # fmt: skip
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_the_strategy_that_decided_is_worth_what_was_seen(lived: Path, capsys: Capture) -> None:
    told = valued(lived, lived / "strategy", capsys, "--outcome", "paid_anything")
    assert list(told) == FIELDS
    assert (told["unseen"], told["outcome"]) == (0, "paid_anything")
    assert told["dr_low"] < told["snips"] < told["dr_high"]
    assert 1 <= told["max_weight"] < 1.1, "only the hold-out is weighed away"
    assert told["status"] == "ok"


def test_a_strategy_that_asks_for_what_was_never_tried_is_told_so(
    lived: Path, tmp_path: Path, capsys: Capture
) -> None:
    other = shutil.copytree(lived / "strategy", tmp_path / "other")
    for table in other.glob("*.csv"):
        table.write_text(table.read_text().replace("; formal", "").replace("friendly", "formal"))
    told = valued(lived, other, capsys)
    assert told["unseen"] > 0
    assert told["status"] in ("partly_unseen", "no_overlap")


@pytest.mark.parametrize(("more", "code", "said"), [
    (["--outcome", "happiness"], 2, "There is no outcome 'happiness'"),
    (["--from", "2026-06-30", "--to", "2026-06-30"], 4, "No window of 30 days is over"),
    (["--log", "x.csv"], 2, "Name a workspace or a log, one of them"),
])  # fmt: skip
def test_what_cannot_be_judged_is_said(
    lived: Path, capsys: Capture, more: list[str], code: int, said: str
) -> None:
    words = ["value", str(lived), "--policy", str(lived / "strategy"), "--from", PAST, "--to", PAST]
    assert run([*words, *more]) == code
    assert said in capsys.readouterr().err
