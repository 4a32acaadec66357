"""The scorecard, its bins and its words."""

from __future__ import annotations

import numpy as np
import pytest

from tideover.portfolio.scores.inputs import ALLOWED, Facts
from tideover.portfolio.scores.reasons import phrases, reasons
from tideover.portfolio.scores.scorecard import fit_bins, fit_scorecard


def sample(n: int = 4000) -> tuple[Facts, np.ndarray]:
    rng = np.random.default_rng(1)
    on_time, debt = rng.random(n), rng.gamma(2, 1, n)
    outcome = (rng.random(n) < 1 / (1 + np.exp(debt - 3 * on_time))).astype(float)
    debt = np.where(rng.random(n) < 0.1, np.nan, debt)
    noise = rng.normal(size=n)
    names = ("on_time_share_6m", "debt_months", "carried_noise")
    return Facts(names, np.column_stack([on_time, debt, noise])), outcome


def test_bins_of_a_number_rise_or_fall_throughout() -> None:
    facts, outcome = sample()
    up = fit_bins(facts.of("on_time_share_6m"), outcome, name="on_time_share_6m").evidence[:-1]
    down = fit_bins(facts.of("debt_months"), outcome, name="debt_months").evidence[:-1]
    assert list(up) == sorted(up)
    assert list(down) == sorted(down, reverse=True)
    assert len(up) > 5


def test_what_is_not_known_has_points_of_its_own() -> None:
    rng = np.random.default_rng(2)
    values = np.where(rng.random(2000) < 0.5, np.nan, 1.0)
    outcome = (rng.random(2000) < np.where(np.isnan(values), 0.1, 0.6)).astype(float)
    bins = fit_bins(values, outcome, name="debt_months")
    known, unknown = bins.of(np.array([1.0, np.nan]))
    assert known > 0.5 > -0.5 > unknown


def test_months_of_the_year_stand_alone() -> None:
    month = np.tile(np.arange(1.0, 13), 300)
    outcome = np.isin(month, [1, 6, 12]).astype(float)
    outcome[:40] = 1 - outcome[:40]
    of = fit_bins(month, outcome, name="month").of(np.arange(1.0, 13))
    assert [place + 1 for place in np.flatnonzero(of > 0)] == [1, 6, 12]


def test_points_add_up_to_the_log_odds() -> None:
    facts, outcome = sample()
    card = fit_scorecard(facts, outcome)
    p = card.predict(facts)
    assert np.log(p / (1 - p)) == pytest.approx(card.level + card.points(facts).sum(axis=1))
    assert p.mean() == pytest.approx(outcome.mean(), abs=0.01)
    assert "carried_noise" not in card.names


def test_reasons_are_the_largest_points_in_order() -> None:
    facts, outcome = sample()
    card = fit_scorecard(facts, outcome)
    one = Facts(facts.names, np.array([[1.0, 9.0, 0.0], [0.0, 0.01, 0.0]]))
    said = reasons(card, one, good=True, currency="EUR")
    on_time, debt = "of the last 6 months ended without arrears", "usual bills"
    assert said == [
        f"hinders: in arrears with 9.0 {debt};helps: 6 {on_time}",
        f"helps: in arrears with 0.0 {debt};hinders: 0 {on_time}",
    ]


def test_a_bad_outcome_turns_helping_round() -> None:
    facts, outcome = sample()
    good = reasons(fit_scorecard(facts, outcome), facts, good=True, currency="EUR")
    bad = reasons(fit_scorecard(facts, 1 - outcome), facts, good=False, currency="EUR")
    assert np.mean([a == b for a, b in zip(good, bad, strict=True)]) > 0.95


def test_inputs_that_say_the_same_give_one_reason() -> None:
    facts, outcome = sample()
    both = Facts(("on_time_share_6m", "on_time_share_12m"), facts.values[:, [0, 0]])
    said = reasons(fit_scorecard(both, outcome), both, good=True, currency="EUR")
    assert max(words.count(";") for words in said) == 0


@pytest.mark.parametrize(("name", "value", "words"), [
    ("on_time_share_6m", 5 / 6, "5 of the last 6 months ended without arrears"),
    ("arrears_minor", 12345.0, "in arrears with 123.45 EUR"),
    ("autopay", 1.0, "pays automatically"),
    ("month", 3.0, "March"),
    ("days_since_paid", np.nan, "payments lately: not known"),
    ("carried_limit_bal", 50000.0, "limit bal 50000"),
    ("share_over_30", 0.25, "25 % of the arrears older than 30 days"),
])  # fmt: skip
def test_an_input_is_said_in_words(name: str, value: float, words: str) -> None:
    assert phrases(name, np.array([value]), currency="EUR").tolist() == [words]


def test_no_words_break_the_list_they_are_joined_in() -> None:
    for spec in ALLOWED.values():
        assert ";" not in spec.words + "".join(spec.levels)
        assert ("{}" in spec.words) != bool(spec.levels)
