"""What an arm adds, and whether customers differ in it; mostly they do not, and that is said."""

from __future__ import annotations

import numpy as np
import pytest

from tests.portfolio.worth.made_up import experiment
from tideover.portfolio.worth.effects import (
    BEST,
    BY_CUSTOMER,
    NO_DIFFERENCE,
    NOT_ASKED,
    SAME_SHARES,
    TOO_FEW,
    arm_lift,
    personal,
)
from tideover.portfolio.worth.expected import Logged
from tideover.rules.lift import Group, lift


@pytest.mark.parametrize("more", [0.0, 0.15])
def test_where_all_are_helped_alike_customers_are_hardly_ever_told_apart(more: float) -> None:
    told = [personal(experiment(seed, 900, more=more)).verdict for seed in range(6)]
    assert sum(verdict != NO_DIFFERENCE for verdict in told) <= 1


def test_what_helps_some_and_harms_others_is_found() -> None:
    found = personal(experiment(1, 6_000, crossing=0.15))
    assert (found.verdict, found.over) == (BY_CUSTOMER, BEST)
    assert found.low is not None
    assert found.high is not None
    assert 0 < found.low <= 0.15 <= found.high + 0.1


def test_what_helps_some_more_than_others_tells_to_whom_to_give_it_first() -> None:
    found = personal(experiment(1, 6_000, more=0.15, crossing=0.12))
    assert found.over == SAME_SHARES
    assert (found.low or 0) > 0


@pytest.mark.parametrize(("logged", "verdict"), [
    (experiment(1, 200), TOO_FEW),
    (experiment(1)._replace(traits=experiment(1).traits[[]]), NOT_ASKED),
])  # fmt: skip
def test_where_it_cannot_be_told_it_says_why(logged: Logged, verdict: str) -> None:
    found = personal(logged)
    assert (found.verdict, found.gain, found.low) == (verdict, None, None)


def test_the_lift_of_shares_is_newcombes() -> None:
    logged = experiment(5)
    one, other = (Group(int(paid.sum()), len(paid))
                  for paid in (logged.outcome[logged.arm == arm] for arm in (1, 0)))  # fmt: skip
    found = lift(one, other)
    assert found is not None
    assert tuple(arm_lift(logged, 1, 0)) == pytest.approx(tuple(found))


def test_the_lift_of_sums_holds_the_truth_as_often_as_it_says() -> None:
    held = []
    for seed in range(80):
        chance = np.random.default_rng(seed)
        arm = chance.integers(0, 2, 600)
        unit = np.arange(600) // 3 if seed % 2 else None
        spent = chance.exponential(10, 600) + 2.0 * arm
        logged = experiment(1, 600)._replace(outcome=spent, arm=arm, arms=2, unit=unit)
        found = arm_lift(logged, 1, 0)
        held.append(found.low <= 2 <= found.high)
    assert np.mean(held) >= 0.9


def test_customers_in_one_unit_make_a_lift_less_sure() -> None:
    chance = np.random.default_rng(1)
    unit = np.repeat(np.arange(100), 6)
    arm = np.repeat(chance.integers(0, 2, 100), 6)
    outcome = np.repeat((chance.random(100) < 0.4).astype(float), 6)
    logged = experiment(1, 600)._replace(outcome=outcome, arm=arm, arms=2)
    alone, together = arm_lift(logged, 1, 0), arm_lift(logged._replace(unit=unit), 1, 0)
    assert together.high - together.low > 2 * (alone.high - alone.low)
