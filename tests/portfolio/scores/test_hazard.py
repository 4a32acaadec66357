"""When people pay, week by week."""

from __future__ import annotations

import numpy as np
import pytest

from tideover.portfolio.scores.hazard import Hazard, Timing, fit_hazard, life_table
from tideover.portfolio.scores.inputs import Facts


def weekly(chance: np.ndarray, *, seen: int = 12) -> Timing:
    """Return when accounts paid that pay with a chance of their own each week."""
    rng = np.random.default_rng(3)
    week = np.ceil(np.log(rng.random(len(chance))) / np.log1p(-chance))
    weeks_seen = np.full(len(chance), float(seen))
    return Timing(np.where(week <= seen, week, np.nan), weeks_seen)


def test_the_life_table_finds_a_steady_chance() -> None:
    assert life_table(weekly(np.full(20_000, 0.1))) == pytest.approx([0.1] * 12, abs=0.012)


def test_accounts_seen_for_few_weeks_do_not_count_as_unpaid_later() -> None:
    table = life_table(weekly(np.full(20_000, 0.1), seen=3))
    assert table == pytest.approx([0.1] * 12, abs=0.012)


def test_who_pays_early_is_told_from_who_pays_late() -> None:
    quick = np.tile([0.0, 1.0], 3000)
    rng = np.random.default_rng(4)
    week = np.where(quick == 1, rng.integers(1, 4, 6000), rng.integers(4, 8, 6000)).astype(float)
    facts = Facts(("carried_quick",), quick[:, None])
    hazard = fit_hazard(facts, Timing(week, np.full(6000, 12.0)), signs=[0], seed=1)
    curve = hazard.paid_by(facts.rows(slice(0, 2)), np.array([0.6, 0.6]))
    assert curve[1, 2] > 2 * curve[0, 2]
    assert (curve[:, 4] >= 0.6).all()


def test_a_curve_meets_its_score_whatever_the_score() -> None:
    flat = Hazard(tuple([0.08] * 12))
    p = np.array([0.0, 0.01, 0.5, 0.99, 1.0, np.nan])
    curve = flat.paid_by(Facts((), np.empty((6, 0))), p)
    assert (curve[:5, 3] <= p[:5] + 1e-5).all()
    assert (p[:5] <= curve[:5, 4] + 1e-5).all()
    assert np.isnan(curve[5]).all()
