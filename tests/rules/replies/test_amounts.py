"""The sum a reply names, with points or commas either way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tideover.casework.outreach.replies.lists import shipped_lists
from tideover.rules.replies.amounts import Amount

SUMS = shipped_lists().sums
NAMED = {
    "50 euro": (5000, "EUR"), "€ 1.234,50": (123450, "EUR"), "$50": (5000, "USD"),
    "I'll pay 50 on friday": (5000, None), "1 234,50 €": (123450, "EUR"),
    "1,234.50 USD": (123450, "USD"), "€50,-": (5000, "EUR"), "fifty euros": (5000, "EUR"),
    "£20.5": (2050, "GBP"), "I owe 200 euros but can pay 80 euros": (8000, "EUR"),
    "doscientos euros": (20000, "EUR"), "paid 50eur": (5000, "EUR"), "3 euro 50": (350, "EUR"),
    "betaal 12,50": (1250, None), "¥700": (700, "JPY"),
}  # fmt: skip
NOT_NAMED = ["pay on the 15th", "pay 15 march", "I will pay in 3 days", "0 euro", "1.5.2026",
             "999999999999999999 euro", "call 0612345678", "-50 euro", "paid 10/3"]  # fmt: skip


@pytest.mark.parametrize("text", NAMED)
def test_a_sum_is_read(text: str) -> None:
    assert SUMS.named(text) == Amount(*NAMED[text])


@pytest.mark.parametrize("text", NOT_NAMED)
def test_other_figures_are_no_sums(text: str) -> None:
    assert SUMS.named(text) is None


@given(st.integers(1, 10**9))
def test_every_way_of_writing_a_sum_is_the_same_sum(cents: int) -> None:
    whole, part = divmod(cents, 100)
    english = f"{whole:,}.{part:02d}"
    dutch = english.translate(str.maketrans(",.", ".,"))
    french = english.replace(",", "\u202f").replace(".", ",")
    for written in (f"$ {english}", f"€ {dutch}", f"{french} €", f"{whole}.{part:02d} euro"):
        found = SUMS.named(f"ok {written} then")
        assert found is not None
        assert found.minor_units == cents, written
