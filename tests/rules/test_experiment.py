"""Experiments: arms by a stable hash, people enough, an end that looking often does not bring."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from tideover.rules.campaign import Message
from tideover.rules.experiment import (
    CONTROL,
    ENOUGH,
    FOUND,
    Arm,
    Experiment,
    Spread,
    arms_of,
    balance,
    check_experiment,
    parse_arm,
    stops,
)
from tideover.rules.lift import Group
from tideover.rules.looking import lift_at_any_look
from tideover.terms.faults import Usage

SMS = Message("help", "sms")


def experiment(**said: Any) -> Experiment:
    known: dict[str, Any] = {
        "name": "spring", "where": ("zone = red",), "control": 0.4, "unit": "account",
        "arms": (Arm("plan", SMS, 0.4), Arm("short", SMS, 0.2)), "outcome": "cured",
        "window_days": 30, "points": 5.0, "base": 0.4,
    }  # fmt: skip
    return Experiment(**(known | said))


def test_arms_have_their_shares_and_never_change() -> None:
    one = experiment()
    arms = [one.arm_of(f"A{n}") for n in range(20_000)]
    shares = {arm: n / 20_000 for arm, n in Counter(arms).items()}
    assert shares == {"control": pytest.approx(0.4, abs=0.015),
                      "plan": pytest.approx(0.4, abs=0.015),
                      "short": pytest.approx(0.2, abs=0.015)}  # fmt: skip
    assert arms == [experiment(points=9.0).arm_of(f"A{n}") for n in range(20_000)]


def test_two_experiments_draw_independently() -> None:
    one, other = experiment(), experiment(name="autumn")
    both = [one.arm_of(f"A{n}") == other.arm_of(f"A{n}") == CONTROL for n in range(20_000)]
    assert sum(both) / 20_000 == pytest.approx(0.16, abs=0.01)


def test_arms_that_state_no_share_have_equal_parts_of_the_rest() -> None:
    texts = ["a: treatment=t, channels=email; sms, share=0.3", "b: treatment=t, channels=sms",
             "c: treatment=t, channels=sms, offers=plan"]  # fmt: skip
    arms = arms_of(texts, 0.3)
    assert [arm.share for arm in arms] == [0.3, 0.2, 0.2]
    assert (arms[0].message.channels, arms[2].message.offers) == ("email; sms", "plan")


@pytest.mark.parametrize("text", ["no message", "a: treatment=t", "a: treatment=t, colour=red",
                                  "a: treatment=t, channels=sms, share=some"])  # fmt: skip
def test_what_is_no_arm_is_refused(text: str) -> None:
    with pytest.raises(Usage):
        parse_arm(text)


@pytest.mark.parametrize("said", [
    {"name": "Spring"}, {"arms": ()}, {"arms": (Arm(CONTROL, SMS, 0.6),)}, {"control": 0.2},
    {"arms": (Arm("plan", SMS, 0.3), Arm("plan", SMS, 0.3))}, {"unit": "house"},
    {"outcome": "happy"}, {"window_days": 31}, {"points": 0.0}, {"where": ()},
    {"where": ("zone",)}, {"base": 1.4}, {"base": float("nan")}, {"base": 0.97, "points": 5.0},
    {"arms": (Arm("plan", SMS, float("nan")), Arm("few", SMS, 0.3))},
    {"arms": (Arm("plan", SMS, 0.58), Arm("few", SMS, 0.02))},
])  # fmt: skip
def test_what_nothing_could_be_learnt_from_is_refused(said: dict[str, Any]) -> None:
    check_experiment(experiment())
    with pytest.raises(Usage):
        check_experiment(experiment(**said))


def test_it_takes_as_many_as_the_smallest_arm_needs() -> None:
    pair = experiment(arms=(Arm("plan", SMS, 0.5),), control=0.5)
    assert pair.people == 5862  # one look at 40 against 45 of 100 would need 3,067, at 80 %
    assert experiment().people > pair.people


def test_it_ends_with_a_difference_or_when_all_are_in() -> None:
    one = experiment(arms=(Arm("plan", SMS, 0.6),))
    found, chance = (lift_at_any_look(Group(did, 1000), Group(400, 1000), planned=one.people)
                     for did in (600, 410))  # fmt: skip
    assert stops(one, 2000, {"plan": found}) == FOUND
    assert stops(one, 2000, {"plan": chance}) == ""
    assert stops(one, 10_000, {"plan": None}) == ENOUGH


def test_without_an_effect_daily_looks_find_one_in_fewer_than_five_of_a_hundred() -> None:
    chance, one, alarms = np.random.default_rng(7), experiment(points=8.0), 0
    for _ in range(400):
        arm = chance.choice(3, p=[0.4, 0.4, 0.2], size=one.people)
        did, looks = chance.random(one.people) < 0.4, range(100, one.people, 60)
        alarms += any(stops(one, n, _looks(one, arm[:n], did[:n])) == FOUND for n in looks)
    assert alarms / 400 < 0.05


def _looks(one: Experiment, arm: np.ndarray, did: np.ndarray) -> dict[str, Any]:
    control, *groups = (Group(int(did[arm == k].sum()), int((arm == k).sum())) for k in range(3))
    return {each.name: lift_at_any_look(group, control, planned=one.people, sure=one.sure)
            for each, group in zip(one.arms, groups, strict=True)}  # fmt: skip


def test_groups_drawn_by_lot_are_balanced_and_others_are_not() -> None:
    chance = np.random.default_rng(3)

    def spread(values: np.ndarray) -> Spread:
        return Spread(len(values), float(values.mean()), float(values.var(ddof=1)))

    strange = 0
    for _ in range(1000):
        found = balance(spread(chance.exponential(9, 300)), spread(chance.exponential(9, 200)))
        strange += bool(found and found.strange)
    assert strange <= 6
    other = balance(spread(chance.exponential(15, 300)), spread(chance.exponential(9, 200)))
    assert other is not None
    assert other.strange
    assert balance(Spread(9, 1.0, 0.0), Spread(9, 1.0, 0.0)) is None
