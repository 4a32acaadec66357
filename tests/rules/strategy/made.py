"""Small strategies, put together from a few words."""

from __future__ import annotations

from math import nan

import pytest

from tideover.doors.strategies.folder import SHIPPED, shipped
from tideover.rules.condition import Fact
from tideover.rules.strategy import Strategy, parse_strategy
from tideover.terms.faults import Refused

STRATEGIES = {name: parse_strategy(shipped(name)) for name in SHIPPED}
DEFAULT = STRATEGIES["default"]
HEAD = """
name = "small"
author = "Ann"
description = "Made up for a test."
currency = "EUR"
tables = [{{ name = "all", hit = "{hit}", ladder = "most_severe" }}]
[stages]
before_due = 0
early = 1
[inputs]
zone = {{ type = "zone" }}
owed = {{ type = "number" }}
late = {{ type = "days" }}
arrears = {{ type = "money" }}
chance = {{ type = "share" }}
plan = {{ type = "yes_no" }}
[treatments]
call = {{ by = "person", about = "Someone calls." }}
"""
COLUMNS = ("zone", "owed", "late", "arrears", "chance", "plan", "treatment")
END = "otherwise,,,,,,,call,nothing else fits\n"


def row(row_id: str, **cells: str) -> str:
    """Return a row of the table `all`; it proposes nothing unless it says so."""
    said = {"treatment": "none"} | cells
    return ",".join((row_id, *(said.get(name, "") for name in COLUMNS), "said so")) + "\n"


def texts(*rows: str, hit: str = "first", end: str = END) -> dict[str, str]:
    """Return the files of a strategy of one table."""
    table = f"id,{','.join(COLUMNS)},because\n{''.join(rows)}{end}"
    return {"strategy.toml": HEAD.format(hit=hit), "all.csv": table}


def strategy(*rows: str, hit: str = "first", end: str = END) -> Strategy:
    """Return a strategy of one table."""
    return parse_strategy(texts(*rows, hit=hit, end=end))


def refusal(files: dict[str, str]) -> str:
    """Return why a strategy is refused."""
    with pytest.raises(Refused) as caught:
        parse_strategy(files)
    return str(caught.value)


def facts(**known: Fact) -> dict[str, Fact]:
    """Return the facts of an account of which nothing is known but what is said."""
    usual = {"stage": "early", "zone": None, "owed": nan, "late": nan, "arrears": nan,
             "chance": nan, "plan": False}  # fmt: skip
    return usual | known
