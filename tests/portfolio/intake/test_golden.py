"""The contract's golden exports: the sound one is taken whole, of the broken one all but 28."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path

from tests.portfolio.intake.exports import Utility


def loaded(folder: Path, root: Path) -> Utility:
    """Return a utility that loaded a golden export."""
    utility = Utility(root)
    shutil.copytree(folder, utility.export, dirs_exist_ok=True)
    utility.loads()
    return utility


def test_the_sound_export_is_accepted_whole(shared: Path, tmp_path: Path) -> None:
    utility = loaded(shared / "contract/golden/export", tmp_path)
    assert utility.held() == []
    with (shared / "contract/golden/export/bills.csv").open(newline="") as file:
        assert len(utility.rows("bills")) == len(list(csv.DictReader(file)))


def test_exactly_the_broken_rows_are_held_back(shared: Path, tmp_path: Path) -> None:
    utility = loaded(shared / "contract/golden/broken", tmp_path)
    with (shared / "contract/golden/broken.bad.csv").open(newline="") as file:
        bad = Counter(tuple(row.values()) for row in csv.DictReader(file))
    shown = ("table", "key", "column", "value")
    assert Counter(tuple(row[name] for name in shown) for row in utility.held()) == bad


def test_a_held_row_says_the_line_it_stands_on(shared: Path, tmp_path: Path) -> None:
    utility = loaded(shared / "contract/golden/broken", tmp_path)
    lines = (shared / "contract/golden/broken/bills.csv").read_text().splitlines()
    held = [row for row in utility.held() if row["table"] == "bills" and row["key"]]
    assert held
    assert all(row["key"] in lines[row["line"] - 1] for row in held)
