"""A plan from its agreement to its end, worked out from the money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tideover.rules.arrangement.life import (
    BROKEN,
    KEPT,
    LATE,
    PAUSED,
    RUNNING,
    Agreed,
    paused,
    pays_off_minor,
    resized,
    standing,
)
from tideover.rules.arrangement.limits import Policy
from tideover.rules.arrangement.moving import Move, may_move, moved
from tideover.rules.arrangement.running import Terms, ran
from tideover.rules.arrangement.schedule import Allowed, Instalment
from tideover.terms.faults import Refused

START = date(2026, 3, 1)
STRICT = Policy(grace_days=0, tolerance=0, forgiven=0, reinstate_days=10_000)
ANY_DAY = Allowed(frozenset(range(7)))
PLAN = Agreed(START, "EUR", tuple(
    Instalment(number, date(2026, 3 + number, 1), 10_000) for number in (1, 2, 3)))  # fmt: skip
MONEY = st.lists(st.tuples(st.dates(date(2026, 2, 1), date(2026, 9, 30)),
                           st.integers(1, 20_000)), max_size=6)  # fmt: skip
DAY = st.dates(START, date(2026, 12, 31))
MANY = settings(max_examples=200, deadline=None)


def on(month: int, day: int) -> date:
    return date(2026, month, day)


def at(paid: Sequence[tuple[date, int]], day: date, policy: Policy | None = None) -> Any:
    return standing(PLAN, paid, day, policy=policy or Policy(), allowed=ANY_DAY)


@pytest.mark.parametrize(("paid", "day", "state"), [
    ([], on(4, 1), RUNNING),
    ([], on(4, 2), LATE),
    ([], on(4, 6), LATE),
    ([], on(4, 7), RUNNING),  # missed, forgiven, and now due at the end
    ([], on(5, 6), LATE),
    ([], on(5, 7), BROKEN),
    ([(on(5, 20), 10_000)], on(5, 20), RUNNING),  # what was missed came in: it goes on
    ([(on(6, 6), 10_000)], on(6, 7), BROKEN),  # too late, and less than was due by then
    ([(on(4, 1), 9_900), (on(5, 1), 10_000)], on(5, 7), RUNNING),  # one euro short is enough
    ([(on(3, 5), 30_000)], on(3, 5), KEPT),  # paid off early
])  # fmt: skip
def test_how_a_plan_stands(paid: list[tuple[date, int]], day: date, state: str) -> None:
    assert at(paid, day).state == state


def test_a_forgiven_instalment_is_due_a_month_after_the_last() -> None:
    found = at([(on(5, 1), 10_000)], on(5, 2))
    assert found.forgiven == (1,)
    assert [(one.number, one.due_on) for one in found.instalments] == [
        (2, on(5, 1)), (3, on(6, 1)), (1, on(7, 1))]  # fmt: skip
    assert found.next == Instalment(3, on(6, 1), 10_000)
    last = at([(on(4, 1), 10_000), (on(5, 1), 10_000)], on(6, 7))
    assert last.next == Instalment(3, on(7, 1), 10_000)


@MANY
@given(MONEY, DAY, st.randoms(use_true_random=False))
def test_the_order_in_which_money_is_told_is_nothing(
    paid: list[tuple[date, int]], day: date, random: Any
) -> None:
    shuffled = list(paid)
    random.shuffle(shuffled)
    assert at(paid, day) == at(shuffled, day)


@MANY
@given(MONEY, DAY, st.dates(START, date(2026, 9, 30)))
def test_paying_more_never_breaks_a_plan(
    paid: list[tuple[date, int]], day: date, more_on: date
) -> None:
    before, after = at(paid, day), at([*paid, (more_on, 5_000)], day)
    assert not (after.state == BROKEN and before.state != BROKEN)
    assert after.left_minor <= before.left_minor


@MANY
@given(MONEY, DAY)
def test_without_grace_it_runs_on_the_very_days_that_the_night_says(
    paid: list[tuple[date, int]], day: date
) -> None:
    terms = Terms(START, 30_000, 0, 3, "monthly", date(2026, 4, 1))
    spans = ran(terms, paid, day)
    runs = any(first <= day and (last is None or day <= last) for first, last in spans)
    assert (at(paid, day, STRICT).state == RUNNING) == runs


@MANY
@given(MONEY, DAY)
def test_paying_what_is_left_ends_a_plan_that_stands(
    paid: list[tuple[date, int]], day: date
) -> None:
    found = at(paid, day)
    left = pays_off_minor(PLAN, paid, day)
    assert left == found.left_minor
    if not found.ended:
        assert at([*paid, (day, left)], day).state == KEPT


def test_a_date_is_moved_before_it_breaks_and_not_after() -> None:
    later = moved(PLAN, Move(1, on(4, 10)), day=on(4, 1), policy=Policy())
    assert later.instalments[0].due_on == on(4, 10)
    assert later.total_minor == PLAN.total_minor
    for day, to in ((on(4, 7), on(4, 10)), (on(4, 1), on(4, 16)), (on(4, 1), on(3, 31))):
        with pytest.raises(Refused):
            moved(PLAN, Move(1, to), day=day, policy=Policy())
    with pytest.raises(Refused, match="cannot be moved"):
        moved(replace(PLAN, moves=3), Move(1, on(4, 10)), day=on(4, 1), policy=Policy())


def test_a_date_stays_between_its_neighbours() -> None:
    with pytest.raises(Refused, match="cannot be chosen"):
        moved(PLAN, Move(1, on(5, 1)), day=on(4, 1), policy=Policy(move_days=60))


def test_a_day_on_which_banks_do_not_book_becomes_the_next_one() -> None:
    closed = Allowed(holidays=frozenset({on(4, 13)}))
    later = moved(PLAN, Move(1, on(4, 11)), day=on(4, 1), policy=Policy(), allowed=closed)
    assert later.instalments[0].due_on == on(4, 14)
    may = may_move(PLAN, 1, day=on(4, 4), policy=Policy(move_days=10), allowed=closed)
    assert may == (on(4, 6), on(4, 10))  # from a Saturday, to a Saturday
    with pytest.raises(Refused, match="until 2026-04-10"):
        moved(PLAN, Move(1, on(4, 11)), day=on(4, 4), policy=Policy(move_days=10))


def test_a_plan_rests_once_and_all_that_is_to_come_lies_later() -> None:
    resting = paused(PLAN, 2, day=on(4, 20), policy=Policy(), allowed=ANY_DAY)
    assert [one.due_on for one in resting.instalments] == [on(4, 1), on(7, 1), on(8, 1)]
    paid = [(on(4, 1), 10_000)]
    assert standing(resting, paid, on(5, 15), policy=Policy()).state == PAUSED
    assert standing(resting, paid, on(6, 20), policy=Policy()).state == RUNNING
    with pytest.raises(Refused, match="cannot rest"):
        paused(resting, 1, day=on(6, 20), policy=Policy())


def test_a_plan_with_current_use_is_sized_again_for_what_is_to_come() -> None:
    with_use = replace(PLAN, use_minor=4_000)
    more = resized(with_use, 6_000, day=on(4, 15))
    assert [one.amount_minor for one in more.instalments] == [10_000, 12_000, 12_000]
    assert pays_off_minor(more, [(on(4, 1), 10_000)], on(4, 15)) == 12_000
    with pytest.raises(Refused):
        resized(PLAN, 6_000, day=START)


def test_the_state_holds_on_every_day_of_a_plan_that_is_paid_on_time() -> None:
    paid = [(one.due_on, one.amount_minor) for one in PLAN.instalments]
    states = [at(paid, START + timedelta(days=count)).state for count in range(120)]
    assert set(states[:91]) == {RUNNING}
    assert set(states[92:]) == {KEPT}
