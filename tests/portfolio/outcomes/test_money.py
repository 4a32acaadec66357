"""What followed a decision in money: paid, cured, lasting; what cannot be told; what came late."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.portfolio import lake_rows as rows
from tests.portfolio.outcomes.happenings import BILL, UNTIL, after, each_followed, followed, paid
from tideover.portfolio.followups import followups
from tideover.portfolio.receivables import owed


@pytest.mark.parametrize(("window", "answers"), [
    (7, [(0, 0, 0), (1, 0, 0), (0, 0, 0), (0, 0, 0), (0, None, None)]),
    (14, [(0, 0, 0), (1, 0, 0), (1, 1, 1), (0, 0, 0), (0, None, None)]),
    (60, [(0, 0, 0), (1, 0, 0), (1, 1, 1), (1, 1, 1), (0, None, None)]),
])  # fmt: skip
def test_money_counts_in_the_windows_it_falls_in(
    warm_engine: Any, window: int, answers: list[tuple[Any, ...]]
) -> None:
    money = [[], [paid(3, 400)], [paid(9, 1000)], [paid(45, 1000)], [paid(0, 1000)]]
    found = each_followed(warm_engine, [{"payments": some} for some in money], window=window)
    assert [(row["paid_anything"], row["paid_in_full"], row["cured"]) for row in found] == answers


def test_a_cure_lasts_when_no_arrears_come_back_in_sixty_days(warm_engine: Any) -> None:
    money = [paid(9, 1000)]
    again = [BILL, rows.bill(1, after(20), after(40), 700)]
    found = each_followed(warm_engine, [{"payments": money}, {"payments": money, "bills": again}])
    assert [(row["cured"], row["stayed_cured"]) for row in found] == [(1, 1), (1, 0)]


def test_whether_a_cure_lasts_is_not_known_before_sixty_days(warm_engine: Any) -> None:
    row = followed(warm_engine, payments=[paid(9, 1000)], until=after(68))
    assert (row["cured"], row["stayed_cured"]) == (1, None)


def test_a_write_off_censors_the_windows_it_lies_in_and_no_other(warm_engine: Any) -> None:
    said = {"adjustments": [rows.adjustment(1, after(20), -100, "write_off")]}
    late, early = (followed(warm_engine, window=days, **said) for days in (30, 14))
    assert (late["censored"], late["paid_anything"]) == (True, None)
    assert (early["censored"], early["paid_anything"]) == (False, 0)


def test_an_open_window_says_nothing_yet_but_shows_what_came_so_far(warm_engine: Any) -> None:
    row = followed(warm_engine, payments=[paid(3, 1000), paid(12, 50)], until=after(10))
    assert (row["is_over"], row["cured"], row["money_in_minor"]) == (False, None, 1000)


def test_late_and_corrected_rows_change_the_past(warm_engine: Any) -> None:
    back = paid(3, 400, status="reversed", reversed_on=after(9))
    lower = rows.bill(1, date(2026, 1, 1), date(2026, 1, 15), 400)
    first, reversed_later, corrected = each_followed(warm_engine, [
        {"payments": [paid(3, 400)]}, {"payments": [back]},
        {"payments": [paid(3, 400)], "bills": [lower]},
    ])  # fmt: skip
    assert (first["paid_anything"], reversed_later["paid_anything"]) == (1, 0)
    assert (first["paid_in_full"], corrected["paid_in_full"]) == (0, 1)
    assert (first["arrears_minor"], corrected["arrears_minor"]) == (1000, 400)


def test_it_is_what_scores_learn_from(warm_engine: Any) -> None:
    cases: list[dict[str, Any]] = [
        {}, {"payments": [paid(20, 1000)]}, {"payments": [paid(20, 999)]},
        {"adjustments": [rows.adjustment(1, after(5), -1000, "assistance_grant")]},
        {"adjustments": [rows.adjustment(1, after(5), -1, "credit")]},
        {"payments": [paid(20, 1000, status="reversed", reversed_on=after(25))]},
    ]  # fmt: skip
    full = [row["paid_in_full"] for row in each_followed(warm_engine, cases)]
    cured = [row["cured"] for row in each_followed(warm_engine, cases, window=60)]
    for name, day in (("receivables_later", after(30)), ("receivables", after(0))):
        warm_engine.at(day)
        warm_engine.view_arrow(name, owed(warm_engine))
    learnt = warm_engine.arrow(followups(warm_engine, UNTIL)).sort_by("account_no")
    assert (full, cured) == (learnt["paid_in_full_30d"].to_pylist(),
                             learnt["cured_60d"].to_pylist())  # fmt: skip
