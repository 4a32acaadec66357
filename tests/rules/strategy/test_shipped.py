"""Decision tables: what they say, what they refuse, and what the shipped one stands for."""

from __future__ import annotations

from importlib.resources import files
from math import nan
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tideover.rules.condition import Among, Between, Fact, Input, condition
from tideover.rules.strategy import Policy, parse_policy
from tideover.terms.faults import Usage

SHIPPED = parse_policy(files("tideover.rules").joinpath("policies/default.toml").read_text())
HEAD = """
hit = "{hit}"
[stages]
before_due = 0
early = 1
[inputs]
zone = {{ type = "text", one_of = ["green", "red"] }}
owed = {{ type = "number" }}
plan = {{ type = "boolean" }}
"""
END = '[[row]]\nid = "otherwise"\nbecause = "nothing else fits"\n'


def row(row_id: str, when: str, more: str = "") -> str:
    return f'[[row]]\nid = "{row_id}"\nwhen = {{ {when} }}\nbecause = "said so"\n{more}\n'


def table(*rows: str, hit: str = "first", end: str = END) -> Policy:
    return parse_policy(HEAD.format(hit=hit) + "".join(rows) + end)


def refusal(*rows: str, hit: str = "first", end: str = END) -> str:
    with pytest.raises(Usage) as caught:
        table(*rows, hit=hit, end=end)
    return str(caught.value)


def facts(**known: Fact) -> dict[str, Fact]:
    return {"stage": "early", "zone": "green", "owed": nan, "plan": False} | known


def test_the_first_row_that_matches_decides() -> None:
    policy = table(row("some", 'owed = ">= 1"'), row("green", 'zone = "green"'))
    assert policy.judge(facts(owed=1.0)).id == "some"
    assert policy.judge(facts(owed=0.5)).id == "green"
    assert policy.judge(facts(owed=0.5, zone="red")).id == "otherwise"


def test_no_condition_holds_on_what_is_not_known() -> None:
    policy = table(row("little", 'owed = "< 5"'), row("much", 'owed = ">= 5"'))
    assert policy.judge(facts(owed=nan)).id == "otherwise"
    assert policy.judge(facts(owed=5.0)).id == "much"


@pytest.mark.parametrize(("rows", "said"), [
    ([row("a", 'size = ">= 1"')], "row a. Known are stage, zone, owed, plan"),
    ([row("a", 'owed = "much"')], "row a, owed"),
    ([row("a", "owed = true")], "row a, owed"),
    ([row("a", 'owed = "[5..1]"')], "holds for no number"),
    ([row("a", 'zone = "blue"')], "must be one or some of: green, red"),
    ([row("a", "zone = []")], "must be one or some of"),
    ([row("a", 'plan = "yes"')], "must be true or false"),
    ([row("a", "plan = true", 'treatment = "call"')], "needs channels and tones"),
    ([row("a", "plan = true", 'offers = ["plan"]')], "Silence has no offers"),
    ([row("a", "plan = true", 'treatment = "t"\nchannels = ["visit"]\ntones = ["formal"]')],
     "channels must be a list of some of: email, sms, whatsapp, voice, letter"),
    ([row("a", "plan = true", 'treatment = "t"\nchannels = ["sms", "sms"]\ntones = ["formal"]')],
     "says a word twice"),
    ([row("a", "plan = true"), row("a", "plan = false")], "an id of its own"),
    ([row("a", "plan = true", 'colour = "red"')], "colour is not known here"),
    ([row("a", 'owed = ">= 3"'), row("b", 'owed = "[4..9]"')], "Row b can never decide: row a"),
])  # fmt: skip
def test_a_table_that_cannot_be_right_is_refused_with_its_row(rows: list[str], said: str) -> None:
    assert said in refusal(*rows)


def test_a_table_without_a_last_resort_is_refused() -> None:
    assert "The last row must have no conditions" in refusal(row("a", "plan = true"), end="")


def test_the_table_that_the_paper_shows_is_one() -> None:
    paper = (Path(__file__).parents[2] / "docs/policy.md").read_text(encoding="utf-8")
    shown = parse_policy(paper.split("```toml\n")[1].split("```")[0])
    assert [r.id for r in shown.rows] == ["disputing", "red", "otherwise"]


def test_unique_refuses_rows_that_meet_and_first_allows_them() -> None:
    rows = row("plan", "plan = true"), row("red", 'zone = "red", owed = "(1..2)"')
    assert "Row red meets row plan" in refusal(*rows, hit="unique")
    assert table(*rows).judge(facts(plan=True, zone="red", owed=1.5)).id == "plan"


def test_unique_takes_rows_that_touch_without_meeting() -> None:
    policy = table(row("low", 'owed = "< 3"'), row("high", 'owed = ">= 3"'), hit="unique")
    assert [policy.judge(facts(owed=o)).id for o in (2.9, 3.0)] == ["low", "high"]


@pytest.mark.parametrize(("change", "said"), [
    (('hit = "first"', 'hit = "any"'), "hit must be said"),
    (("early = 1", "early = 0"), "in the order of their days"),
    (("before_due = 0", "before_due = 1"), "must begin at day 0"),
    (('"number"', '"money"'), "type must be number, text or boolean"),
    (("owed =", "class ="), "is a word of Python"),
    (('type = "boolean"', 'type = "boolean", circumstances = ["flood"]'), "flood"),
    (("[stages]", "[stages"), "The policy is no TOML"),
])  # fmt: skip
def test_a_head_that_cannot_be_right_is_refused(change: tuple[str, str], said: str) -> None:
    with pytest.raises(Usage, match=r"policy\.toml") as caught:
        parse_policy((HEAD.format(hit="first") + END).replace(*change))
    assert said in str(caught.value)


def any_fact(asked: Input) -> st.SearchStrategy[Any]:
    if asked.kind == "number":
        at_the_edges = [0.05, 0.15, 0.9, 0.0, 1.0, 5.0, 7.0, 14.0, 31.0]
        return st.sampled_from([nan, *at_the_edges]) | st.floats(-10, 100)
    return st.booleans() if asked.kind == "boolean" else st.sampled_from([None, *asked.one_of])


def any_facts(policy: Policy) -> st.SearchStrategy[dict[str, Fact]]:
    return st.fixed_dictionaries({i.name: any_fact(i) for i in policy.inputs})


@given(any_facts(SHIPPED))
def test_the_function_decides_as_a_reader_of_the_rows_would(known: dict[str, Fact]) -> None:
    *passed, (last, failing) = SHIPPED.walk(known)
    assert failing is None
    assert all(name is not None for _, name in passed)
    assert SHIPPED.judge(known) is last


ENDS = st.tuples(st.integers(-3, 3), st.integers(0, 4), st.booleans(), st.booleans())


def between(low: int, width: int, low_open: bool, high_open: bool) -> Between:
    return Between((float(low), int(low_open)), (float(low + width), -int(high_open)))


@given(ENDS, ENDS)
@settings(max_examples=200)
def test_ranges_meet_and_cover_as_their_numbers_do(one: Any, other: Any) -> None:
    a, b = between(*one), between(*other)
    numbers = [n / 4 for n in range(-16, 33)]
    in_a, in_b = ({n for n in numbers if c.holds(n)} for c in (a, b))
    assert a.meets(b) == bool(in_a & in_b) or not (in_a and in_b)
    assert not a.covers(b) or in_b <= in_a


def test_a_cell_reads_as_people_say_it() -> None:
    number = Input("owed", "number")
    assert str(condition("[1..30)", number)) == "at least 1 and under 30"
    assert str(condition("> 3", number)) == "over 3"
    assert str(condition(0, number)) == "0"
    assert str(Among((True,))) == "yes"


def of(known: dict[str, Fact], **more: Fact) -> Any:
    return SHIPPED.judge(known | more).then


@given(any_facts(SHIPPED))
def test_assistance_is_kept_from_the_green_and_before_the_due_date(known: dict[str, Fact]) -> None:
    for then in (of(known, zone="green", is_open=True), of(known, stage="before_due")):
        assert not {"grant", "counselling", "plan", "budget_billing"} & set(then.offers)


@given(any_facts(SHIPPED), st.sampled_from(["bereaved", "protected", "under_review",
                                            "needs_a_person", "help_pending", "plan_active",
                                            "promise_open"]))  # fmt: skip
def test_who_is_to_be_left_in_peace_is(known: dict[str, Fact], hold: str) -> None:
    assert of(known, **{hold: True}).is_silence


@given(any_facts(SHIPPED))
def test_households_in_the_red_meet_empathy_and_help(known: dict[str, Fact]) -> None:
    then = of(known, zone="red", segment="residential", is_open=True)
    assert then.is_silence or (then.tones == ("empathetic",) and "none" not in then.offers)


def test_the_shipped_policy_never_threatens() -> None:
    words = " ".join(f"{r.id} {r.then.treatment} {r.then.because}" for r in SHIPPED.rows)
    threats = ("disconnect", "shut", "cut off", "legal", "court", "agency", "warn", "demand")
    assert [threat for threat in threats if threat in words] == []
