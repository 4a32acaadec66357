"""The shipped plan books and what random customers bring to them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tideover.casework.payments.plan_books import books_for
from tideover.rules.arrangement import Allowed, Asking, Owing, PlanFacts, Policy, Wish

PLACES = ("US-PA", "US-NY", "US-IL", "US-CA", "NL", "GB-EAW", "AU-NECF", "US-TX")
DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
WISHES = st.builds(
    Wish, payday=st.none() | st.integers(1, 31), down_minor=st.integers(0, 80_000),
    with_use=st.booleans(), most_a_month_minor=st.none() | st.integers(0, 60_000),
)  # fmt: skip
FACTS = st.builds(
    PlanFacts, service=st.sampled_from(["electricity", "gas", "water", "heat"]),
    income_fpl_pct=st.none() | st.integers(0, 500).map(Decimal), low_income=st.booleans(),
    heats=st.booleans(),
)  # fmt: skip
HOLIDAYS = st.frozensets(DAYS, max_size=5)


@st.composite
def askings(draw: Any, places: tuple[str, ...] = PLACES) -> tuple[str, Asking]:
    """Draw a place and what a customer there asks with."""
    place = draw(st.sampled_from(places))
    owing = Owing(draw(st.integers(1, 500_000)), draw(st.sampled_from(["EUR", "USD", "JPY"])),
                  draw(st.integers(0, 40_000)))  # fmt: skip
    allowed = Allowed(frozenset(range(5)), draw(HOLIDAYS))
    return place, Asking(owing, draw(DAYS), books_for(place), draw(FACTS), Policy(), allowed)
