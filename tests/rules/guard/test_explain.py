"""Verdicts in words, in every language with nothing left open; records that can be replayed."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest

from tests.rules.guard.conftest import CASES, POLICY_CASES, Facts
from tideover.doors.rulebooks import guard_of, shipped_words
from tideover.rules.guard.evidence import canonical, read_record, record, replayed
from tideover.rules.guard.explain import as_text, explanation, sentence, why
from tideover.rules.guard.primitives import PRIMITIVES
from tideover.rules.guard.vectors import facts_of
from tideover.rules.guard.verdict import Guard
from tideover.rules.guard.vocabulary import ACTIONS, CHANNELS
from tideover.rules.guard.words import LANGUAGES, parse_words
from tideover.terms.faults import Refused, StepMissing

DAYS = (date(2010, 1, 1), date(2030, 1, 1))
SPOKEN = [
    one for one in (*CASES[::6], *POLICY_CASES[::3]) if one["focus"] in one["expect"]["blocking"]
]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_has_words_and_none_is_left_open(strict: Guard, lang: str) -> None:
    words = shipped_words(lang)
    assert {rule.id for rule in strict.rules} - words.rules.keys() == set()
    said = [sentence(rule, day, words) for rule in strict.rules for day in DAYS]
    assert [one for one in said if re.search(r"[{}$]", one)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_the_same_phrases(lang: str) -> None:
    english, words = shipped_words("en").phrases, shipped_words(lang).phrases
    assert {s: p.keys() for s, p in words.items()} == {s: p.keys() for s, p in english.items()}
    for section, phrases in english.items():
        for name, phrase in phrases.items():
            here = words[section][name]
            assert set(re.findall(r"{\w+}", here)) == set(re.findall(r"{\w+}", phrase)), here


def test_every_type_action_and_channel_has_its_phrase() -> None:
    phrases = shipped_words("en").phrases
    assert phrases["type"].keys() == phrases["checked"].keys() == PRIMITIVES.keys()
    assert phrases["action"].keys() == ACTIONS.keys()
    assert phrases["stop"].keys() == set(CHANNELS)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", SPOKEN, ids=lambda c: str(c["focus"]))
def test_a_verdict_is_said_with_its_rules_citations_and_facts(
    strict: Guard, case: Facts, lang: str
) -> None:
    scenario = strict.reading.scenario(facts_of(case))
    verdict, words = strict.judge(scenario), shipped_words(lang)
    told = explanation(verdict, scenario, words)
    text = as_text(told, words)
    fired = {rule["id"]: rule for rule in told["rules"]}
    assert tuple(sorted(fired)) == verdict.blocking
    assert fired[case["focus"]]["citation"] in text
    assert case["focus"] in text
    json.dumps(told, default=str)


def test_the_facts_used_are_named_even_where_they_are_not_known(guard: Guard) -> None:
    case = facts_of(next(one for one in CASES if one["focus"] == "US-PA-WINTER"))
    case.pop("customer")
    scenario = guard.reading.scenario(case)
    told = explanation(guard.judge(scenario), scenario, shipped_words("en"))
    assert told["rules"][0]["facts"]["customer.income_fpl_pct"] is None
    assert "customer.income_fpl_pct: not known" in as_text(told, shipped_words("en"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_said_when_nobody_vouches_or_no_rulebook_knows(lang: str) -> None:
    words, old = shipped_words(lang), guard_of(age_limit_days=30)
    scenario = old.reading.scenario({**offer("sms"), "as_of": "2027-06-10T10:00:00-04:00"})
    told = explanation(old.judge(scenario), scenario, words)
    assert told["rule"] == "FRESHNESS"
    assert "2026-11-27" in told["sentence"]
    nowhere = explanation(old.verdict({**offer("sms"), "jurisdiction": "XX"}), None, words)
    assert nowhere["rule"] == "no rulebook"
    assert nowhere["sentence"] == words.phrases["verdict"]["no_rulebook"]


def offer(channel: str) -> Facts:
    """Return a message that may be sent."""
    return {"jurisdiction": "US", "timezone": "America/New_York", "actor": "collector",
            "as_of": "2025-06-10T10:00:00-04:00", "service": "water", "history": [],
            "action": {"type": "contact", "channel": channel,
                       "content": ["opt_out_instructions"]}}  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_customer_is_told_why_and_how_to_stop_it(guard: Guard, lang: str) -> None:
    words, scenario = shipped_words(lang), guard.reading.scenario(offer("sms"))
    told = why(guard, guard.judge(scenario), scenario, words)
    assert words.phrases["stop"]["sms"] in told
    assert words.phrases["checked"]["time_window"] in told
    assert not re.search(r"[{}$]|US-|CFR", told)


def test_what_was_not_allowed_is_not_explained_to_a_customer(guard: Guard) -> None:
    scenario = guard.reading.scenario({**offer("sms"), "customer": {"deceased": True}})
    with pytest.raises(ValueError, match="only what was allowed"):
        why(guard, guard.judge(scenario), scenario, shipped_words("en"))


@pytest.mark.parametrize("case", CASES[::5], ids=lambda case: str(case["focus"]))
def test_a_record_is_replayed_byte_for_byte(guard: Guard, case: Facts) -> None:
    kept = record(guard, case, shipped_words("fr"))
    told = read_record(kept)
    assert replayed(told, guard_of(), shipped_words("fr")) == kept
    assert told["verdict"]["rule"] == case["focus"]


def test_a_record_of_other_rulebooks_cannot_be_replayed(guard: Guard, strict: Guard) -> None:
    told = read_record(record(strict, CASES[0], shipped_words("en")))
    with pytest.raises(StepMissing, match="not there any more"):
        replayed(told, guard, shipped_words("en"))


@pytest.mark.parametrize("text", ["{}", "[]", '{"form": 2}', "x", '{"a": 1, "a": 2}'])
def test_what_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_record(text)


def test_numbers_of_a_record_stay_as_they_were() -> None:
    told: dict[str, Any] = read_record(
        '{"form": 1, "facts": {"a": 0.10, "b": 12345678901234567.25}, "rulebooks": {},'
        ' "age_limit_days": null, "verdict": {}}'
    )  # type: ignore[assignment]
    assert '"a": 0.10' in canonical(told)
    assert '"b": 12345678901234567.25' in canonical(told)


@pytest.mark.parametrize("text", ["a = ", "A = 7", '[said]\nday = ""', "[said.more]\nday = 'x'"])
def test_words_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"w\.toml"):
        parse_words([("w.toml", text)], "en")
