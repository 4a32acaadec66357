"""A rulebook that is not well is refused, in one sentence that says where."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.guard.books import HEAD, book, guard_with, proposal
from tests.rules.guard.conftest import CASES
from tideover.doors.rulebooks import SHIPPED, law, opened, parsed
from tideover.rules.forms import MOST_TEXT
from tideover.rules.guard.vectors import facts_of
from tideover.rules.guard.verdict import Guard
from tideover.terms.faults import Refused

BAD = [
    ("place = ", "no TOML"),
    ("place = 7", "1 to 2,000 rules"),
    ("x = " + "[" * 200 + "]" * 200, "nested at most"),
    ("x = " + "[" * 90_000, "nested at most"),
    ("#" * (MOST_TEXT + 1), "at most 2,000,000 characters"),
    (book("", head=HEAD + "colour = 1\n"), "'colour' is not known here"),
    (book("", head=HEAD.replace("2026-01-01", "1226-01-01")), "`checked_on` must be a day"),
    (book("", head=HEAD.replace("2026-01-01", '"2026-01-01"')), "`checked_on` must be a day"),
    (book("", type="moon_phase"), "'moon_phase' is no type of rule"),
    (book('colour = "red"'), "'colour' is not known here"),
    (book("").replace('"contact"', '"dance"'), "'dance' is no action"),
    (book("").replace('verified = "no"', 'verified = "maybe"'), "whether it was verified"),
    (book("").replace("XX-ONE", "xx one"), "needs an id of its own"),
    (book("when = 7"), "`when` is text"),
    (book("values.a = { is = 1 }"), "`unit` must be said"),
    (book('values.a = { is = 1e40, unit = "days" }'), "number up to 1e12"),
    (book('values.a = [{ is = 1, unit = "d", from = 2026-01-01 }]'), "The first version has no"),
    (book('values.a = [{ is = 1, unit = "d" }, { is = 2, from = 2026-02-01 }, '
          "{ is = 3, from = 2026-01-01 }]"), "in the order of their days"),
    (book("in_force_from = 2300-01-01"), "`in_force_from` must be a day"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), BAD, ids=range(len(BAD)))
def test_a_rulebook_that_is_not_well_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(Refused, match=r"xx/rules\.toml") as refusal:
        parsed(text, "xx/rules.toml")
    assert sentence in str(refusal.value)


UNCLEAR = [
    ('when = "customer.shoe_size > 40"', "'customer.shoe_size' is no fact"),
    ('when = "action.channel is pigeon"', "'pigeon' is never it"),
    ('when = "action.channel in [phone, pigeon]"', "'pigeon' is never it"),
    ('when = "customer.deceased >"', "A fact or a number is expected"),
    ('when = "debt.amount > D"', "cannot be compared"),
    ('when = "debt.amount"', "A test is expected where a number stands"),
    ('when = "any(letters)"', "'letters' names no events"),
    ('when = "moon(D) is 1"', "'moon' is no function"),
    ('when = "debt.amount > $most"', "$most is no value"),
    ('when = "workday(D) < D"', "workday takes a day, a number"),
    ('when = "' + "(" * 60 + "customer.deceased" + ")" * 60 + '"', "nested at most"),
    ('when = "customer.deceased @ 1"', "cannot be read"),
    ('events.a = { type = "rumour" }', "needs a type"),
    ('events.a = { type = "contact", colour = "red" }', "'colour' is no fact of contact"),
    ('events.a = { type = "contact", channel = "pigeon" }', "channel is never 'pigeon'"),
    ("events.a = 7", "a filter, or a list of filters"),
    ('deny = "customer.deceased"\nuntil = 7', "An expression is text"),
    ('until = "7"', "until is a day or an instant"),
    ('until = "max(D, 7)"', "max takes alike"),
    ('services = ["steam"]', "'steam' is no service"),
]


@pytest.mark.parametrize(("rest", "sentence"), UNCLEAR, ids=range(len(UNCLEAR)))
def test_a_rule_that_asks_for_what_is_not_known_is_refused(rest: str, sentence: str) -> None:
    with pytest.raises(Refused, match=r"xx, rule XX-ONE\.") as refusal:
        guard_with(rest)
    assert sentence.casefold() in str(refusal.value).casefold()


def test_a_value_is_the_one_of_the_day() -> None:
    (rule,) = parsed(book('values.hot = [{ is = 95, unit = "°F" }, { is = 90, '
                          'from = 2024-01-01, source = "P.A. 103-19" }]'), "x").rules  # fmt: skip
    hot = rule.values["hot"]
    assert [hot.on(date(2023, 12, 31)).amount, hot.on(date(2024, 1, 1)).amount] == [95, 90]
    assert [version.source for version in hot.versions] == ["made up", "P.A. 103-19"]


def test_two_rules_cannot_share_an_id_or_a_number() -> None:
    one = parsed(book(""), "a")
    with pytest.raises(Refused, match="Two rules have the id XX-ONE"):
        Guard([one, one])


def test_a_rulebook_may_declare_facts_of_its_own() -> None:
    text = book('when = "customer.boat.moored_on < D"',
                head=HEAD + '[facts]\n"customer.boat.moored_on" = "day"\n')  # fmt: skip
    guard = Guard([parsed(text, "a")])
    assert guard.verdict(proposal()).verdict == "allow"
    assert guard.verdict(proposal(customer={"boat": {"moored_on": "2026-01-01"}})).rule == "XX-ONE"


def test_a_fact_that_is_there_already_cannot_be_declared() -> None:
    text = book("", head=HEAD + '[facts]\n"customer.deceased" = "day"\n')
    with pytest.raises(Refused, match="such a fact already"):
        Guard([parsed(text, "a")])


def test_the_version_of_a_rulebook_is_of_its_text() -> None:
    assert parsed(book(""), "a").version == parsed(book(""), "b").version
    assert parsed(book(""), "a").version != parsed(book("# a word\n"), "a").version


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "guard.toml").write_bytes(b"\xff\xfe")
    for name, sentence in (("none.toml", "no such file"), ("guard.toml", "not UTF-8")):
        with pytest.raises(Refused, match=sentence):
            opened([tmp_path / name])


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_torn_rulebook_is_read_or_refused(data: st.DataObject) -> None:
    text = SHIPPED.joinpath("us-il/rules.toml").read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text) - 1))
    torn = text[:start] + data.draw(st.sampled_from(["", '"', "[", "7", "=\n", "\0", "{}"]))
    torn += text[start + data.draw(st.integers(0, 40)) :]
    us = next(book for book in law() if book.place == "us")
    with suppress(Refused):
        Guard([us, parsed(torn, "torn")])


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(["us-il", "nl", "gb-eaw", "us-ny", "be-vlg"]), st.randoms())
def test_a_rulebook_that_was_taken_gives_verdicts_without_an_error(place: str, chance: Any) -> None:
    pieces = re.findall(r"\w+|\W", SHIPPED.joinpath(place, "rules.toml").read_text("utf-8"))
    words = [index for index, piece in enumerate(pieces) if piece[0].isalnum()]
    pieces[chance.choice(words)] = chance.choice([pieces[chance.choice(words)], "7", '"x"', "D"])
    us = next(book for book in law() if book.place == "us")
    with suppress(Refused):
        guard = Guard([us, parsed("".join(pieces), "bent")])
        for case in CASES:
            if case["jurisdiction"] in guard.places:
                guard.verdict(facts_of(case))
