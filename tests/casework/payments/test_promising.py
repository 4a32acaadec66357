"""Promises: kept or broken by the money that came in, as the contract says, told once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.casework import people
from tests.casework.payments.acting import paid
from tests.casework.people import MONDAY
from tideover.casework.cases.deeds import Doing, promise
from tideover.casework.cases.models import Event, Promise
from tideover.casework.payments.brought import CisPayment
from tideover.casework.payments.promising import judge_promises, newest, running_promises

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
DUE = MONDAY.date() + timedelta(days=7)


def promised(amount_minor: int = 5_000) -> Promise:
    """Return a promise that anna made on a Monday, to be kept by the next one."""
    anna = people.account("anna")
    doing = Doing(anna.pk, "customer", MONDAY)
    return promise(doing, amount_minor=amount_minor, due_on=DUE)


def judged(mine: Promise, day: date, *came: CisPayment, grants: list[CisPayment] | None = None
           ) -> str:  # fmt: skip
    now = MONDAY + (day - MONDAY.date())
    return judge_promises(came, as_of=day, now=now, grants=grants or ())[mine.pk]


def cis(on: date, minor: int = 5_000, at: datetime | None = None, back: bool = False) -> CisPayment:
    return CisPayment(f"CIS-{on}-{minor}", "anna", on, minor, back, at)


def told() -> list[str]:
    return [event.facts["how"] for event in Event.objects.filter(kind="promise_ended")]


def test_money_in_time_keeps_it_and_that_is_told_once() -> None:
    mine = promised()
    assert judged(mine, DUE - timedelta(days=1), cis(DUE - timedelta(days=2))) == "kept"
    assert judged(mine, DUE, cis(DUE - timedelta(days=2))) == "kept"
    assert told() == ["kept"]


def test_it_is_broken_only_when_money_of_its_day_had_time_to_come_to_light() -> None:
    mine = promised()
    assert [judged(mine, DUE + timedelta(days=n)) for n in (0, 1, 2, 3)] == [
        "open", "open", "open", "broken"]  # fmt: skip
    assert told() == ["broken"]


def test_what_comes_to_light_later_puts_it_right() -> None:
    mine = promised()
    judged(mine, DUE + timedelta(days=3))
    assert judged(mine, DUE + timedelta(days=4), cis(DUE)) == "kept"
    assert told() == ["broken", "kept"]


def test_money_before_the_promise_or_that_went_back_is_not_of_it() -> None:
    mine = promised()
    over = DUE + timedelta(days=3)
    early = cis(MONDAY.date(), at=MONDAY - timedelta(hours=1))
    assert judged(mine, over, early, cis(DUE, back=True), cis(DUE, 4_999)) == "broken"


def test_money_of_the_same_day_after_it_keeps_it() -> None:
    mine = promised()
    assert judged(mine, DUE, cis(MONDAY.date(), at=MONDAY + timedelta(hours=1))) == "kept"


def test_a_grant_keeps_a_promise_as_money_does() -> None:
    mine = promised()
    assert judged(mine, DUE, grants=[cis(DUE)]) == "kept"


def test_between_two_nights_a_payment_that_we_saw_keeps_it_at_once() -> None:
    promised()
    paid("anna", 5_000)
    stands = newest("anna", MONDAY + timedelta(hours=1), within=timedelta(days=14))
    assert stands is not None
    assert stands.state == "kept"
    assert running_promises(MONDAY.date()) == ["anna"]
