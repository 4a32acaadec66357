"""Money is whole minor units: text and number say the same, and parts add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tideover.terms import money

currencies = st.sampled_from(sorted(money.MINOR_DIGITS))
amounts = st.integers(-(10**14) + 1, 10**14 - 1)


@given(amounts, currencies)
def test_an_amount_survives_being_written_and_read(amount: int, currency: str) -> None:
    assert money.minor(money.text(amount, currency), currency) == amount


@given(st.integers(0, 10**15), st.integers(1, 400))
def test_parts_add_up_and_differ_by_one_unit_at_most(total: int, parts: int) -> None:
    shares = list(money.split(total, parts))
    assert sum(shares) == total
    assert len(shares) == parts
    assert shares == sorted(shares, reverse=True)
    assert shares[0] - shares[-1] <= 1


@pytest.mark.parametrize("wrong", [
    "", " 1", "1 ", "+1", "1.", ".5", "1,50", "1.234", "1_000", "1e3", "--1", "NaN", "Infinity",
    "\u0661\u0662", "0x10", "1" * 16,
])  # fmt: skip
def test_what_is_no_amount_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="is not an amount in EUR"):
        money.minor(wrong, "EUR")


@pytest.mark.parametrize(("text", "currency", "minor_units"), [
    ("0", "EUR", 0), ("-0.01", "EUR", -1), ("1.5", "EUR", 150), ("1500", "JPY", 1500),
    ("1.234", "KWD", 1234), ("99999999999999.99", "EUR", 9999999999999999),
])  # fmt: skip
def test_amounts_are_read_to_the_unit(text: str, currency: str, minor_units: int) -> None:
    assert money.minor(text, currency) == minor_units


def test_a_currency_without_small_change_takes_no_point() -> None:
    with pytest.raises(ValueError, match="JPY"):
        money.minor("1.0", "JPY")
