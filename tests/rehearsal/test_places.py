"""Holidays fall on the days they fall on, and texts of many rows are what texts of one would be."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tideover.rehearsal.twin.place import PLACES
from tideover.rehearsal.twin.texts import digits, ids, instants, joined, money, number
from tideover.terms.money import text


def test_dutch_and_pennsylvanian_holidays_of_2025() -> None:
    dutch = {name: day for day, name in PLACES["NL"].holidays(2025)}
    assert dutch["Koningsdag"] == date(2025, 4, 26)  # the 27th was a Sunday
    assert dutch["Hemelvaartsdag"] == date(2025, 5, 29)
    american = {name: day for day, name in PLACES["US-PA"].holidays(2025)}
    assert american["Memorial Day"] == date(2025, 5, 26)
    assert american["Thanksgiving Day"] == date(2025, 11, 27)


@settings(deadline=None)
@given(st.lists(st.integers(0, 2**40 - 1), min_size=1, unique=True))
def test_no_two_numbers_share_an_id(numbers: list[int]) -> None:
    assert len(set(ids("A", np.array(numbers)).to_pylist())) == len(numbers)


@settings(deadline=None)
@given(st.lists(st.integers(-(10**15), 10**15), min_size=1))
def test_money_is_exact(amounts: list[int]) -> None:
    written = [str(value) for value in money(np.array(amounts)).to_pylist()]
    assert written == [text(amount, "EUR") for amount in amounts]


@settings(deadline=None)
@given(st.lists(st.tuples(st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.integers(180, 1439)),
                min_size=1, max_size=3))  # fmt: skip
def test_instants_carry_the_offset_of_their_place(moments: list[tuple[date, int]]) -> None:
    day = np.array([number(day) for day, _ in moments])
    minute = np.array([minute for _, minute in moments])
    zone = ZoneInfo("America/New_York")
    expected = [
        (datetime(d.year, d.month, d.day, tzinfo=zone) + timedelta(minutes=m)).isoformat()
        for d, m in moments
    ]
    assert instants(day, minute, zone="America/New_York").to_pylist() == expected


def test_texts_stand_side_by_side() -> None:
    assert joined("+", digits(np.array([7, 123]), 3), "x").to_pylist() == ["+007x", "+123x"]
