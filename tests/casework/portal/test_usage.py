"""My use: against last year with the weather taken out, homes alike, the next bill, three tips."""

from __future__ import annotations

from typing import Any

import pytest

from tests.casework import cast
from tests.casework.portal.phone import Phone, bills, inside
from tideover.casework.cases.models import Standing, UsageSeen
from tideover.casework.portal.usage import next_bill

pytestmark = pytest.mark.django_db
MONTHS = [[f"2025-{m:02}", 10.0 + m, 9.0 + m] for m in range(1, 13)]


def opened(**seen: Any) -> Phone:
    """Return a phone that shows the use of somebody, as a night published it."""
    case = cast.payer()
    bills(case)
    Standing.objects.update(inputs={"usual_bill_minor": 6_000})
    if seen:
        told = {"unit": "m3", "months": MONTHS, "used": 66.0, "year_before": 55.0, "homes": 40}
        UsageSeen.objects.create(account=case.account, **{**told, **seen})
    return inside(case)[0].open("/my/usage/")


def test_what_everybody_used_more_is_not_put_to_the_customer() -> None:
    text = opened(around=1.2, alike=64.0).text
    assert "you used about 20% more than a year before" in text
    assert "It changed around you as much. So it is mostly the weather, and not you." in text
    assert "You used about as much." in text


def test_what_is_left_beside_the_weather_is_said() -> None:
    text = opened(around=1.1, alike=40.0).text
    assert "Beside that, you used about 9% more." in text
    assert "You used more than most." in text


def test_with_few_homes_around_nothing_is_compared() -> None:
    text = opened(around=None, alike=None).text
    assert "Homes like yours" not in text
    assert "around you" not in text


def test_three_tips_have_money_beside_them_and_months_their_year_before() -> None:
    phone = opened(around=None, alike=None)
    assert phone.text.count("on each bill.") == 3
    assert "Dec 2025 22 m3 21 m3" in phone.text


def test_without_a_night_that_knows_nothing_is_made_up() -> None:
    assert "We cannot compare yet." in opened().text


def test_the_next_bill_follows_the_season_within_bounds() -> None:
    cold = tuple((f"2026-{m:02}", 40.0 if m == 1 else 5.0, None) for m in range(1, 13))
    assert next_bill(10_000, cold, None) == 20_000
    assert next_bill(10_000, cold[::-1], 1.0) == 6_316
    assert next_bill(None, cold, None) is None
