"""Fees: whole minor units, under every cap, and never more than was agreed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tideover.rules.lift import Group
from tideover.rules.success import INCREMENTAL, LINK, Terms, added, charges, check_terms, fee_of
from tideover.terms.faults import Usage

money = some.integers(0, 10**7)
fees = some.lists(some.integers(0, 5000), max_size=40)
parts = some.fractions(0, 1, max_denominator=1000)
shares = some.decimals(0, 1, places=4)
caps = some.one_of(some.just(0), some.integers(1, 5000))


@given(money, money, shares, caps)
def test_a_fee_is_whole_and_never_more_than_the_payment_or_the_cap(
    amount: int, fee: int, share: Decimal, cap: int
) -> None:
    found = fee_of(Terms(LINK, 30, fee, share, cap, 0), amount)
    assert isinstance(found, int)
    assert 0 <= found <= min(amount, cap or amount)
    assert found <= fee + share * amount


@given(fees, parts)
def test_charges_come_to_the_part_rounded_down_and_none_is_above_its_fee(
    whole: list[int], part: Fraction
) -> None:
    found = charges(whole, part, room_minor=None)
    assert all(0 <= due <= fee for due, fee in zip(found, whole, strict=True))
    assert sum(found) == int(sum(whole) * part)


@given(fees, parts, some.integers(0, 50_000))
def test_a_month_never_comes_to_more_than_its_cap(
    whole: list[int], part: Fraction, room: int
) -> None:
    found = charges(whole, part, room_minor=room)
    assert sum(found) == min(room, int(sum(whole) * part))
    assert all(0 <= due <= fee for due, fee in zip(found, whole, strict=True))


@given(fees)
def test_what_would_all_have_come_anyway_costs_nothing(whole: list[int]) -> None:
    assert sum(charges(whole, Fraction(0), room_minor=None)) == 0


@given(some.integers(0, 500), some.integers(0, 500))
def test_the_part_that_was_added_lies_between_its_ends(paid: int, anyway: int) -> None:
    found = added(Group(paid, 500), Group(anyway, 500))
    assert 0 <= found.low <= found.part <= found.high <= 1
    assert found.part == 0 or paid > anyway


def test_nobody_is_charged_for_a_guess() -> None:
    assert added(Group(20, 25), Group(1, 25)).part == 0
    assert added(Group(300, 500), Group(310, 500)).part == 0


@pytest.mark.parametrize("said", [
    {"rule": "hope"}, {"window_days": 0}, {"fee_minor": -1}, {"share": Decimal("1.1")},
    {"cap_month_minor": -5}, {"fee_minor": 0},
])  # fmt: skip
def test_terms_that_cannot_be_are_refused(said: dict[str, object]) -> None:
    good = Terms(INCREMENTAL, 30, 150, Decimal(0), 0, 0)
    check_terms(good)
    with pytest.raises(Usage):
        check_terms(good._replace(**said))  # type: ignore[arg-type]
