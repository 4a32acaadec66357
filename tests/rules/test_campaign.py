"""A campaign as it is stated: conditions as cells, a hold-out, and who is set aside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tideover.rules.campaign import (
    PEACE,
    Campaign,
    Message,
    as_strategy,
    check_campaign,
    conditions,
    set_aside,
)
from tideover.rules.choice import held_out
from tideover.rules.condition import ZONES, Input
from tideover.terms.faults import Usage

ONE = Campaign("early_yellow", date(2026, 3, 1), ("zone = yellow", "days_past_due >= 5"),
               Message("act_early", "email; sms"), 0.3)  # fmt: skip
HARD = ("hardship", "low_income")
INPUTS = {one.name: one for one in (
    Input("zone", "zone", one_of=ZONES), Input("days_past_due", "days"),
    Input("arrears", "money", digits=2, currency="EUR"),
    Input("circumstance", "yes_no", circumstances=HARD))}  # fmt: skip
FREE = {"holds": None, "plan_active": False, "promise_open": False}


def test_conditions_are_the_cells_of_a_table() -> None:
    strategy = as_strategy(ONE, INPUTS, "EUR")
    judge = strategy.policy.judge
    facts = {"stage": "all", "zone": "yellow", "days_past_due": 5}
    assert judge(facts).id == "campaign"
    assert judge(facts | {"days_past_due": 4}).id == "not_chosen"
    assert judge(facts | {"zone": "red"}).id == "not_chosen"
    assert judge(facts).then.channels == ("email", "sms")


def test_money_is_written_in_the_currency_and_circumstances_by_name() -> None:
    where = ("arrears >= 150.00", "circumstance = hardship")
    strategy = as_strategy(replace(ONE, where=where), INPUTS, "EUR")
    asked = {one.name: one for one in strategy.policy.inputs}
    assert asked["circumstance"].circumstances == ("hardship",)
    facts = {"stage": "all", "arrears": 15000, "circumstance": True}
    assert strategy.policy.judge(facts).id == "campaign"


@pytest.mark.parametrize(("where", "said"), [
    ("zne = yellow", "The night knows no column zne"),
    ("zone = purple", "must be one or some of"),
    ("zone", "is no condition"),
    ("days_past_due = many", "must be a number"),
    ("arrears >= 1.234", "digits after the point"),
    ("circumstance = tall", "must be one or some of"),
])  # fmt: skip
def test_what_cannot_be_asked_is_refused_with_a_remedy(where: str, said: str) -> None:
    with pytest.raises(Usage) as refused:
        as_strategy(replace(ONE, where=(where,)), INPUTS, "EUR")
    assert said in refused.value.what
    assert refused.value.mend


@pytest.mark.parametrize("bad", [
    {"name": "Early Yellow"}, {"name": "../x"}, {"holdout_share": 0.0}, {"holdout_share": 0.95},
    {"where": ()}, {"where": ("zone = red", "zone = green")},
])  # fmt: skip
def test_a_campaign_that_could_teach_nothing_or_chooses_nobody_is_refused(bad: dict) -> None:
    with pytest.raises(Usage):
        check_campaign(replace(ONE, **bad))


@pytest.mark.parametrize("message", [
    Message("act_early", "pigeon"), Message("act_early", "email", tones="threatening"),
    Message("Act early", "email"), Message("none", "email"), Message("act_early", "email", "x\ny"),
])  # fmt: skip
def test_a_message_is_held_to_the_words_of_a_strategy(message: Message) -> None:
    with pytest.raises(Usage):
        as_strategy(replace(ONE, message=message), INPUTS, "EUR")


def test_who_is_held_out_follows_from_name_and_account_alone() -> None:
    accounts = [f"A{n}" for n in range(4000)]
    held = [{a for a in accounts if held_out(a, share=0.3, of=one.name)}
            for one in (ONE, replace(ONE, as_of=date(2027, 1, 1)), replace(ONE, name="other"))
            ]  # fmt: skip
    assert held[0] == held[1]
    assert len(held[0]) / 4000 == pytest.approx(0.3, abs=0.03)
    assert len(held[0] & held[2]) / 4000 == pytest.approx(0.09, abs=0.02)


def test_people_who_are_owed_peace_are_set_aside_whatever_is_chosen() -> None:
    for kind in PEACE:
        assert set_aside(ONE, FREE | {"holds": f"elderly;{kind}"}, for_a_person=False)
    assert set_aside(ONE, FREE | {"holds": "elderly;hardship"}, for_a_person=False) == []
    assert set_aside(ONE, FREE, for_a_person=True) == ["for_a_person"]


def test_a_plan_is_left_alone_unless_it_is_asked_for() -> None:
    planned = FREE | {"plan_active": True}
    assert set_aside(ONE, planned, for_a_person=False) == ["agreed_already"]
    asked = replace(ONE, where=("plan_active = yes",))
    assert set_aside(asked, planned, for_a_person=False) == []


def test_conditions_may_be_compared_without_an_equals_sign() -> None:
    assert conditions(["debt_months < 3"]) == conditions(["debt_months = < 3"])
