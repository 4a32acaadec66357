"""The page of worked examples says what the code does."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

from tideover.rules.arrangement.limits import Policy

PAPER = Path(__file__).parents[3] / "docs" / "arrangements.md"


def test_every_worked_example_comes_out_as_printed() -> None:
    failed, tried = doctest.testfile(str(PAPER), module_relative=False)
    assert (failed, tried > 40) == (0, True)


def test_the_page_lists_every_setting_of_the_policy() -> None:
    rows = re.findall(r"^\| (`.*?) \|", PAPER.read_text(encoding="utf-8"), re.M)
    listed = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert set(Policy.__dataclass_fields__) == listed
