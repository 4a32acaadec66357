"""What is learnt from draws: what helps whom, night after night, and only from what is over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from tests.portfolio.choosing.world import FIRST, PRICES, WAYS, Town, truth
from tideover.portfolio.choice_settings import ChoiceSettings
from tideover.portfolio.choosing import Lessons, Terms, evidence_of, learn, load, rewarded, save
from tideover.portfolio.choosing.best import by_kind, one_by_one, sizes_of
from tideover.portfolio.choosing.traits import NAMES, Slots
from tideover.rules.choice import LEFT_ALONE, Option, floors_of, thompson
from tideover.rules.contact import CHANNELS

NIGHTS, EVERY = 9, 3
USED = {way.channel for way in WAYS}


@pytest.fixture(scope="module")
def lived() -> tuple[list[float], Town, Lessons]:
    """Return the regret of each night of a town, the town, and what it taught in the end."""
    town, lessons, regret = Town(1), None, []
    for at in range(NIGHTS):
        if at and at % EVERY == 0:
            lessons = town.learnt(at)
        regret.append(town.night(at, lessons))
    return regret, town, town.learnt(NIGHTS)


def test_regret_falls_over_the_nights(lived: tuple[list[float], Town, Lessons]) -> None:
    regret = lived[0]
    assert np.mean(regret[-3:]) < 0.5 * np.mean(regret[:EVERY])


def test_what_helps_most_is_found_and_the_truth_lies_within_what_is_believed(
    lived: tuple[list[float], Town, Lessons],
) -> None:
    _, town, lessons = lived
    traits = town.seen[-1]
    weigher = town.weigher(traits, lessons, 99)
    _, gain, _ = weigher.weighed(range(len(traits)), WAYS, leaves=False)
    true = np.column_stack([truth(traits, way) - PRICES[way.channel] for way in WAYS])
    of_channel = {c: gain[:, [w.channel == c for w in WAYS]].mean() for c in PRICES if c in USED}
    assert sorted(of_channel, key=lambda c: -of_channel[c]) == ["sms", "email", "letter"]
    spread = np.einsum("nt,dwt->dnw", weigher.accounts, weigher.believed.of_ways(WAYS)[1:]).std(0)
    assert (np.abs(gain - true) <= 3 * spread).mean() > 0.9


def test_who_will_pay_anyway_is_left_alone(lived: tuple[list[float], Town, Lessons]) -> None:
    _, town, lessons = lived
    traits = np.zeros((2, len(NAMES)))
    traits[:, 0], traits[:, NAMES.index("likely")] = 1.0, (0.6, -0.4)
    shares = town.shares(traits, lessons, 99)
    assert shares[0, -1] > 2 * shares[1, -1]


def test_the_same_night_draws_from_the_same_beliefs(
    lived: tuple[list[float], Town, Lessons], tmp_path: Path
) -> None:
    _, town, lessons = lived
    save(lessons, tmp_path / "kept.npz")
    kept, traits = load(tmp_path / "kept.npz"), town.seen[0][:50]
    assert kept.id == lessons.id
    assert (town.shares(traits, kept, 5) == town.shares(traits, lessons, 5)).all()
    assert (town.shares(traits, kept, 5) != town.shares(traits, lessons, 6)).any()


def test_shares_for_many_are_those_of_the_rule_for_one(
    lived: tuple[list[float], Town, Lessons],
) -> None:
    _, town, lessons = lived
    traits = town.seen[0][:5]
    shares, weigher = town.shares(traits, lessons, 5), town.weigher(traits, lessons, 5)
    draws = weigher.believed.of_ways(WAYS)[1:]
    floors = floors_of(len(WAYS), 0.03, leaves=True)
    for i, account in enumerate(weigher.accounts):
        worth = [[*(draw @ account), 0.0] for draw in draws]
        assert np.allclose(thompson(worth, floors), shares[i], atol=0.02)


def rows(*said: dict[str, object]) -> pa.Table:
    plain = {"account_no": 1, "as_of": FIRST, "arm": "treated", "treatment": "nudge",
             "channel": "sms", "tone": "direct", "offer": "none", "part": "morning",
             "propensity": 0.5, "reward": 1.0}  # fmt: skip
    return pa.Table.from_pylist([plain | {"account_no": n} | one for n, one in enumerate(said)])


TERMS = Terms(FIRST, 90, 0.05)


def test_a_rare_draw_weighs_as_much_as_it_stands_for() -> None:
    weight = evidence_of(rows({"propensity": 0.8}, {"propensity": 0.2}), TERMS)
    assert weight[1] == pytest.approx(4 * weight[0])


def test_an_old_decision_weighs_less_and_one_of_many_alike_too() -> None:
    later = Terms(FIRST.replace(month=4), 90, 0.05)
    assert evidence_of(rows({}), later) == pytest.approx(0.5)
    alone = {"arm": "holdout", "propensity": None, "account_no": 7}
    assert evidence_of(rows(alone, alone, alone), TERMS).sum() == pytest.approx(1.0)


def test_what_came_through_a_message_itself_is_not_shared_with_the_next() -> None:
    twice = rows({"account_no": 7}, {"account_no": 7})
    assert evidence_of(twice, TERMS).sum() == pytest.approx(1.0)
    assert evidence_of(twice, replace(TERMS, of_account=False)).sum() == pytest.approx(2.0)
    assert ChoiceSettings().of_account, "a cure follows all of them"
    linked = ChoiceSettings(reward_cured=0, reward_plan_kept=0, reward_linked=1, reward_promised=1)
    assert not linked.of_account


def test_a_kind_that_tells_nothing_is_believed_less_than_one_that_does() -> None:
    random, n = np.random.default_rng(5), 3_000
    offer, tone = (random.choice(words, n) for words in (["none", "plan"], ["direct", "friendly"]))
    drawn = pa.table({"arm": ["treated"] * n, "treatment": ["nudge"] * n, "channel": ["sms"] * n,
                      "tone": tone, "offer": offer, "part": ["morning"] * n,
                      "reward": 1.0 * (random.random(n) < np.where(offer == "plan", 0.5, 0.2)),
                      })  # fmt: skip
    plain = np.zeros((n, len(NAMES)))
    plain[:, 0] = 1.0
    lessons = learn(drawn, plain, np.zeros((n, len(CHANNELS))), np.ones(n))
    kinds = ("treatment", "channel", "tone", "offer", "part")
    spread = dict(zip(kinds, lessons.spreads, strict=False))
    assert spread["tone"] < spread["offer"]


def test_the_reward_is_a_cure_or_a_kept_plan_less_what_went_wrong() -> None:
    followed = pa.table({
        "cured": [1, 0, None, 0, None], "plan_kept": [None, 1, None, 0, 1],
        "promised": [0, 0, 1, 0, None], "linked_minor": [30, 0, 0, 0, 0],
        "complained": [0, 0, 0, 1, 0], "opted_out": [0, 1, 0, 0, 0],
        "money_in_minor": [90, 10, 0, -5, None], "arrears_minor": [60, 40, 10, 10, 10],
    })  # fmt: skip
    choice = ChoiceSettings(price_complaint=3.0, price_opt_out=0.5)
    assert rewarded(followed, choice)["reward"].to_pylist() == [1.0, 0.5, -3.0, 1.0]
    arrears_down = replace(choice, reward_cured=0.5, reward_plan_kept=0.1, reward_paid=0.5)
    assert rewarded(followed, arrears_down)["reward"].to_pylist() == pytest.approx(
        [1.0, 0.1 + 0.125 - 0.5, -3.0, 0.1]
    )
    through_it = replace(choice, reward_cured=0.0, reward_plan_kept=0.0, reward_linked=1.0,
                         reward_promised=1.0)  # fmt: skip
    assert rewarded(followed, through_it)["reward"].to_pylist() == [0.5, -0.5, -3.0, 0.0]


def test_a_treatment_never_seen_is_known_as_another() -> None:
    slots = Slots(["assistance", "reminder"])
    unseen, seen = (Option(name, *WAYS[0][1:]) for name in ("brand_new", "reminder"))
    assert slots.places(unseen) != slots.places(seen)
    assert slots.places(unseen)[1:] == slots.places(seen)[1:]
    assert slots.of([unseen]).sum() == 6
    assert LEFT_ALONE not in WAYS


def test_the_best_is_the_same_kind_by_kind_and_one_by_one() -> None:
    random = np.random.default_rng(3)
    draws, known = random.normal(size=(20, 6)), random.normal(size=(40, 6)).astype(np.float32)
    of_word = random.normal(size=(5, 20, 6))
    worth = np.array([draws + of_word[0] * a + of_word[1 + b] for a in (0, 1) for b in (0, 1, 2)])
    quick = worth.transpose(1, 0, 2).astype(np.float32)
    fast, slow = by_kind(quick, known, (2, 3)), one_by_one(quick, known)
    assert (fast[0] == slow[0]).mean() > 0.999
    assert np.allclose(fast[1], slow[1], atol=1e-4)
    assert sizes_of(WAYS) == (1, 3, 2, 1, 2)
    assert sizes_of(WAYS[:-1]) is None
