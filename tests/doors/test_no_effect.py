"""Outreach that does nothing, read every day: a difference is shown as seldom as is said."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tideover.doors.experiments.result import _look, _told
from tideover.doors.findings.standing import Compared
from tideover.rules.campaign import Message
from tideover.rules.experiment import Arm, Experiment
from tideover.rules.lift import Group
from tideover.rules.looking import verdict

RUNS, BASE = 400, 0.4
Counts = npt.NDArray[np.int64]


def nothing_done(a_day: int, looks: int, held: float) -> tuple[Counts, Counts]:
    """Return who did it so far and of how many: by group (treated, held out), run and look."""
    chance = np.random.default_rng(20261127)
    out = chance.binomial(a_day, held, (RUNS, looks))
    new = np.stack([a_day - out, out])
    return chance.binomial(new, BASE).cumsum(axis=2), new.cumsum(axis=2)


def groups(did: Counts, of: Counts, run: int, look: int) -> tuple[Group, Group]:
    one, other = (Group(int(did[k, run, look]), int(of[k, run, look])) for k in (0, 1))
    return one, other


def test_an_experiment_shows_none_in_the_days_after_all_who_were_planned_are_in() -> None:
    arm = Arm("plan", Message("help", "sms"), 0.8)
    one = Experiment("spring", ("zone = red",), (arm,), 0.2, "account", "cured", 30, 5, BASE)
    did, of = nothing_done(100, one.people // 100 + 31, 0.2)
    wrong = 0
    for run in range(RUNS):
        pairs = [groups(did, of, run, look) for look in range(7, of.shape[2])]
        shown = [_told(one, "plan", pair, _look(one, "plan", pair)) for pair in pairs]
        wrong += any("more than chance" in each["sentence"] for each in shown)
        assert all((each["lift"]["low"] <= 0 <= each["lift"]["high"])
                   == each["lift"]["may_be_chance"] for each in shown)  # fmt: skip
    assert wrong / RUNS <= 0.05


def test_the_morning_page_says_that_it_helped_or_hurt_as_seldom_over_half_a_year() -> None:
    did, of = nothing_done(60, 145, 0.2)
    wrong = 0
    for run in range(RUNS):
        found = (Compared(*groups(did, of, run, look), "paid") for look in range(145))
        wrong += any(verdict(each.lift) in {"Yes, it helped.", "No: fewer paid."} for each in found)
    assert wrong / RUNS <= 0.05
