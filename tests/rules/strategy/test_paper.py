"""What docs/strategy.md shows is what strategies are."""

from __future__ import annotations

import re
from pathlib import Path

from tests.rules.strategy.made import DEFAULT
from tideover.doors.strategies.folder import LARGEST_FILE_BYTES, shipped
from tideover.doors.strategies.workbook import LARGEST_FILE_BYTES as LARGEST_WORKBOOK_BYTES
from tideover.rules.condition import KINDS
from tideover.rules.strategy import parse_strategy
from tideover.rules.strategy.cases import run_cases
from tideover.rules.strategy.completeness import MOST_BOXES
from tideover.rules.strategy.ladder import COLUMNS, ladder
from tideover.rules.strategy.proposal import WAYS
from tideover.rules.strategy.sheet import MOST_COLUMNS, MOST_ROWS

PAPER = (Path(__file__).parents[3] / "docs/strategy.md").read_text(encoding="utf-8")
TABLE, STEPS = re.findall(r"```csv\n(.*?)```", PAPER, re.DOTALL)
(CASES,) = re.findall(r"```toml\n(.*?)```", PAPER, re.DOTALL)
HEAD = """
name = "shown"
author = "Ann"
description = "As the paper shows it."
stages = { before_due = 0, early = 1, late = 61 }
tables = [{ name = "all", hit = "first", ladder = "most_severe" }]
[inputs]
zone = { type = "zone" }
debt_months = { type = "number" }
disputing = { type = "yes_no", circumstances = ["dispute", "complaint"] }
[treatments]
get_back_on_track = { by = "message", about = "A plan." }
"""


def test_the_table_that_the_paper_shows_is_one() -> None:
    shown = parse_strategy({"strategy.toml": HEAD, "all.csv": TABLE})
    assert [row.id for row in shown.policy.rows] == ["disputing", "red", "otherwise"]


def test_the_ladder_that_the_paper_shows_is_one() -> None:
    shown = ladder("steps", STEPS)
    assert [step.id for step in shown.steps] == ["reminder_1", "reminder_2", "posted_notice"]
    assert STEPS.splitlines()[0] == ",".join(COLUMNS)


def test_the_case_that_the_paper_shows_holds_for_the_shipped_strategy() -> None:
    made = parse_strategy(shipped("default") | {"cases.toml": CASES})
    assert [outcome.words for outcome in run_cases(made)] == [""]


def test_the_paper_has_every_type_every_word_and_the_real_limits() -> None:
    words = [*KINDS, *(word for words in WAYS.values() for word in words)]
    assert [word for word in words if f"`{word}`" not in PAPER] == []
    for limit in (
        f"{MOST_ROWS:,} rows and {MOST_COLUMNS} columns",
        f"{MOST_BOXES:,} ways",
        f"{LARGEST_FILE_BYTES // 10**6} MB",
        f"{LARGEST_WORKBOOK_BYTES // 10**6} MB",
    ):
        assert limit in " ".join(PAPER.split())


def test_the_paper_shows_every_table_of_the_shipped_strategy() -> None:
    for table in DEFAULT.policy.tables:
        shown = PAPER.split(f"<!-- {table.file} -->")[1].split("\n\n")[0].strip().splitlines()
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in shown[2:]]
        assert [row[0].strip("`") for row in rows] == [row.id for row in table.rows]
        assert [row[2] for row in rows] == [row.then.because for row in table.rows]
