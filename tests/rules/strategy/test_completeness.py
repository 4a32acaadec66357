"""A table that lies quietly is refused, and the analysis agrees with trying every account."""

from __future__ import annotations

from itertools import product
from math import nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.strategy.made import END, facts, refusal, row, strategy, texts
from tideover.rules.condition import Fact
from tideover.rules.strategy import completeness, parse_strategy
from tideover.terms.faults import Refused


def test_a_table_without_a_last_resort_is_refused_with_an_account_nobody_thought_of() -> None:
    rows = row("green", zone="green"), row("late", zone="yellow; red", late=">= 10")
    said = refusal(texts(*rows, end=""))
    assert "The last row must have no conditions" in said
    assert "no row matches zone" in said
    assert strategy(*rows).policy.judge(facts(zone="red", late=9)).id == "otherwise"


def test_a_row_that_one_before_always_decides_is_refused() -> None:
    said = refusal(texts(row("wide", owed=">= 3"), row("narrow", owed="[4..9]")))
    assert "Row narrow can never decide: for owed 4 row wide does so before it" in said
    assert "all.csv, row 3 (narrow)" in said


def test_a_row_that_only_several_before_cover_together_is_refused() -> None:
    rows = (row("low", owed="< 5"), row("high", owed="> 5"), row("five", owed="5"),
            row("known", owed="[0..10]"))  # fmt: skip
    assert "rows low, high, five do so before it" in refusal(texts(*rows))


def test_whole_days_leave_no_gap_where_money_and_days_touch() -> None:
    days = row("short", late="<= 3"), row("long", late=">= 4"), row("some", late="[0..9]")
    assert "Row some can never decide" in refusal(texts(*days))
    money = row("a", arrears="<= 3.00"), row("b", arrears="> 3.00"), row("c", arrears="[2..4]")
    assert "Row c can never decide" in refusal(texts(*money))
    numbers = row("short", owed="<= 3"), row("long", owed=">= 4"), row("some", owed="[0..9]")
    assert strategy(*numbers).policy.judge(facts(owed=3.5)).id == "some"


def test_unique_refuses_rows_that_meet_with_an_account_and_first_allows_them() -> None:
    rows = row("plan", plan="yes"), row("red", zone="red", owed="(1..2)")
    said = refusal(texts(*rows, hit="unique"))
    assert "Rows plan and red both match zone red, owed 1.5, plan yes" in said
    assert strategy(*rows).policy.judge(facts(plan=True, zone="red", owed=1.5)).id == "plan"


def test_unique_takes_rows_that_touch_without_meeting() -> None:
    policy = strategy(row("low", owed="< 3"), row("high", owed=">= 3"), hit="unique").policy
    assert [policy.judge(facts(owed=o)).id for o in (2.9, 3.0)] == ["low", "high"]


def test_the_last_table_must_decide() -> None:
    assert "There is no next table" in refusal(texts(row("on", plan="yes", treatment="next")))


@pytest.mark.parametrize(("hit", "told"), [("first", "r1 can never decide"),
                                           ("unique", "both match any account")])  # fmt: skip
def test_a_table_that_asks_nothing_has_one_row(hit: str, told: str) -> None:
    assert told in refusal(texts(row("r0"), row("r1"), hit=hit, end=END))


def test_a_table_too_entangled_to_check_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completeness, "MOST_BOXES", 3)
    rows = [row(f"r{n}", owed=f"[{n}..{n + 2}]", late=f"[{n}..{n + 2}]") for n in range(9)]
    assert "too many to check" in refusal(texts(*rows))


CELL = {
    "zone": st.sampled_from(["", "green", "yellow; red", "red", "green; yellow"]),
    "owed": st.sampled_from(["", "< 1", ">= 1", "(1..2)", "[0..1]", "2"]),
    "late": st.sampled_from(["", "<= 1", "> 1", "[1..2]", "2"]),
    "plan": st.sampled_from(["", "yes", "no"]),
}
FACTS: list[dict[str, Fact]] = [
    facts(zone=zone, owed=owed, late=late, plan=plan)
    for zone, owed, late, plan in product(
        (None, "green", "yellow", "red"), (nan, -1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0),
        (nan, 0, 1, 2, 3), (True, False),
    )
]  # fmt: skip


@given(st.lists(st.fixed_dictionaries(CELL), min_size=1, max_size=5), st.booleans())
@settings(max_examples=300, deadline=None)
def test_the_analysis_agrees_with_trying_every_account(
    cells: list[dict[str, str]], unique: bool
) -> None:
    rows = [row(f"r{n}", **said) for n, said in enumerate(cells)]
    alone = [strategy(one).policy.rows[0] if any(said.values()) else None
             for one, said in zip(rows, cells, strict=True)]  # fmt: skip
    matched = [{n for n, known in enumerate(FACTS) if one is None or one.failing(known) is None}
               for one in alone]  # fmt: skip
    met = any(matched[a] & matched[b] for a in range(len(rows)) for b in range(a))
    hidden = any(not matched[n] - set().union(*matched[:n]) for n in range(len(rows)))
    try:
        parse_strategy(texts(*rows, hit="unique" if unique else "first", end=END))
        refused = False
    except Refused as fault:
        refused = "can never decide" in fault.what or "both match" in fault.what
    assert refused == (hidden or (unique and met))
