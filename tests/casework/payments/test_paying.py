"""A payment from the first press to what became of it, at the sandbox bank."""

from __future__ import annotations

import uuid

import pytest

from tests.casework import people
from tests.casework.payments.acting import LATER, at_bank, begun, paid, told, wanted
from tests.casework.people import MONDAY
from tideover.casework.cases.models import Account, Event, Hold
from tideover.casework.payments.models import Payment
from tideover.casework.payments.owed import owed
from tideover.casework.payments.paying import begin, looked_up, state
from tideover.terms.faults import Refused
from tideover.terms.reference import is_rf_reference

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


def test_a_payment_begins_at_the_banks_own_page_with_a_reference_of_ours() -> None:
    one = begun(people.account("anna").pk)
    assert one.url.startswith("https://pay.rivierland.example/sandbox-bank/sb_")
    assert is_rf_reference(one.reference)
    assert state(one.payment_id).status == "open"


def test_a_button_that_is_pressed_twice_begins_one_payment() -> None:
    asked = wanted(people.account("anna").pk, key=uuid.uuid4())
    assert begin(asked, now=MONDAY) == begin(asked, now=LATER)
    assert Payment.objects.count() == 1


def test_paid_money_is_taken_off_what_is_owed_at_once_and_raises_the_facts() -> None:
    anna = people.account("anna", arrears_minor=12_000)
    seen = state(paid(anna.pk, 5_000).pk)
    assert (seen.status, seen.net_minor, seen.pending_minor) == ("paid", 5_000, 5_000)
    assert owed(anna.pk).arrears_minor == 7_000
    assert Account.objects.get(pk=anna.pk).facts_version == 1
    event = Event.objects.get(kind="paid")
    assert event.facts == {"payment_id": seen.payment_id, "amount_minor": 5_000,
                           "method": "ideal", "status": "pending_in_cis"}  # fmt: skip


@pytest.mark.parametrize(("deed", "status"), [
    ("fail", "failed"), ("leave", "canceled"), ("expire", "expired"),
])  # fmt: skip
def test_what_was_not_paid_changes_nothing_that_is_owed(deed: str, status: str) -> None:
    anna = people.account("anna", arrears_minor=12_000)
    one = begun(anna.pk)
    at_bank(one, deed)
    assert looked_up(one.payment_id, now=LATER).status == status
    assert owed(anna.pk).arrears_minor == 12_000
    assert not Event.objects.exists()


def test_a_chargeback_brings_the_debt_back_and_leaves_the_customer_in_peace_for_a_week() -> None:
    anna = people.account("anna", arrears_minor=12_000)
    payment = paid(anna.pk, 5_000)
    one = begun(anna.pk, key=payment.key, amount_minor=5_000)
    told(at_bank(one, "take_back"))
    assert owed(anna.pk).arrears_minor == 12_000
    assert Hold.objects.get().until_on == (LATER.date().replace(day=6, month=4))
    assert Event.objects.filter(kind="payment_reversed").count() == 1
    told(at_bank(one, "give_back"))
    assert owed(anna.pk).arrears_minor == 7_000


@pytest.mark.parametrize("amount", [0, -1, 10_000_000_01])
def test_an_amount_that_cannot_be_is_refused(amount: int) -> None:
    with pytest.raises(Refused, match="amount"):
        begun(people.account("anna").pk, amount)


def test_a_way_to_pay_of_another_country_is_refused() -> None:
    with pytest.raises(Refused, match="Choose another"):
        begun(people.account("anna").pk, method="bancontact")
