"""What changed between two strategies is told row by row and cell by cell."""

from __future__ import annotations

from tests.rules.strategy.made import DEFAULT, STRATEGIES, row, strategy, texts
from tideover.rules.strategy import parse_strategy
from tideover.rules.strategy.difference import difference

OLD = strategy(row("much", owed=">= 3"), row("red", zone="red", late="> 9"))


def test_a_strategy_does_not_differ_from_itself() -> None:
    assert list(difference(DEFAULT, DEFAULT)) == []


def test_rows_and_cells_are_told_by_name() -> None:
    new = strategy(row("red", zone="red", late="> 30"), row("plan", plan="yes"))
    assert list(difference(OLD, new)) == [
        "all.csv: row much taken out",
        "all.csv: row red, late: was > 9, now > 30",
        "all.csv: row plan added: plan yes, treatment none, because said so",
    ]


def test_another_order_is_told() -> None:
    new = strategy(row("red", zone="red", late="> 9"), row("much", owed=">= 3"))
    assert list(difference(OLD, new)) == ["all.csv: the order changed: now red, much, otherwise"]


def test_the_head_is_told_line_by_line() -> None:
    made = texts(row("much", owed=">= 3"), row("red", zone="red", late="> 9"))
    made["strategy.toml"] = made["strategy.toml"].replace("early = 1", "early = 2")
    told = list(difference(OLD, parse_strategy(made)))
    assert told == ["strategy.toml: taken out: early = 1", "strategy.toml: added: early = 2"]


def test_tables_that_come_and_go_are_told() -> None:
    told = list(difference(DEFAULT, STRATEGIES["nl"]))
    assert "notices.csv: added, 12 rows" in told
    assert any(line.startswith("strategy.toml: added: arrears") for line in told)
