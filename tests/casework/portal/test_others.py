"""Somebody else pays: by a link that shows nothing of the customer, once, for a time."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.casework import cast
from tests.casework.portal.phone import Phone, bills, inside
from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import Event
from tideover.casework.payments.models import Payment
from tideover.casework.portal.models import SharedLink

pytestmark = pytest.mark.django_db
PRIVATE = ("Anna", "Planted", "payer", "9711", "120", "150", "29,50", "A-", "C-")


def asked(amount: str = "50") -> tuple[Phone, str]:
    """Return the phone of somebody who made a link, and the link."""
    case = cast.payer()
    bills(case)
    phone = inside(case)[0]
    phone.open("/my/ask_other/").press(amount="other").press(other=amount)
    assert phone.at == "/my/shared/"
    found = re.search(r"http://testserver(/ask/[\w-]+)", phone.page)
    assert found
    return phone, found[1]


def paid_by(friend: Phone, address: str) -> Phone:
    friend.open(address).press(way="ideal")
    made = Payment.objects.latest("begun_at")
    return friend.send(made.url.removeprefix("http://testserver"), deed="pay")


def test_a_friend_sees_the_utility_and_the_sum_and_nothing_private() -> None:
    _, address = asked()
    friend = Phone().open(address)
    assert friend.at == "/my/ask/"
    assert "You are asked to pay €50.00 to" in friend.title
    for page in (friend, paid_by(friend, address)):
        assert not [word for word in PRIVATE if word in page.page]


def test_what_they_pay_lands_on_the_account_and_the_link_is_over() -> None:
    phone, address = asked()
    friend = Phone()
    assert paid_by(friend, address).title == "Thank you"
    made = Payment.objects.get()
    assert (made.account_id, made.paid_minor, made.by) == ("A-payer", 5_000, "somebody else")
    assert Phone().open(address).answer.status_code == 404
    assert "Paid. It is taken off what is open." in phone.open("/my/shared/").text
    assert Event.objects.filter(kind="paid").count() == 1


def test_pressing_twice_or_another_way_is_one_payment_at_a_time() -> None:
    _, address = asked()
    friend = Phone().open(address)
    for _ in range(2):
        friend.send("/my/ask/", way="ideal")
    assert Payment.objects.count() == 1
    friend.open("/my/ask/?other=1").press(way="card")
    assert SharedLink.objects.get().payment == Payment.objects.get(method="card")


def test_it_can_be_taken_back_runs_out_and_is_not_needed_once_it_was_paid(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phone, address = asked()
    record("A-payer", "paid", at=cast.NOW, by="payments", facts={"amount_minor": 12_000})
    assert "not work any more" in Phone().open(address).title
    phone.press(link=SharedLink.objects.get().pk)
    assert Phone().open(address).answer.status_code == 404
    _late(monkeypatch)
    assert Phone().open(address).answer.status_code == 404


def _late(monkeypatch: pytest.MonkeyPatch) -> None:
    later = cast.NOW + timedelta(days=15)
    monkeypatch.setattr(timezone, "now", lambda: later)
    SharedLink.objects.update(revoked_at=None)


def test_looking_changes_nothing_and_more_than_is_owed_cannot_be_asked() -> None:
    phone, address = asked()
    before = SharedLink.objects.values().get()
    for _ in range(3):
        Phone().open(address)
    assert (SharedLink.objects.values().get(), Payment.objects.exists()) == (before, False)
    phone.open("/my/ask_other/").press(amount="other")
    assert phone.press(other="900").answer.status_code == 422


def test_another_customers_link_is_not_mine_to_take_back() -> None:
    asked()
    other = inside(cast.neighbour())[0]
    other.send("/my/shared/", link=SharedLink.objects.get().pk)
    assert SharedLink.objects.get().revoked_at is None


def test_an_unreachable_bank_says_so_kindly(monkeypatch: Any) -> None:
    from tideover.casework.payments.contract import NotReached
    from tideover.casework.portal import sharing

    def away(*unused: Any, **more: Any) -> None:
        raise NotReached("no answer")

    _, address = asked()
    monkeypatch.setattr(sharing, "begin", away)
    assert "Nothing was paid" in Phone().open(address).press(way="ideal").text
