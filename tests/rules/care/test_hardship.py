"""An agreement on hardship: entered by who needs it, kept by months, ended after a talk."""

from __future__ import annotations

from datetime import date

import pytest

from tideover.rules.care.hardship import (
    Agreed,
    Policy,
    Standing,
    agreed,
    entry,
    may_end,
    parse_policy,
    standing,
)
from tideover.terms.faults import Refused

BEGAN = date(2026, 1, 15)


def one(monthly_minor: int = 2_000, months: int = 6) -> Agreed:
    terms = "lower" if monthly_minor else "pause"
    return agreed(terms, monthly_minor, months, day=BEGAN, policy=Policy())


def stands(day: date, *paid: tuple[date, int], of: Agreed | None = None, owes: int = 1) -> Standing:
    return standing(of or one(), paid, day, policy=Policy(), arrears_minor=owes)


def test_nobody_is_turned_away_and_a_person_says_why_where_nothing_is_known() -> None:
    assert entry(frozenset({"bereavement"}), residential=True).at_once
    assert entry(frozenset(), residential=True, beyond_means=True).because == ("beyond_means",)
    assert not entry(frozenset({"unemployed"}), residential=False).at_once


def test_a_month_counts_by_all_that_came_in_until_its_day() -> None:
    assert stands(date(2026, 2, 20)).state == "running"  # within the days of grace
    assert stands(date(2026, 2, 21)).state == "behind"
    assert stands(date(2026, 3, 25)).state == "talk"
    paid = (date(2026, 2, 1), 1_000), (date(2026, 3, 1), 3_000)
    on_time = stands(date(2026, 3, 25), *paid)
    assert (on_time.kept, on_time.missed) == (2, 0)


def test_money_of_before_does_not_count_and_a_pause_asks_for_none() -> None:
    assert stands(date(2026, 2, 25), (date(2026, 1, 14), 9_000)).missed == 1
    rests = stands(date(2026, 5, 1), of=one(0))
    assert (rests.state, rests.next_on) == ("running", None)


def test_ordinary_terms_are_proposed_after_three_kept_months_or_where_nothing_is_past_due() -> None:
    paid = [(date(2026, month, 10), 2_000) for month in (2, 3, 4)]
    assert not stands(date(2026, 3, 30), *paid).may_graduate
    assert stands(date(2026, 4, 21), *paid).may_graduate
    assert stands(date(2026, 1, 20), owes=0).may_graduate


def test_a_missed_month_is_a_talk_before_it_is_an_end() -> None:
    with pytest.raises(Refused, match="Talk"):
        may_end("not_kept", stands(date(2026, 2, 25)), reason="they did not pay")
    with pytest.raises(Refused, match="Talk"):
        may_end("not_kept", stands(date(2026, 3, 25)), reason=" ")
    may_end("not_kept", stands(date(2026, 3, 25)), reason="we spoke; a pause did not help")
    may_end("left", stands(date(2026, 2, 25)), reason="")


def test_it_ends_by_itself_never_and_back_to_ordinary_terms_when_it_is_time() -> None:
    for how, day in (("ended", date(2026, 7, 14)), ("graduated", date(2026, 2, 1))):
        with pytest.raises(Refused):
            may_end(how, stands(day), reason="")
    may_end("ended", stands(date(2026, 7, 15)), reason="")


def test_what_a_policy_may_not_be_is_refused() -> None:
    for wrong in ({"months": 3}, {"missed": 0}, {"review_months": "three"}):
        with pytest.raises(Refused):
            parse_policy(wrong, "casework.toml")
    for terms, amount, months in (("pause", 1, 3), ("lower", 0, 3), ("lower", 1, 13), ("x", 1, 3)):
        with pytest.raises(Refused):
            agreed(terms, amount, months, day=BEGAN, policy=Policy())
