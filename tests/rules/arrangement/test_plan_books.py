"""Plan books and standard figures: read strictly, dated, sourced."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from tideover.casework.payments.plan_books import plan_books
from tideover.rules.arrangement.book import parse_plan_book, parse_policy
from tideover.rules.arrangement.budget import Budget, Standard, can_pay_minor, parse_standard
from tideover.terms.faults import Refused

BOOK = """
place = "zz"
jurisdictions = ["ZZ"]
checked_on = 2026-11-27
[[rule]]
id = "ZZ-PLAN"
title = "A plan"
citation = "art. 1"
source = "the act"
verified = "yes"
[rule.values]
"""
TODAY = date(2026, 11, 27)


def standards() -> list[Standard]:
    """Return the shipped standard figures."""
    shelf = files("tideover.rules").joinpath("rulebooks")
    found = [one.joinpath("budget.toml") for one in shelf.iterdir()]
    return [parse_standard(one.read_text(), str(one)) for one in found if one.is_file()]


def test_every_shipped_rule_has_a_source_and_says_whether_it_was_verified() -> None:
    rules = [rule for book in plan_books() for rule in book.rules]
    assert len(rules) >= 8
    assert all(rule.citation and rule.source and rule.verified for rule in rules)


@pytest.mark.parametrize(("said", "why"), [
    ("longest_months = { is = 12, unit = 'months' }\nlongest = { is = 1, unit = 'x' }", "longest"),
    ("longest_months = { is = -1, unit = 'months' }", "-1"),
    ("longest_months = { is = true, unit = 'months' }", "True"),
    ("last_due_by = { is = '30-11', unit = 'month-day' }", "30-11"),
    ("down_by = { is = 'larger', unit = 'which' }", "larger"),
    ("longest_months = 'ZZ-OTHER.months'", "ZZ-OTHER"),
    ("down_pct = { is = 20 }", "unit"),
    ("down_pct = [", "TOML"),
])  # fmt: skip
def test_a_plan_book_that_cannot_be_is_refused(said: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        parse_plan_book(BOOK + said, "plans.toml")


@pytest.mark.parametrize(("stated", "why"), [
    ({"longest": 3}, "longest"), ({"months": []}, "months"), ({"grace_days": -1}, "grace_days"),
    ({"forgiven": True}, "forgiven"), ({"smallest": "10"}, "smallest"),
])  # fmt: skip
def test_a_policy_that_cannot_be_is_refused(stated: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        parse_policy(stated, "casework.toml")


def test_standard_figures_are_shipped_for_several_countries() -> None:
    assert {one.place for one in standards()} >= {"nl", "us", "gb-eaw"}
    for one in standards():
        alone = one.living_minor(1, 0, TODAY)
        assert 0 < alone < one.living_minor(2, 0, TODAY) < one.living_minor(2, 2, TODAY)


def test_what_a_household_can_pay_leaves_it_what_it_needs() -> None:
    dutch = next(one for one in standards() if one.place == "nl")
    asked = Budget(2_000_00, home_minor=800_00, other_debts_minor=100_00, children=1)
    assert can_pay_minor(asked, dutch, TODAY, bill_minor=160_00) == 240_00
    poor = Budget(1_200_00, home_minor=700_00, living_minor=200_00)
    assert can_pay_minor(poor, dutch, TODAY) == 64_00  # it needs 420, whatever it says it spends
    assert can_pay_minor(Budget(900_00, home_minor=700_00), dutch, TODAY) == 0


def test_standard_figures_that_lack_one_are_refused() -> None:
    text = files("tideover.rules").joinpath("rulebooks/nl/budget.toml").read_text()
    with pytest.raises(Refused, match="Standard figures"):
        parse_standard(text.replace("child", "infant"), "budget.toml")
