"""What somebody agreed to, as the portal shows it: a promise kept or passed, a plan that lives."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.casework import cast
from tests.casework.portal.phone import Phone, bills, inside
from tideover.casework.cases.deeds import Doing, promise
from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import Promise

pytestmark = pytest.mark.django_db


def anna() -> Phone:
    """Return the phone of somebody who owes 120.50 and got in."""
    case = cast.payer()
    bills(case)
    return inside(case)[0]


def promised(days_ago: int, due: int) -> Promise:
    """Return a promise of 50.00, made some days ago, due some days from now."""
    made = cast.NOW - timedelta(days=days_ago)
    doing = Doing("A-payer", "customer", made)
    return promise(doing, amount_minor=5_000, due_on=cast.days(due))


def test_a_promise_that_was_kept_is_thanked_for() -> None:
    phone = anna()
    promised(3, 4)
    assert "You will pay € 50,00 by" in phone.open("/my/").text
    record("A-payer", "paid", at=cast.NOW, by="payments", facts={"amount_minor": 5_000})
    assert "You said you would pay € 50,00, and you did." in phone.open("/my/").text


def test_a_promise_whose_day_passed_shows_ways_on_and_no_blame() -> None:
    phone = anna()
    promised(9, -1)
    assert "You will pay € 50,00 by" in phone.open("/my/").text  # it may still come to light
    Promise.objects.update(due_on=cast.days(-3))
    assert "That can happen. Choose another day, spread it, or get help." in phone.open("/my/").text
