"""A rule that asks for a fact which comes from nowhere denies, and names the fact."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.guard.conftest import Facts
from tideover.doors.rulebooks import guard_of, law, shipped_words
from tideover.rules.guard.evidence import read_record, record, replayed
from tideover.rules.guard.explain import as_text, explanation
from tideover.rules.guard.verdict import NO_FACT, Guard
from tideover.rules.guard.words import LANGUAGES

COLD = "context.weather.min_f_next_24h"
UNKNOWN = {COLD: "nowhere"}


def shut_off(**more: Any) -> Facts:
    """Return a shut-off in Illinois in June, announced in time."""
    return {
        "jurisdiction": "US-IL", "timezone": "America/Chicago", "actor": "utility",
        "as_of": "2025-06-10T10:00:00-05:00", "service": "gas", "action": {"type": "disconnect"},
        "history": [{"type": "notice", "kind": "termination",
                     "at": "2025-05-20T10:00:00-05:00"}],
    } | more  # fmt: skip


@pytest.fixture(scope="module")
def unknowing() -> Guard:
    return Guard(law(), nowhere=UNKNOWN)


def test_a_rule_that_asks_for_what_nothing_supplies_denies(unknowing: Guard) -> None:
    assert guard_of().verdict(shut_off()).verdict == "allow"
    found = unknowing.verdict(shut_off())
    assert (found.verdict, found.rule, found.blocking) == ("deny", NO_FACT, (NO_FACT,))
    assert found.lacking == (COLD,)


def test_a_proposal_that_brings_the_fact_is_judged_by_it(unknowing: Guard) -> None:
    for degrees, verdict in ((60, "allow"), (20, "deny")):
        facts = shut_off(customer={"heating_source": "gas"},
                         context={"weather": {"min_f_next_24h": degrees}})  # fmt: skip
        found = unknowing.verdict(facts)
        assert (found.verdict, NO_FACT in found.blocking) == (verdict, False)


def test_a_rule_that_does_not_apply_asks_for_nothing(unknowing: Guard) -> None:
    for other in ({"service": "water"}, {"action": {"type": "contact", "channel": "letter"}},
                  {"action": {"type": "disconnect", "ground": "safety"}}):  # fmt: skip
        assert NO_FACT not in unknowing.verdict(shut_off(**other)).blocking


def test_a_rule_that_denies_for_good_is_named_first(unknowing: Guard) -> None:
    found = unknowing.verdict(shut_off(history=[]))
    assert (found.rule, found.blocking) == ("US-IL-NOTICE", (NO_FACT, "US-IL-NOTICE"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_fact_is_named_in_every_language_and_the_record_replays(
    unknowing: Guard, lang: str
) -> None:
    words, scenario = shipped_words(lang), unknowing.reading.scenario(shut_off())
    told = explanation(unknowing.judge(scenario), scenario, words)
    assert COLD in as_text(told, words)
    kept = record(unknowing, shut_off(), words)
    again = read_record(kept)
    guard = Guard(law(), nowhere=again["nowhere"])
    assert replayed(again, guard, words) == kept
