"""What the scores learn, from enough and from too little."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from tests.portfolio.scores import made_up
from tests.portfolio.scores.conftest import LEARNT_ON
from tideover.portfolio.scores import Models, apply, evaluate, train
from tideover.portfolio.scores.models import BOOSTING, RATES, SCORECARD
from tideover.portfolio.scores.outcomes import LATE, PAID
from tideover.portfolio.scores.train import periods, signs
from tideover.terms.faults import Refused


def statuses(models: Models) -> set[str]:
    return {learnt.status for learnt in models.learnt.values()}


def learn(n: int) -> Models:
    return train(made_up.history(n, seed=3), as_of=LEARNT_ON, seed=7)


def test_boosting_finds_the_true_chance(models: Models) -> None:
    new = made_up.features(20_000, seed=50, behind=1.0)
    p = apply(models, new)["p_paid_in_full_30d"].to_numpy()
    paid = np.random.default_rng(5).random(len(p)) < made_up.chance(new)
    best, got = evaluate(made_up.chance(new), paid), evaluate(p, paid)
    assert statuses(models) == {BOOSTING}
    assert got["auc"] > best["auc"] - 0.015
    assert got["ece"] < 0.03


def test_little_history_is_learnt_by_the_scorecard_and_says_so() -> None:
    models = learn(500)
    assert statuses(models) == {SCORECARD}
    assert models.card["scores"]["paid_in_full_30d"]["status"] == SCORECARD
    new = made_up.features(2_000, seed=50, behind=1.0)
    p = apply(models, new)["p_paid_in_full_30d"].to_numpy()
    assert np.corrcoef(p, made_up.chance(new))[0, 1] > 0.8


def test_less_history_gives_rates_by_debt_and_says_so() -> None:
    models = learn(60)
    assert statuses(models) == {RATES}
    scores = apply(models, made_up.features(500, seed=50, behind=1.0))
    assert 1 < len(set(scores["p_paid_in_full_30d"].to_pylist())) < 8
    assert scores["reasons"][0].as_py().startswith("too little history")


def test_however_little_is_known_nobody_is_certain_to_pay_or_not_to() -> None:
    history = made_up.history(60, seed=3)
    for happened in (0, 1):
        column = pa.array(np.full(history.num_rows, happened, np.int8))
        place = history.column_names.index(PAID.name)
        always = history.set_column(place, PAID.name, column)
        models = train(always, as_of=LEARNT_ON, seed=7)
        scores = apply(models, made_up.features(500, seed=50, behind=1.0))
        written = {f"{p:.6f}" for p in scores["p_paid_in_full_30d"].to_pylist()}
        assert written.isdisjoint({"0.000000", "1.000000"})


def test_no_history_gives_no_likelihood_rather_than_a_guess() -> None:
    models = train(made_up.history(50, seed=3).slice(0, 0), as_of=LEARNT_ON, seed=7)
    scores = apply(models, made_up.features(20, seed=5))
    assert scores["p_paid_in_full_30d"].null_count == 20
    assert scores["paid_by_w4"].null_count == 20


def test_the_same_history_in_another_order_learns_the_same() -> None:
    history = made_up.history(1500, seed=3)
    shuffled = history.take(pa.array(np.random.default_rng(1).permutation(history.num_rows)))
    first, second = (train(each, as_of=LEARNT_ON, seed=7) for each in (history, shuffled))
    assert first.id == second.id
    assert first.id != train(history, as_of=LEARNT_ON, seed=8).id


def test_who_a_person_is_changes_nothing() -> None:
    history = made_up.history(1500, seed=3)
    outcome = history["paid_in_full_30d"].fill_null(0)
    planted = history
    for name in ("sex", "age", "marital_state", "language", "name", "postcode", "customer_id"):
        planted = planted.append_column(name, outcome)
    first, second = (train(each, as_of=LEARNT_ON, seed=7) for each in (history, planted))
    assert first.id == second.id


@pytest.mark.parametrize("name", [
    "sex", "AGE", "age_years", "customer_age", "marriage", "marital_status", "gender", "birth_year",
    "birthdate", "language", "last_name", "name", "postcode", "zip_code",
])  # fmt: skip
def test_a_carried_column_about_who_a_person_is_is_refused(name: str) -> None:
    history = made_up.history(30, seed=3)
    planted = history.append_column(f"carried_{name}", history["carried_rating"])
    with pytest.raises(Refused, match="never inputs to a score"):
        train(planted, as_of=LEARNT_ON, seed=7)


@pytest.mark.parametrize("name", ["usage_band", "average", "package", "sextile", "agent_calls"])
def test_a_carried_column_that_only_sounds_alike_is_not_refused(name: str) -> None:
    history = made_up.history(30, seed=3)
    planted = history.append_column(f"carried_{name}", history["carried_rating"])
    assert f"carried_{name}" in train(planted, as_of=LEARNT_ON, seed=7).names["in_arrears"]


def test_what_judges_is_later_than_what_teaches_and_its_windows() -> None:
    days = np.repeat(np.arange(10.0) * 30, 50)
    account_no = np.tile(np.arange(50.0), 10)
    split = periods(days, account_no, window_days=60, seed=1)
    first_later = days[split.tune | split.judged].min()
    assert days[split.early].max() + 60 <= first_later
    assert not set(account_no[split.tune]) & set(account_no[split.judged])


def test_one_day_of_history_is_judged_on_accounts_of_its_own() -> None:
    account_no = np.arange(1000.0)
    split = periods(np.zeros(1000), account_no, window_days=30, seed=1)
    together = split.early.astype(int) + split.tune + split.judged
    assert together.tolist() == [1] * 1000
    assert 50 < split.judged.sum() < 150


def test_more_months_on_time_never_lower_the_likelihood(models: Models) -> None:
    new = made_up.features(300, seed=60, behind=1.0)
    place = new.column_names.index("on_time_share_12m")
    said = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        column = pa.array(np.full(300, share))
        said.append(apply(models, new.set_column(place, "on_time_share_12m", column)))
    p = np.array([each["p_paid_in_full_30d"].to_numpy() for each in said])
    assert (np.diff(p, axis=0) >= 0).all()
    assert (p[-1] > p[0]).mean() > 0.9


def test_the_month_is_an_input_only_when_seasons_came_back() -> None:
    for snapshots, learnt in ((13, False), (25, True)):
        history = made_up.history(40, seed=3, snapshots=snapshots)
        names = train(history, as_of=LEARNT_ON, seed=7).names["in_arrears"]
        assert ("month" in names) is learnt


def test_signs_turn_round_for_a_bad_outcome() -> None:
    names = ("on_time_share_12m", "days_since_paid")
    assert signs(names, PAID) == [1, 0]
    assert signs(names, LATE) == [-1, 0]


def test_amounts_of_another_currency_are_not_read_as_ours(models: Models) -> None:
    new = made_up.features(200, seed=60, behind=1.0)
    place = new.column_names.index("currency")
    yen = new.set_column(place, "currency", pa.array(["JPY"] * 200))
    thousandfold = yen
    for name in ("arrears_minor", "usual_bill_minor", "open_to_come_minor"):
        place = yen.column_names.index(name)
        more = pa.array(yen[name].to_numpy() * 1000)
        thousandfold = thousandfold.set_column(place, name, more)
    first, second = apply(models, yen), apply(models, thousandfold)
    assert first["p_cure_60d"].to_pylist() == pytest.approx(second["p_cure_60d"].to_pylist())


def test_the_card_tells_period_measures_and_limits(models: Models) -> None:
    card = models.card
    assert card["history"]["rows"] == 20_000
    assert card["history"]["last"] == str(date(2025, 5, 31))
    value, low, high = card["scores"]["paid_in_full_30d"]["judged"]["auc"]
    assert low < value < high
    assert {each["value"] for each in card["scores"]["late_30d"]["groups"]} >= {"gas", "business"}
    assert any("Sex, age" in limit for limit in card["limits"])
