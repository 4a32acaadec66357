"""What the shipped strategies stand for, and that their papers say what they do."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.strategy.made import STRATEGIES
from tests.rules.strategy.test_tables import any_facts
from tideover.doors.strategies.folder import shipped
from tideover.rules.condition import Fact
from tideover.rules.strategy import Policy
from tideover.rules.strategy.cases import run_cases
from tideover.rules.strategy.proposal import NEXT_TABLE, SILENCE

WHOLE = ("default", "more_time")  # the others put notices before the default
CASES = [(name, outcome) for name, made in STRATEGIES.items() for outcome in run_cases(made)]
EXAMPLES = [name for name in STRATEGIES if name not in WHOLE]
each_whole = pytest.mark.parametrize(
    "policy", [STRATEGIES[name].policy for name in WHOLE], ids=WHOLE
)


@pytest.mark.parametrize("outcome", [o for _, o in CASES],
                         ids=[f"{name}: {o.case.name}" for name, o in CASES])  # fmt: skip
def test_every_case_of_the_shipped_strategies_holds(outcome: Any) -> None:
    assert outcome.words == ""


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_the_default_and_notices_before_it(name: str) -> None:
    made, default = shipped(name), shipped("default")
    for file in ("peace.csv", "before_due.csv", "behind.csv"):
        assert made[file] == default[file]
    assert [table.name for table in STRATEGIES[name].policy.tables] == [
        "peace", "notices", "before_due", "behind",
    ]  # fmt: skip


def test_more_time_is_the_default_but_for_those_who_are_behind() -> None:
    made, default = shipped("more_time"), shipped("default")
    assert {name for name in made if made[name] != default[name]} == {
        "behind.csv", "cases.toml", "strategy.toml",
    }  # fmt: skip
    assert STRATEGIES["more_time"].head.treatments == STRATEGIES["default"].head.treatments


def of(policy: Policy, data: st.DataObject, **more: Fact) -> Any:
    """Return what is proposed to an account of which this is known, and anything else."""
    return policy.judge(data.draw(any_facts(policy)) | more).then


@each_whole
@given(st.data())
def test_assistance_is_kept_from_the_green_and_before_the_due_date(
    policy: Policy, data: st.DataObject
) -> None:
    for told in ({"zone": "green", "is_open": True}, {"stage": "before_due"}):
        then = of(policy, data, **told)
        assert not {"grant", "counselling", "plan", "budget_billing"} & set(then.offers)


@each_whole
@given(st.data(), st.sampled_from(["bereaved", "protected", "under_review", "needs_a_person",
                                   "help_pending", "plan_active", "promise_open"]))  # fmt: skip
def test_who_is_to_be_left_in_peace_is(policy: Policy, data: st.DataObject, hold: str) -> None:
    assert of(policy, data, **{hold: True}).is_silence


@each_whole
@given(st.data())
def test_households_in_the_red_meet_empathy_and_help(policy: Policy, data: st.DataObject) -> None:
    then = of(policy, data, zone="red", segment="residential", is_open=True)
    assert then.is_silence or (then.tones == ("empathetic",) and "none" not in then.offers)


@each_whole
@given(st.data())
def test_the_vulnerable_are_met_by_a_person(policy: Policy, data: st.DataObject) -> None:
    free = dict.fromkeys(("bereaved", "protected", "under_review"), False)
    assert of(policy, data, **free, needs_a_person=True).is_for_a_person


@given(st.data())
def test_more_time_comes_before_plans_until_there_were_twelve_messages(data: st.DataObject) -> None:
    policy = STRATEGIES["more_time"].policy
    then = of(policy, data, contacts_out_90d=11, segment="residential", struggling=False,
              is_open=True, budget_billing=False)  # fmt: skip
    assert then.is_silence or set(then.offers) <= {"none", "extension"}


@pytest.mark.parametrize("name", STRATEGIES)
def test_no_shipped_strategy_threatens(name: str) -> None:
    rows = STRATEGIES[name].policy.rows
    words = " ".join(f"{r.then.because} {' '.join(r.then.tones)}" for r in rows)
    threats = ("disconnect", "shut", "cut off", "legal", "court", "agency", "warn", "demand")
    assert [threat for threat in threats if threat in words] == []


@pytest.mark.parametrize("name", STRATEGIES)
def test_ending_supply_is_only_ever_laid_before_a_person(name: str) -> None:
    made = STRATEGIES[name]
    about = {treatment: by for treatment, by in made.head.treatments.items()
             if "disconnect" in treatment}  # fmt: skip
    assert set(about.values()) <= {"person"}
    assert all(r.then.is_for_a_person for r in made.policy.rows if r.then.treatment in about)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_notice_goes_out_only_on_its_own_step(name: str) -> None:
    made = STRATEGIES[name]
    (notices,) = [table for table in made.policy.tables if table.ladder]
    acting = [r for r in notices.rows if r.then.treatment not in (SILENCE, NEXT_TABLE)]
    assert [str(r.when[str(notices.ladder)]) for r in acting] == [
        step.id for step in made.ladders[str(notices.ladder)].steps
    ]
