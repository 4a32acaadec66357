"""Champion and challenger in one night: each account by its own, and every decision says which."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.doors.conftest import AS_OF, Utility
from tideover.doors.cli import run
from tideover.doors.night.results import Results
from tideover.doors.strategies.folder import shipped, write_folder
from tideover.doors.strategies.shelf import publications
from tideover.portfolio.choice_settings import ChoiceSettings
from tideover.portfolio.workspace import Workspace
from tideover.rules.strategy.versions import holding

DAY = "2026-07-01"


@pytest.fixture
def shared_out(copy: Utility, tmp_path: Path) -> Utility:
    """Return the utility with a champion and a challenger, after a night of both."""
    bold = shipped("default")
    bold["strategy.toml"] = bold["strategy.toml"].replace('name = "default"', 'name = "bold"', 1)
    bold["strategy.toml"] += '\n[challenge]\nof = "default"\nshare = 0.4\n'
    for name, texts in (("default", shipped("default")), ("bold", bold)):
        write_folder(tmp_path / name, texts)
        assert run(["strategy", "publish", str(tmp_path / name), "--workspace", str(copy.workspace),
                    "--from", DAY, "--author", "Ann"]) == 0  # fmt: skip
    assert run(["night", str(copy.workspace), "--as-of", DAY]) == 0
    return copy


def test_each_account_is_decided_by_its_own_version_which_is_named(
    shared_out: Utility, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = Workspace.open(shared_out.workspace)
    decided = Results.of(workspace, date.fromisoformat(DAY)).table("decisions")
    named = {row["account_id"]: row["strategy"] for row in decided.to_pylist()}
    held = holding(publications(workspace), date.fromisoformat(DAY))
    assert held is not None
    seed = ChoiceSettings().seed
    assert named == {i: held.version_for(i, seed=seed).label for i in named}
    bold = [i for i, label in named.items() if label == "bold 1"]
    assert 0.3 < len(bold) / len(named) < 0.5
    capsys.readouterr()
    assert run(["explain", str(shared_out.workspace), bold[0], "--as-of", DAY]) == 0
    told = capsys.readouterr().out
    assert "By the strategy bold 1." in told
    assert "decided otherwise" not in told


def test_a_night_that_is_decided_keeps_its_strategies(
    copy: Utility, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_folder(tmp_path / "default", shipped("default"))
    assert run(["strategy", "publish", str(tmp_path / "default"), "--workspace",
                str(copy.workspace), "--from", AS_OF, "--author", "Ann"]) == 2  # fmt: skip
    assert f"The night of {AS_OF} is decided already" in capsys.readouterr().err


def test_a_version_that_was_changed_afterwards_is_refused(
    shared_out: Utility, capsys: pytest.CaptureFixture[str]
) -> None:
    table = shared_out.workspace / "strategies/bold/1/behind.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace(">= 90%", ">= 95%"), encoding="utf-8")
    assert run(["night", str(shared_out.workspace), "--as-of", DAY]) == 3
    assert "bold 1 was changed after it was published" in capsys.readouterr().err
