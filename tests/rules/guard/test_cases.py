"""The cases beside the rules: each holds, and every rule is needed by one of them."""

from __future__ import annotations

import os

import pytest

from tests.rules.guard.conftest import CASES, PLACES, POLICY_CASES, Facts, beside
from tideover.doors.rulebooks import law, shipped_policy
from tideover.rules.guard.vectors import Vectors, as_told, facts_of
from tideover.rules.guard.verdict import Guard

BOOKS = [*law(), shipped_policy()]
EVERY = [rule.id for book in BOOKS for rule in book.rules]
ASKED = EVERY if os.environ.get("TIDEOVER_MUTATE") else EVERY[::9]


def verdict(guard: Guard, case: Facts) -> Facts:
    """Return the verdict on a case as data."""
    scenario = guard.reading.scenario(facts_of(case))
    return as_told(guard.judge(scenario), scenario)


def wanted(case: Facts) -> Facts:
    """Return the verdict a case expects."""
    return {name: one for name, one in case["expect"].items() if name != "citation"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["focus"]))
def test_a_case_has_its_verdict(guard: Guard, case: Facts) -> None:
    assert verdict(guard, case) == wanted(case)
    assert Vectors(guard).scenario(case)  # it is a vector, as the catalogue's are


@pytest.mark.parametrize("case", POLICY_CASES, ids=lambda case: str(case["focus"]))
def test_a_case_of_the_policy_has_its_verdict(strict: Guard, case: Facts) -> None:
    assert verdict(strict, case) == wanted(case)


@pytest.mark.parametrize("place", [*PLACES, "policy"])
def test_every_rule_has_a_case_in_which_it_refuses(place: str) -> None:
    book = next(book for book in BOOKS if book.place == place)
    refused = {case["expect"]["rule"] for case in beside(place)}
    assert {rule.id for rule in book.rules} - refused == set()


@pytest.mark.parametrize("rule", ASKED)
def test_without_any_one_rule_a_case_fails(rule: str) -> None:
    # all of them: make mutate
    weaker = Guard(BOOKS, without=[rule])
    cases = [case for case in [*CASES, *POLICY_CASES] if case["focus"] == rule]
    assert any(verdict(weaker, case) != wanted(case) for case in cases)


@pytest.mark.parametrize("rule", [r for b in BOOKS for r in b.rules], ids=lambda rule: rule.id)
def test_every_value_has_a_unit_and_a_source(rule: object) -> None:
    assert rule.source.strip()  # type: ignore[attr-defined]
    for value in rule.values.values():  # type: ignore[attr-defined]
        assert value.unit.strip()
        assert all(version.source.strip() for version in value.versions)
