"""Guesses why people did not pay, held against the truth of a made-up utility."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest

from tests.doors.conftest import AS_OF, Utility
from tideover.doors.cli import run
from tideover.doors.night.desk import open_lake
from tideover.doors.night.guessing import with_guesses
from tideover.doors.night.results import Results
from tideover.portfolio.guesses import CAUSES
from tideover.portfolio.workspace import Workspace

MEANT = {"reliable": "forgot", "forgot": "forgot", "payday": "payday", "stretched": "stretched",
         "crisis": "crisis", "avoiding": "avoids", "disputing": "disputes",
         "moved_out": "moved"}  # fmt: skip


@pytest.fixture(scope="module")
def both(utility: Utility) -> tuple[np.ndarray, np.ndarray]:
    """Return how likely each cause was guessed to be, and which it was, of those in arrears."""
    workspace = Workspace.open(utility.workspace)
    results = Results.of(workspace, date.fromisoformat(AS_OF))
    known, reach = results.table("features"), results.table("reach")
    place = pc.index_in(known["account_no"], reach["account_no"].combine_chunks())
    known = known.append_column("holds", reach["holds"].take(place))
    known = known.filter(pc.greater(known["arrears_minor"], 0))
    found = with_guesses(known, open_lake(workspace), None, workspace.settings)
    reason = {row["account_id"]: row["reason"] for row in utility.rows("truth/truth")}
    true = np.array([CAUSES.index(MEANT[reason[one]]) for one in found["account_id"].to_pylist()])
    return np.column_stack([found[f"why_{cause}"].to_numpy() for cause in CAUSES]), true


def test_guesses_tell_more_than_how_usual_each_reason_is(
    both: tuple[np.ndarray, np.ndarray],
) -> None:
    shares, true = both
    usual = np.bincount(true, minlength=len(CAUSES)) / len(true)
    loss = -np.log(shares[np.arange(len(true)), true]).mean()
    assert loss < 0.8 * -np.log(usual[true]).mean()
    assert (shares.argmax(axis=1) == true).mean() > usual.max() + 0.15


def test_what_is_guessed_at_so_many_in_a_hundred_is_right_about_as_often(
    both: tuple[np.ndarray, np.ndarray],
) -> None:
    shares, true = both
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == true
    for low, high in ((0.0, 0.5), (0.5, 0.7), (0.7, 1.01)):
        some = (sure >= low) & (sure < high)
        deviation = (0.25 / max(some.sum(), 1)) ** 0.5
        assert abs(sure[some].mean() - right[some].mean()) < 0.1 + 3 * deviation


def test_an_account_in_arrears_is_explained_with_a_guess(
    utility: Utility, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = utility.file("decisions", tmp_path / "decisions.csv")
    behind = next(row for row in rows if float(row["arrears"]) > 50)
    capsys.readouterr()
    assert run(["explain", str(utility.workspace), behind["account_id"], "--as-of", AS_OF]) == 0
    told = capsys.readouterr().out
    assert "why it is not paid" in told
    assert "It rests on: " in told
