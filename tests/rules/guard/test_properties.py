"""What must be so of every verdict, on the cases and on changes of them."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules.guard.conftest import CASES, Facts
from tideover.doors.rulebooks import guard_of, law, shipped_policy
from tideover.rules.guard.scenario import Scenario
from tideover.rules.guard.vectors import facts_of
from tideover.rules.guard.verdict import ALLOW, DEFER, DENY, Guard

LAW, STRICT = guard_of(), guard_of([*law(), shipped_policy()])
SEVERE = {ALLOW: 0, DEFER: 1, DENY: 2}
a_case = st.sampled_from(CASES)
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def told(guard: Guard, facts: Facts) -> tuple[Any, ...]:
    """Return a verdict as it is compared."""
    found = guard.verdict(facts)
    return found.verdict, found.until, found.rule, found.blocking


def scenario(facts: Facts, at: int | None = None) -> Scenario:
    """Return the proposal of facts, at another instant if one is given."""
    made = LAW.reading.scenario(facts)
    if at is not None:
        made.as_of = at
        made.kept.clear()
    return made


@st.composite
def proposals(draw: st.DrawFn) -> Facts:
    """Return a case with what happened in another of the same place mixed in."""
    facts = copy.deepcopy(facts_of(draw(a_case)))
    other = facts_of(draw(a_case))
    facts["history"] = [*facts["history"], *(e for e in other["history"] if draw(st.booleans()))]
    seen: dict[str, Facts] = {event["at"]: event for event in facts["history"]}
    facts["history"] = list(seen.values())  # one event an instant
    for part in ("customer", "context"):
        if draw(st.booleans()) and part in other:
            facts[part] = {**other[part], **facts.get(part, {})}
    return facts


@quick
@given(proposals(), st.randoms(use_true_random=False))
def test_the_order_of_history_does_not_matter(facts: Facts, chance: Any) -> None:
    mixed = copy.deepcopy(facts)
    chance.shuffle(mixed["history"])
    assert told(LAW, mixed) == told(LAW, facts)


@quick
@given(proposals(), st.sampled_from(["offer", "x_token"]), st.booleans())
def test_an_unrelated_fact_changes_nothing(facts: Facts, token: str, vip: bool) -> None:
    more = copy.deepcopy(facts)
    elsewhere = "low_income" if facts["jurisdiction"] == "AU-NECF" else "rebate_application_open"
    more.setdefault("customer", {})[elsewhere] = vip
    more["history"].append({"type": "data_shared", "recipient": "collection_agency",
                            "fields": [token], "at": "2020-01-01T10:00:00+00:00"})  # fmt: skip
    assert told(LAW, more) == told(LAW, facts)


@quick
@given(proposals())
def test_deferred_until_means_allowed_then_and_not_an_instant_before(facts: Facts) -> None:
    found = LAW.verdict(facts)
    if found.verdict != DEFER or found.until is None:
        return
    assert LAW.judge(scenario(facts, found.until)).verdict == ALLOW
    before = LAW.judge(scenario(facts, found.until - 1))
    assert before.verdict != ALLOW
    assert before.until in (None, found.until)


@quick
@given(proposals())
def test_a_stricter_policy_never_allows_more(facts: Facts) -> None:
    law_says, both_say = LAW.verdict(facts), STRICT.verdict(facts)
    assert SEVERE[both_say.verdict] >= SEVERE[law_says.verdict]
    assert set(law_says.blocking) <= set(both_say.blocking)
    if both_say.verdict == law_says.verdict == DEFER:
        assert (both_say.until or 0) >= (law_says.until or 0)
