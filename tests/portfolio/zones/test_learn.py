"""When zones are claimed, for whom, and what is said of them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.portfolio.zones import coverage, made_up
from tideover.portfolio.zones import Fitted, gate
from tideover.portfolio.zones.learn import fixed_thresholds
from tideover.terms.faults import Usage


def flat(seed: int, n: int = 6000) -> Fitted:
    """Return the zones learnt where the balance says nothing about paying."""
    rng = np.random.default_rng(seed)
    segment = rng.choice(["residential", "business"], n)
    return made_up.learnt(
        made_up.counts(made_up.balances(rng, n), rng.random(n) < 0.4, segment=segment)
    )


def stepped(seed: int, n: int) -> Fitted:
    rng = np.random.default_rng(seed)
    balance = made_up.balances(rng, n)
    return made_up.learnt(made_up.counts(balance, rng.random(n) < made_up.chance(balance)))


def test_flat_sets_give_no_zones() -> None:
    assert {cohort.status for seed in range(40) for cohort in flat(seed).cohorts} <= {
        "flat", "too_few"}  # fmt: skip


@pytest.mark.matrix
def test_none_of_two_hundred_flat_sets_gives_zones() -> None:
    for seed in range(200):
        assert "learnt" not in {cohort.status for cohort in flat(seed, 30_000).cohorts}


def test_where_the_likelihood_drops_zones_are_learnt_with_their_gain() -> None:
    (zones,) = stepped(1, 12_000).cohorts
    assert zones.status == "learnt"
    assert all(not t.fixed and t.low_minor <= true <= t.high_minor
               for t, true in zip(zones.thresholds, made_up.STEPS_MINOR, strict=True))  # fmt: skip
    assert zones.gain is not None
    assert zones.curve_gain is not None
    assert 0.05 < zones.curve_gain < zones.gain < 0.12  # three steps are the truth, twenty are not
    assert zones.warnings == ()


def test_too_few_customers_keep_the_utilitys_own_thresholds() -> None:
    (zones,) = stepped(1, 4999).cohorts
    assert zones.status == "too_few"
    assert zones.at_minor == (150_00, 450_00)
    assert all(threshold.fixed for threshold in zones.thresholds)
    assert sum(rate.n for rate in zones.rates) == 4999


def test_a_currency_without_history_has_fixed_zones() -> None:
    (zones,) = stepped(1, 0).cohorts
    assert (zones.currency, zones.status, zones.n) == ("EUR", "fixed", 0)
    assert zones.at_minor == (150_00, 450_00)


def test_zones_are_never_learnt_across_currencies() -> None:
    rng = np.random.default_rng(3)
    balance = made_up.balances(rng, 24_000)
    yen = np.arange(24_000) % 2 == 0
    paid = rng.random(24_000) < made_up.chance(np.where(yen, balance // 100, balance))
    currency = np.where(yen, "JPY", "EUR")
    learnt = made_up.learnt(made_up.counts(balance, paid, currency=currency))
    assert [(z.currency, z.n, z.status) for z in learnt.cohorts] == [
        ("EUR", 12_000, "learnt"), ("JPY", 12_000, "flat")]  # fmt: skip


def cohorts(seed: int, gas_steps: tuple[int, int], less: float) -> Fitted:
    """Return zones where gas customers drop elsewhere, or pay less at every balance."""
    rng = np.random.default_rng(seed)
    balance = made_up.balances(rng, 30_000)
    commodity = rng.choice(["electricity", "gas", "heat"], 30_000, p=[0.6, 0.3, 0.1])
    gas = commodity == "gas"
    chance = np.where(gas, made_up.chance(balance, gas_steps) - less, made_up.chance(balance))
    return made_up.learnt(made_up.counts(balance, rng.random(30_000) < chance, commodity=commodity))


def test_a_cohort_whose_thresholds_lie_elsewhere_gets_its_own() -> None:
    learnt = {zones.name: zones for zones in cohorts(2, (240_00, 800_00), 0.0).cohorts}
    gas = learnt["EUR gas"]
    assert gas.status == "learnt"
    assert gas.gain is not None
    assert gas.gain > 0
    assert abs(gas.at_minor[0] - 240_00) < 500


def test_a_cohort_that_only_pays_less_keeps_the_thresholds_of_the_whole() -> None:
    assert [(z.name, z.status) for z in cohorts(2, made_up.STEPS_MINOR, 0.15).cohorts] == [
        ("EUR", "learnt"), ("EUR heat", "too_few")]  # fmt: skip


@pytest.mark.matrix
def test_cohorts_that_share_one_smooth_curve_are_seldom_split() -> None:
    split = 0
    for seed in range(40):
        balance, paid, account = coverage.drawn("smooth", seed, 60_000)
        rng = np.random.default_rng(seed)
        bands = {name: rng.integers(0, 3, len(account)) for name in ("usual_bill", "area")}
        commodity = rng.choice(["electricity", "gas", "water"], len(account), p=[0.5, 0.3, 0.2])
        learnt = made_up.learnt(made_up.counts(balance, paid, commodity=commodity, **bands))
        split += any(zones.where for zones in learnt.cohorts)
    assert split <= 4


def test_a_cohort_with_too_few_customers_inherits_its_parents_thresholds() -> None:
    whole, *_, heat = cohorts(2, made_up.STEPS_MINOR, 0.0).cohorts
    assert heat.status == "too_few"
    assert heat.thresholds == whole.thresholds


def test_red_that_pays_more_than_yellow_on_unseen_accounts_is_told() -> None:
    rng = np.random.default_rng(1)
    balance = made_up.balances(rng, 6000)
    chance = np.where(balance <= 100_00, 0.7, np.where(balance <= 300_00, 0.3, 0.5))
    histogram = made_up.histogram(balance, rng.random(6000) < chance)
    (first, *_) = gate.warnings(histogram, (100_00, 300_00), [(100_00, 300_00)] * 5)
    assert first.startswith("Not monotone: on unseen accounts red pays more than yellow (5")


def test_a_single_drop_is_told() -> None:
    rng = np.random.default_rng(4)
    balance = made_up.balances(rng, 8000)
    paid = rng.random(8000) < np.where(balance <= 120_00, 0.7, 0.3)
    (zones,) = made_up.learnt(made_up.counts(balance, paid)).cohorts
    assert zones.warnings == ("One drop is clear, the other is no more than chance",)


def test_a_fit_is_read_back_as_it_was_saved() -> None:
    learnt = cohorts(2, (240_00, 800_00), 0.0)
    assert Fitted.from_json(learnt.to_json()) == learnt


def test_the_list_of_zones_has_amounts_in_currency() -> None:
    (listed,) = stepped(1, 4999).listing()
    assert list(listed)[:8] == [
        "segment", "currency", "n", "outcome", "thresholds", "rates", "gain", "status"]  # fmt: skip
    assert listed["outcome"] == "paid in full within 30 days"
    assert listed["thresholds"][0] == {"at": 150.0, "low": 150.0, "high": 150.0, "fixed": True}
    assert [rate["zone"] for rate in listed["rates"]] == ["green", "yellow", "red"]
    assert all(rate["low"] <= rate["rate"] <= rate["high"] for rate in listed["rates"])
    assert sum(point["n"] for point in listed["curve"]) == 4999


@pytest.mark.parametrize(("yellow", "red"), [("400", "150"), ("abc", "400"), ("0", "400")])
def test_fixed_thresholds_that_do_not_rise_are_refused(yellow: str, red: str) -> None:
    with pytest.raises(Usage):
        fixed_thresholds({"EUR": (yellow, red)}, "EUR")


def test_fixed_thresholds_fit_a_currency_without_cents() -> None:
    stated = {"EUR": ("150.00", "400.00"), "JPY": ("20000", "60000.00")}
    assert [t.at_minor for t in fixed_thresholds(stated, "JPY")] == [20000, 60000]


def test_another_currency_has_no_thresholds_until_the_utility_states_some() -> None:
    some = made_up.counts(*made_up.drawn_pair(), currency=["JPY", "JPY"])
    _, yen = made_up.learnt(some).cohorts
    assert (yen.currency, yen.status, yen.thresholds) == ("JPY", "too_few", ())
    assert [rate.n for rate in yen.rates] == [2, 0, 0]
    assert Fitted.from_json(made_up.learnt(some).to_json()) == made_up.learnt(some)
