"""One step at a time, after the one before was really sent; nothing skipped, nothing twice."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.strategy.made import STRATEGIES
from tideover.rules.strategy.ladder import (
    CLEAR,
    DONE,
    HELD,
    PLACES,
    WAITING,
    Account,
    Ladder,
    Span,
    Taken,
    ladder,
)
from tideover.rules.strategy.policy import stage_of
from tideover.terms.calendar import days
from tideover.terms.faults import Refused

START = date(2026, 3, 1)
HEAD = "id,wait,counted_from,season,valid,because\n"
NL, PA = STRATEGIES["nl"].ladders["reminders"], STRATEGIES["us_pa"].ladders["steps"]
SERVED = ladder("steps", HEAD + "notice,3 days,served,,,said so\nvisit,5 working days,,,,said so\n")


def on(day: int) -> date:
    return START + days(day)


def at(climbed: Ladder, day: int, *taken: Taken, held: tuple[Span, ...] = ()) -> str:
    return climbed.place(Account(START, taken, held), on(day)).at


def test_who_is_not_in_arrears_stands_on_no_ladder() -> None:
    assert NL.place(Account(None), START).at == CLEAR
    assert NL.place(Account(on(5)), START).at == CLEAR


def test_the_next_step_waits_for_the_whole_term_of_the_one_before() -> None:
    first = Taken("reminder_1", on(0))
    assert at(NL, 0) == "reminder_1"
    assert NL.place(Account(START, (first,)), on(14)) == (WAITING, on(15))
    assert at(NL, 15, first) == "reminder_2"


def test_a_step_taken_before_its_term_was_over_does_not_count() -> None:
    taken = Taken("reminder_1", on(0)), Taken("reminder_2", on(14))
    assert at(NL, 15, *taken) == "reminder_2"


def test_a_step_that_must_be_served_is_waited_for_and_not_sent_again() -> None:
    sent = Taken("notice", on(3))
    assert at(SERVED, 30, sent) == WAITING
    assert at(SERVED, 30, sent._replace(served_on=on(10))) == "visit"
    assert at(SERVED, 9, sent._replace(served_on=on(10))) == WAITING


def test_a_step_that_came_back_is_due_again() -> None:
    back = Taken("notice", on(3), failed_on=on(6))
    assert at(SERVED, 5, back) == WAITING
    assert at(SERVED, 6, back) == "notice"


def test_working_days_leave_out_weekends_and_holidays() -> None:
    taken = (Taken("notice", on(3), served_on=on(3)),)  # a Wednesday
    place = SERVED.place(Account(START, taken), on(4))
    assert place == (WAITING, date(2026, 3, 11))
    holiday = Account(START, taken, holidays={date(2026, 3, 9)})
    assert SERVED.place(holiday, on(4)).due_on == date(2026, 3, 12)


def test_a_hold_takes_an_account_out_and_its_days_count_towards_no_term() -> None:
    first, held = Taken("reminder_1", on(0)), Span(on(5), on(9))
    assert at(NL, 7, first, held=(held,)) == HELD
    assert at(NL, 19, first, held=(held,)) == WAITING
    assert at(NL, 20, first, held=(held,)) == "reminder_2"


def test_a_hold_without_an_end_holds() -> None:
    assert at(NL, 400, held=(Span(on(5)),)) == HELD


def test_steps_of_former_arrears_do_not_count() -> None:
    again = Account(on(60), (Taken("reminder_1", on(0)),))
    assert NL.place(again, on(60)).at == "reminder_1"


def test_a_notice_that_lapsed_is_due_again() -> None:
    taken = Taken("termination_notice", on(0)), Taken("personal_contact", on(7))
    assert at(PA, 60, *taken) == "review"
    assert at(PA, 61, *taken) == "termination_notice"


def test_a_step_of_winter_is_asked_for_in_winter() -> None:
    taken = Taken("termination_notice", on(0)), Taken("personal_contact", on(7))
    assert at(PA, 8, *taken) == "posted_notice"
    assert at(PA, 32, *taken) == "review"  # the second of April


RUNS = st.lists(st.integers(1, 40), min_size=1, max_size=60)
HOLDS = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 60)), max_size=4)


def lived(climbed: Ladder, runs: list[int], held: tuple[Span, ...]) -> list[Taken]:
    """Return what is sent when each run takes the step that it is told."""
    taken: list[Taken] = []
    day = 0
    for gap in runs:
        day += gap
        place = climbed.place(Account(START, tuple(taken), held), on(day)).at
        if place not in PLACES:
            taken.append(Taken(place, on(day), served_on=on(day)))
    return taken


@given(RUNS, HOLDS)
@settings(max_examples=200, deadline=None)
def test_whichever_days_it_runs_nothing_is_skipped_and_nothing_sent_twice(
    runs: list[int], holds: list[tuple[int, int]]
) -> None:
    held = tuple(Span(on(a), on(a + length)) for a, length in holds)
    taken = lived(NL, runs, held)
    assert [one.step for one in taken] == [step.id for step in NL.steps][: len(taken)]
    for (before, after), step in zip(pairwise(taken), NL.steps[1:], strict=False):
        between = [
            before.sent_on + days(n + 1) for n in range((after.sent_on - before.sent_on).days)
        ]
        assert sum(not any(h.has(day) for h in held) for day in between) >= step.wait_days
    assert not any(h.has(one.sent_on) for one in taken for h in held)


@given(RUNS, st.integers(0, 59), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_where_an_account_stands_depends_on_facts_and_not_on_former_runs(
    runs: list[int], looks: int, chance: object
) -> None:
    taken = lived(NL, runs, ())
    day = on(sum(runs))
    known = Account(START, tuple(taken))
    for n in range(looks):  # looking on other days changes nothing
        NL.place(known, on(n * 7))
    shuffled = list(taken)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert NL.place(Account(START, tuple(shuffled)), day) == NL.place(known, day)


@given(RUNS)
def test_paying_an_older_bill_while_still_behind_sends_no_step_again(runs: list[int]) -> None:
    # the ladder is told since when the account was never clear, and that does not move
    taken = lived(NL, runs, ())
    if taken:
        later = NL.place(Account(START, tuple(taken)), taken[-1].sent_on).at
        assert later not in {one.step for one in taken}


def test_at_the_end_of_the_ladder_nothing_more_is_due() -> None:
    taken = lived(NL, [1] * 200, ())
    assert len(taken) == len(NL.steps)
    assert at(NL, 300, *taken) == DONE


@given(st.integers(0, 400), st.integers(1, 400))
def test_the_most_severe_stage_is_no_milder_on_a_later_day(day: int, later: int) -> None:
    stages = STRATEGIES["default"].policy.stages
    order = list(stages)
    assert order.index(stage_of(stages, day + later)) >= order.index(stage_of(stages, day))
    assert stages[stage_of(stages, day)] <= day


@pytest.mark.parametrize(("rows", "said"), [
    ("a,14,,,,said so", "some days"),
    ("a,999 days,,,,said so", "at most 366"),
    ("a,1 day,posted,,,said so", "sent or served"),
    ("a,1 day,,13-01..03-31,,said so", "two days of the year"),
    ("a,1 day,,,soon,said so", "cell E2 (valid)"),
    ("held,1 day,,,,said so", "an id of its own"),
    ("a,1 day,,,,said so\na,1 day,,,,said so", "steps.csv, row 3 (a)"),
    ("a,1 day,,,,", "says why, with its source"),
    ("", "1 to 50 steps"),
])  # fmt: skip
def test_a_ladder_that_cannot_be_right_is_refused_with_its_step(rows: str, said: str) -> None:
    with pytest.raises(Refused) as caught:
        ladder("steps", HEAD + rows + "\n")
    assert said in str(caught.value)


FORMAL = "id,wait,notice,content,because\n"


def test_a_step_says_which_notice_it_is_and_what_that_says() -> None:
    (step,) = ladder(
        "steps", FORMAL + "a,1 day,reminder,debt_help_info; medical_exception,so\n"
    ).steps
    assert (step.notice, step.content) == ("reminder", ("debt_help_info", "medical_exception"))
    second = next(r for r in STRATEGIES["nl"].policy.rows if r.id == "second_reminder")
    assert second.then.notice is not None
    assert second.then.notice[:3] == ("reminders", "reminder_2", "reminder")


@pytest.mark.parametrize(("row", "said"), [
    ("a,1 day,threat,,so", "know no such notice"),
    ("a,1 day,,debt_help_info,so", "no notice has no content"),
    ("a,1 day,reminder,Help!,so", "no name, or there twice"),
])  # fmt: skip
def test_a_notice_that_no_rulebook_knows_is_refused(row: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        ladder("steps", FORMAL + row + "\n")
