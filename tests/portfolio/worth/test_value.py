"""What a policy would have been worth: right where the propensities are, whatever is expected."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.portfolio.worth.made_up import log
from tideover.portfolio.worth.expected import Logged
from tideover.portfolio.worth.value import (
    DO_NOT_FIT,
    FEW_EFFECTIVE,
    NO_OVERLAP,
    OK,
    Value,
    value,
)


def holds(found: Value, worth: float) -> bool:
    assert found.dr_low is not None
    assert found.dr_high is not None
    return found.dr_low <= worth <= found.dr_high


def test_the_interval_holds_the_true_worth_as_often_as_it_says() -> None:
    held = []
    for seed in range(25):
        logged, propensity, wanted, worth = log(seed, 500)
        held.append(holds(value(logged, propensity, wanted), worth))
    assert np.mean(held) >= 0.8


def test_an_expectation_that_is_wrong_on_purpose_does_not_move_the_value_away() -> None:
    held, alone = [], []
    for seed in range(20):
        logged, propensity, wanted, worth = log(seed)
        wrong = np.column_stack([1 - logged.outcome.mean() - 0.2 * logged.traits["trait"],
                                 np.full(len(wanted), 0.95)])  # fmt: skip
        held.append(holds(value(logged, propensity, wanted, model=wrong), worth))
        alone.append(abs(wrong[np.arange(len(wanted)), wanted].mean() - worth))
    assert min(alone) > 0.1, "the expectation alone is far off, or this shows nothing"
    assert np.mean(held) >= 0.85


def test_what_was_seen_alone_would_have_been_wrong() -> None:
    logged, propensity, wanted, worth = log(1, 20_000, one_for_all=True)
    seen = logged.outcome[logged.arm == wanted].mean()
    found = value(logged, propensity, wanted)
    assert abs(seen - worth) > 0.05
    assert abs((found.dr or 0) - worth) < 0.02
    assert abs((found.snips or 0) - worth) < 0.04
    assert found.status == OK


def test_little_evidence_is_a_warning() -> None:
    logged, propensity, wanted, _ = log(1, 120)
    assert value(logged, propensity, wanted).status == FEW_EFFECTIVE


def test_what_was_never_done_has_no_value() -> None:
    logged, propensity, wanted, _ = log(1)
    found = value(logged, propensity, np.where(wanted == 1, 2, 0))
    assert (found.status, found.dr, found.snips) == (NO_OVERLAP, None, None)


def test_propensities_that_are_not_the_logs_are_seen() -> None:
    logged, propensity, wanted, _ = log(1, 5_000)
    assert value(logged, np.full(len(propensity), 0.9), wanted).status == DO_NOT_FIT


def test_what_never_happened_in_the_rows_that_count_still_has_an_interval() -> None:
    arm = np.arange(3_000) % 30
    outcome = ((np.arange(3_000) % 301 == 7) & (arm != 0)).astype(float)
    logged = Logged(outcome, arm, 30, pd.DataFrame(index=range(3_000)))
    found = value(logged, np.full(3_000, 1 / 30), np.zeros(3_000, int))
    assert holds(found, float(outcome.mean()))


def test_rows_of_one_unit_count_together() -> None:
    logged, propensity, wanted, _ = log(3, 600)
    doubled = Logged(*(np.tile(column, 2) for column in (logged.outcome, logged.arm)), 2,
                     pd.concat([logged.traits] * 2, ignore_index=True),
                     np.tile(np.arange(600), 2))  # fmt: skip
    alone = value(logged, propensity, wanted)
    both = value(doubled, np.tile(propensity, 2), np.tile(wanted, 2))
    widths = [(one.dr_high or 0) - (one.dr_low or 0) for one in (alone, both)]
    assert abs(widths[1] / widths[0] - 1) < 0.1, "the same rows twice say no more than once"
