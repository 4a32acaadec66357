"""When the scores no longer know the people they are about, and what is done then."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa

from tests.portfolio.scores import made_up
from tests.portfolio.scores.conftest import LEARNT_ON
from tideover.portfolio.scores import Models, drift, needs_training, outcome_errors
from tideover.portfolio.scores.drift import PSI_LIMIT

NEXT_WEEK = LEARNT_ON + timedelta(days=8)


def shifted() -> pa.Table:
    new = made_up.features(4000, seed=70)
    place = new.column_names.index("carried_rating")
    return new.set_column(place, "carried_rating", pa.array(new["carried_rating"].to_numpy() + 1))


def test_the_same_people_do_not_drift(models: Models) -> None:
    found = drift(models, made_up.features(4000, seed=70))
    assert found[0].psi < 0.1
    assert needs_training(models, NEXT_WEEK, drifts=found) is None


def test_a_moved_input_is_named_and_asks_for_training(models: Models) -> None:
    found = drift(models, shifted())
    assert found[0].name == "carried_rating"
    assert found[0].psi > PSI_LIMIT
    said = needs_training(models, NEXT_WEEK, drifts=found)
    assert said is not None
    assert said.startswith("carried_rating (rating ..) has shifted since the scores learnt: PSI")


def test_training_is_not_asked_for_again_within_a_week(models: Models) -> None:
    found = drift(models, shifted())
    assert needs_training(models, LEARNT_ON + timedelta(days=6), drifts=found) is None


def test_few_accounts_are_not_watched(models: Models) -> None:
    assert drift(models, made_up.features(300, seed=70)) == []


def test_training_is_monthly_and_starts_with_none(models: Models) -> None:
    assert needs_training(None, LEARNT_ON) == "No scores have been learnt yet"
    assert needs_training(models, LEARNT_ON + timedelta(days=29)) is None
    assert "monthly" in str(needs_training(models, LEARNT_ON + timedelta(days=30)))


def test_rates_that_changed_are_seen_in_the_outcomes(models: Models) -> None:
    followed = made_up.history(4000, seed=80, snapshots=1)
    errors = outcome_errors(models, followed)
    assert max(errors.values()) < 0.04
    paid = followed["paid_in_full_30d"].to_numpy()
    worse = np.where(np.arange(len(paid)) % 3 == 0, np.minimum(paid, 0), paid)
    place = followed.column_names.index("paid_in_full_30d")
    column = pa.array(worse, from_pandas=True)
    errors = outcome_errors(models, followed.set_column(place, "paid_in_full_30d", column))
    assert "p_paid_in_full_30d" in str(needs_training(models, NEXT_WEEK, errors=errors))
