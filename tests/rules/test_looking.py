"""Looking every day at what has no effect gives false alarms no more often than is said."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tideover.rules.lift import Group, Lift, lift, too_few
from tideover.rules.looking import lift_at_any_look, sample_ratio, told

CAMPAIGNS, LOOKS, A_DAY = 1_000, 30, 40
Judge = Callable[[Group, Group], Lift | None]


def at_once(treated: Group, held: Group) -> Lift | None:
    """Return the interval of a single look."""
    return None if too_few(treated, held) else lift(treated, held)


def false_alarms(judge: Judge, *, base: float, effect: float = 0.0) -> float:
    """Return in which share of campaigns some look's interval does not hold the true difference."""
    chance = np.random.default_rng(20260101)
    size = (CAMPAIGNS, LOOKS)
    people = {True: np.cumsum(chance.binomial(A_DAY, 0.7, size), axis=1)}
    people[False] = A_DAY * np.arange(1, LOOKS + 1) - people[True]
    new = {who: np.diff(of, axis=1, prepend=0) for who, of in people.items()}
    did = {who: np.cumsum(chance.binomial(new[who], base + effect * who), axis=1)
           for who in (True, False)}  # fmt: skip
    wrong = 0
    for campaign in range(CAMPAIGNS):
        groups = ((Group(int(did[True][campaign, day]), int(people[True][campaign, day])),
                   Group(int(did[False][campaign, day]), int(people[False][campaign, day])))
                  for day in range(LOOKS))  # fmt: skip
        found = (judge(*pair) for pair in groups)
        wrong += any(one is not None and not one.low <= effect <= one.high for one in found)
    return wrong / CAMPAIGNS


@pytest.mark.parametrize("base", [0.1, 0.4])
def test_daily_looks_at_a_thousand_campaigns_without_effect_alarm_as_seldom_as_is_said(
    base: float,
) -> None:
    assert false_alarms(lift_at_any_look, base=base) <= 0.05


def test_an_interval_for_one_look_would_alarm_far_too_often() -> None:
    assert false_alarms(at_once, base=0.4) > 0.15


def test_a_true_difference_stays_inside_at_all_looks_together() -> None:
    assert false_alarms(lift_at_any_look, base=0.3, effect=0.1) <= 0.05


def test_a_difference_that_is_there_is_seen_in_the_end() -> None:
    found = lift_at_any_look(Group(1_500, 3_000), Group(1_200, 3_000))
    assert found is not None
    assert not found.may_be_chance


def test_of_too_few_nothing_is_said() -> None:
    assert lift_at_any_look(Group(9, 29), Group(9, 40)) is None


def test_the_sentence_says_chance_where_it_may_be_and_only_there() -> None:
    assert told(Group(94, 200), Group(82, 200)).endswith("6 more, give or take 16; "
                                                         "that could be chance.")  # fmt: skip
    assert told(Group(940, 2000), Group(820, 2000)).endswith("that is more than chance.")
    assert "6 fewer" in told(Group(82, 200), Group(94, 200))
    assert "no difference" in told(Group(100, 200), Group(100, 200))
    assert "too few to tell" in told(Group(20, 29), Group(1, 29))
    assert told(Group(3, 10), Group(0, 0)) == "Nothing can be told yet: one of the groups is empty."


def test_groups_of_the_size_they_were_drawn_in_raise_no_alarm() -> None:
    chance = np.random.default_rng(1)
    held = chance.binomial(1_000, 0.2, 1_000)
    alarms = [sample_ratio(1_000 - int(n), int(n), held_share=0.2).alarm for n in held]
    assert np.mean(alarms) <= 0.005
    assert sample_ratio(0, 0, held_share=0.2).alarm is False
