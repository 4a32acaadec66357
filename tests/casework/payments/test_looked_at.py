"""Each publication looks at what must hold of money, and says so."""

from __future__ import annotations

import logging

import pytest

from tests.casework import people
from tests.casework.payments.acting import paid
from tideover.casework.payments.models import Payment
from tideover.doors.publication.money import look_at_money

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


def test_what_does_not_hold_is_told_and_logged_without_a_name(
    caplog: pytest.LogCaptureFixture,
) -> None:
    payment, said = paid(people.account("anna").pk), list[str]()
    look_at_money(said.append)
    Payment.objects.update(refunded_minor=payment.paid_minor + 1)
    with caplog.at_level(logging.ERROR, "tideover.money"):
        look_at_money(said.append)
    assert said == ["money: all that must hold holds", "money: 2 things do not hold (I1, I6)"]
    assert payment.pk in caplog.text
    assert "anna" not in caplog.text
