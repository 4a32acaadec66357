"""What tables say, what they decide, and what they refuse, with row and cell."""

from __future__ import annotations

from math import nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.strategy.made import DEFAULT, STRATEGIES, facts, refusal, row, strategy, texts
from tideover.rules.condition import Among, Between, Fact, Input, condition
from tideover.rules.strategy import Policy
from tideover.rules.strategy.sheet import text_of


def test_the_first_row_that_matches_decides() -> None:
    policy = strategy(row("some", owed=">= 1"), row("green", zone="green")).policy
    assert policy.judge(facts(owed=1.0)).id == "some"
    assert policy.judge(facts(owed=0.5, zone="green")).id == "green"
    assert policy.judge(facts(owed=0.5, zone="red")).id == "otherwise"


def test_no_condition_holds_on_what_is_not_known() -> None:
    policy = strategy(row("little", owed="< 5"), row("much", owed=">= 5")).policy
    assert policy.judge(facts(owed=nan)).id == "otherwise"
    assert policy.judge(facts(owed=5.0)).id == "much"


def test_money_is_written_in_decimals_and_compared_in_minor_units() -> None:
    policy = strategy(row("much", arrears="> 49.99")).policy
    assert [policy.judge(facts(arrears=a)).id for a in (4999, 5000)] == ["otherwise", "much"]


def test_a_share_may_be_written_in_percent() -> None:
    policy = strategy(row("likely", chance=">= 90%")).policy
    assert policy.judge(facts(chance=0.9)).id == "likely"


@pytest.mark.parametrize(("cells", "said"), [
    ({"owed": "much"}, "all.csv, row 2 (a), cell C2 (owed)"),
    ({"owed": "yes"}, "must be a number"),
    ({"owed": "[5..1]"}, "holds for no number"),
    ({"owed": "10%"}, "is a share"),
    ({"late": ">= 1.5"}, "must be a whole number"),
    ({"arrears": "< 1.005"}, "must be 2 digits after the point"),
    ({"chance": "> 1.5"}, "is no share from 0 to 1"),
    ({"zone": "blue"}, "must be one or some of: green, yellow, red"),
    ({"zone": "green; green"}, "says a word twice"),
    ({"plan": "perhaps"}, "must be yes or no"),
    ({"plan": "yes", "treatment": "shout"}, "is none of: call"),
])  # fmt: skip
def test_a_cell_that_cannot_be_right_is_refused_with_its_place(
    cells: dict[str, str], said: str
) -> None:
    assert said in refusal(texts(row("a", **cells)))


@pytest.mark.parametrize(("change", "said"), [
    (("id,zone", "id,colour"), "'colour' is no column of this table. all.csv, row 1, cell B1"),
    (("id,zone", "id,owed"), "owed is there twice"),
    (("otherwise,", '"otherwise,'), "The table is no CSV"),
    (("otherwise", "Otherwise"), "A row needs an id"),
    (("nothing else fits", ""), "A row says why"),
    (("nothing else fits", "one; two"), "without a semicolon"),
    (("nothing else fits", "fits,more"), "more cells than there are columns"),
    (("nothing else fits", "a\0b"), "bytes that are no text"),
])  # fmt: skip
def test_a_table_that_is_no_table_is_refused_with_its_place(
    change: tuple[str, str], said: str
) -> None:
    made = texts()
    made["all.csv"] = made["all.csv"].replace(*change)
    assert said in refusal(made)


def test_a_table_saved_with_semicolons_is_told_how_to_be_saved() -> None:
    made = texts()
    made["all.csv"] = made["all.csv"].replace(",", ";")
    assert "Save it as CSV with commas" in refusal(made)


def test_tables_are_asked_in_order_and_the_last_one_decides() -> None:
    policy = DEFAULT.policy
    known: dict[str, Fact] = {i.name: nan if i.is_number else None for i in policy.inputs}
    known |= {"stage": "early", "zone": "red", "segment": "residential", "is_open": True}
    walked = [(r.id, failing) for r, failing in policy.walk(known)]
    assert ("no_peace_owed", None) in walked
    assert walked[-1] == ("red", None)


def any_fact(asked: Input) -> st.SearchStrategy[Fact]:
    """Return facts of an input, those at the edges of its cells among them."""
    if asked.is_whole:
        return st.sampled_from([nan, 0, 1, 3, 4, 5, 7, 14, 31, 4999, 5000]) | st.integers(-5, 100)
    if asked.is_number:
        return st.sampled_from([nan, 0.0, 0.05, 0.15, 0.9, 1.0]) | st.floats(0, 1)
    return st.sampled_from([None, *asked.one_of]) if asked.one_of else st.booleans()


def any_facts(policy: Policy) -> st.SearchStrategy[dict[str, Fact]]:
    """Return facts of accounts, as a policy asks them."""
    return st.fixed_dictionaries({i.name: any_fact(i) for i in policy.inputs})


@pytest.mark.parametrize("name", STRATEGIES)
@given(drawn=st.data())
@settings(max_examples=60, deadline=None)
def test_the_function_decides_as_a_reader_of_the_rows_would(
    name: str, drawn: st.DataObject
) -> None:
    policy = STRATEGIES[name].policy
    known = drawn.draw(any_facts(policy))
    *_, (last, failing) = policy.walk(known)
    assert failing is None
    assert policy.judge(known) is last
    columns = [[known[i.name], known[i.name]] for i in policy.inputs]
    assert [policy.rows[at] for at in policy.rows_of(columns)] == [last, last]


CELLS = st.sampled_from(["", "-", "a", '"', "x;y", "= 1 + 1", "é", " b ", ","])


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_a_table_survives_being_written_and_read(cells: list[tuple[str, str]]) -> None:
    import csv

    text = text_of(["id", "said"], [{"id": a, "said": b} for a, b in cells])
    assert [tuple(r) for r in csv.reader(text.splitlines())][1:] == cells


def test_a_cell_reads_as_people_say_it() -> None:
    number = Input("owed", "number")
    assert str(condition("[1..30)", number)) == "at least 1 and under 30"
    assert str(condition("> 3", number)) == "over 3"
    assert str(condition("0", number)) == "0"
    assert str(condition("< 5", Input("a", "money", digits=2))) == "at most 4.99"
    assert str(Among((True,))) == "yes"


@given(st.integers(-5, 5), st.integers(-5, 5), st.sampled_from(["<", "<=", ">", ">="]))
def test_whole_numbers_compare_as_written(at: int, fact: int, sign: str) -> None:
    cell = condition(f"{sign} {at}", Input("late", "days"))
    wanted = {"<": fact < at, "<=": fact <= at, ">": fact > at, ">=": fact >= at}[sign]
    assert isinstance(cell, Between)
    assert cell.holds(fact) == wanted
