"""Whatever a file holds, a strategy is whole or refused in one sentence with place and remedy."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.strategy.made import STRATEGIES, refusal, texts
from tideover.doors.strategies.folder import shipped
from tideover.rules.strategy import parse_strategy
from tideover.rules.strategy.cases import run_cases
from tideover.terms.faults import Refused

NL = shipped("nl")


def loaded(files: dict[str, str]) -> str:
    """Load a strategy and run its cases; return why it is refused, or nothing."""
    try:
        run_cases(parse_strategy(files))
    except Refused as refused:
        fault = refused
    else:
        return ""
    assert fault.where
    assert fault.mend
    assert len(str(fault)) < 2_000
    return str(fault)


@pytest.mark.parametrize(("change", "said"), [
    (('name = "small"', 'name = "Small One"'), "name must be in small letters"),
    (('author = "Ann"', "author = 7"), "author is missing, or no text"),
    (('currency = "EUR"', 'currency = "EURO"'), "currency is no currency"),
    (('currency = "EUR"', ""), "Money needs a currency. strategy.toml, [inputs] arrears"),
    (('hit = "first"', 'hit = "any"'), "hit must be said"),
    (('ladder = "most_severe"', 'ladder = "any"'), "ladder must be said"),
    (('ladder = "most_severe"', 'ladder = "one_at_a_time"'), "names its steps"),
    (("early = 1", "early = 0"), "in the order of their days"),
    (("before_due = 0", "before_due = 1"), "must begin at day 0"),
    (('"number"', '"text"'), "type must be one of"),
    (("owed =", "class ="), "is a word of Python"),
    (("owed =", '"owed); import os" ='), "cannot name an input"),
    (('type = "yes_no"', 'type = "yes_no", circumstances = ["flood"]'), "flood"),
    (('type = "yes_no"', 'type = "category", one_of = ["a", "a"]'), "says a word twice"),
    (('by = "person"', 'by = "machine"'), "by must be one of message, person"),
    (("[stages]", "[stages"), "no TOML"),
    (("[stages]", "colour = 1\n[stages]"), "'colour' is not known here"),
    (("early = 1", "early = 1\nrise = " + "[" * 5_000), "nested too deeply"),
    (("early = 1", "early = 2026-13-45"), "no TOML"),
    (('name = "all"', 'name = "../all"'), "A table needs a name of its own"),
    (("[treatments]", '[treatments]\nlost = { by = "person", about = "x" }'), "No row proposes"),
    (("[treatments]", "[challenge]\nof = 'a'\nshare = 0.9\n[treatments]"), "at most 0.5"),
])  # fmt: skip
def test_a_head_that_cannot_be_right_is_refused(change: tuple[str, str], said: str) -> None:
    made = texts()
    made["strategy.toml"] = made["strategy.toml"].replace(*change)
    found = refusal(made)
    assert said in found
    assert "strategy.toml" in found


@pytest.mark.parametrize(("change", "said"), [
    (("[usual]", "[unusual]"), "'unusual' is not known here. cases.toml"),
    (("zone = \"red\"", "zone = \"blue\""), "zone: 'blue' is none of"),
    (('arrears = "600.00"', 'arrears = "600.001"'), "arrears: '600.001' must be 2 digits"),
    (("is_open = true", 'is_open = "yes"'), "must be true or false"),
    (("on = 2026-03-31", "on = 1700-03-31"), "is no day from 1900-01-01"),
    (("sent_on =", "posted_on ="), "'posted_on' is not known here"),
    (('treatment = "statutory_reminder", row', "row"), "A case expects a treatment"),
    (('channels = ["letter"]', 'channels = "letter"'), "channels is a list"),
    (("given = {}", "given = { mood = 1 }"), "'mood' is not known here"),
])  # fmt: skip
def test_a_case_that_cannot_be_understood_is_refused(change: tuple[str, str], said: str) -> None:
    found = loaded(NL | {"cases.toml": NL["cases.toml"].replace(*change, 1)})
    assert said in found
    assert "cases.toml" in found


def test_a_strategy_that_lacks_a_file_or_has_one_too_many_is_refused() -> None:
    assert "lacks a file. reminders.csv" in loaded({k: v for k, v in NL.items()
                                                    if k != "reminders.csv"})  # fmt: skip
    assert "belongs to no table" in loaded(NL | {"extra.csv": "id\n"})


def test_a_notice_out_of_turn_and_a_step_nobody_takes_are_refused() -> None:
    notices = NL["notices.csv"]
    bold = notices.replace("look_at_it_whole,review,", "look_at_it_whole,,")
    assert "names not one step of the ladder" in loaded(NL | {"notices.csv": bold})
    called = notices.replace(
        'plan,letter,empathetic; formal,"the first', 'plan,voice,formal,"the first'
    )
    assert "A notice cannot be given by voice" in loaded(NL | {"notices.csv": called})
    less = "".join(line for line in notices.splitlines(True) if "to_municipality," not in line)
    assert "No row takes step municipality_signal" in loaded(NL | {"notices.csv": less})


def test_a_huge_file_is_refused_before_it_is_read_as_anything() -> None:
    start = time.monotonic()
    assert "more than 1,000,000 bytes" in loaded(NL | {"behind.csv": "a," * 20_000_000})
    assert "more than 256,000 bytes" in loaded(NL | {"strategy.toml": "[" * 20_000_000})
    assert time.monotonic() - start < 5


@given(st.sampled_from(sorted(NL)), st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_in_any_file_is_refused_in_a_sentence(file: str, text: str) -> None:
    loaded(NL | {file: text})


@given(st.sampled_from(sorted(NL)), st.integers(0, 10_000), st.integers(0, 40),
       st.sampled_from(["", ",", '"', "\n", "[", "]]", "=", ";", "-1", "9" * 400, "é", "\ufeff",
                        "1e9", "nan", "\0", "\u2028", "{", "true", "1979-05-27"]))  # fmt: skip
@settings(max_examples=400, deadline=None)
def test_any_damage_to_a_good_file_is_refused_in_a_sentence_or_does_no_harm(
    file: str, at: int, length: int, put: str
) -> None:
    text = NL[file]
    at %= len(text)
    loaded(NL | {file: text[:at] + put + text[at + length :]})


@given(st.binary(max_size=200))
def test_bytes_that_happen_to_be_text_are_refused_in_a_sentence(raw: bytes) -> None:
    loaded({name: raw.decode("utf-8", "ignore") for name in NL})


def test_the_good_file_is_good() -> None:
    assert loaded(NL) == ""
    assert set(STRATEGIES) == {"default", "more_time", "nl", "us_pa"}
