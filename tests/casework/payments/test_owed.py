"""What is owed now is one sum, whoever asks and whoever told of the money."""

from __future__ import annotations

import pytest

from tests.casework import people
from tests.casework.payments.acting import at_bank, begun, paid, told
from tests.casework.people import MONDAY
from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import Account, Event, Night
from tideover.casework.outreach.outbox.known import known_of
from tideover.casework.outreach.outbox.since import brought_up_to_date
from tideover.casework.payments.arranging import agree, offers, preview
from tideover.casework.payments.books import Entry, Side, write
from tideover.casework.payments.owed import owed
from tideover.casework.portal.owing import owing
from tideover.terms.faults import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


def told_by_the_api(anna: Account, minor: int, kind: str = "paid") -> None:
    """Have a delta tell of money that the utility's own system took."""
    record(anna.pk, kind, at=MONDAY, by="api", facts={"payment_id": "P1", "amount_minor": minor})


def test_money_that_the_api_told_of_is_planned_no_more() -> None:
    anna = people.account("anna", arrears_minor=15_000)
    told_by_the_api(anna, 12_050)
    assert owing(anna).due_minor == 2_950
    (total,) = {plan.total_minor for plan in preview(anna.pk, MONDAY.date()).plans}
    assert total == 2_950


def test_an_offer_from_before_the_api_told_of_money_is_asked_for_anew() -> None:
    anna = people.account("anna", arrears_minor=15_000)
    offer = offers(anna.pk, MONDAY).offers[0]
    told_by_the_api(anna, 5_000)
    with pytest.raises(Refused, match="changed"):
        agree(offer.offer_id, by="customer", now=MONDAY)


def test_two_payments_that_two_told_of_are_two() -> None:
    anna = people.account("anna", arrears_minor=15_000)
    paid(anna.pk, 5_000)
    Night.objects.update(journal_through=Event.objects.latest("id").pk)  # the export lags behind
    told_by_the_api(anna, 3_000)
    assert (owing(anna).due_minor, owed(anna.pk).arrears_minor) == (7_000, 7_000)
    told_by_the_api(anna, 3_000, "payment_reversed")
    assert owing(anna).due_minor == 10_000


def test_one_payment_is_taken_off_once_and_owed_again_when_it_goes_back() -> None:
    anna = people.account("anna", arrears_minor=15_000)
    payment = paid(anna.pk, 5_000)  # in the books, and told to the ledger of events
    assert owing(anna).due_minor == 10_000
    told(at_bank(begun(anna.pk, 5_000, key=payment.key), "refund"))
    assert owing(anna).due_minor == 15_000


@pytest.mark.parametrize("heard", [0, 1, 2, 10**6])
def test_the_sender_and_the_portal_owe_one_sum_however_the_export_lags(heard: int) -> None:
    anna = people.account("anna", arrears_minor=15_000)
    payment = paid(anna.pk, 5_000)
    told_by_the_api(anna, 3_000)
    first = Event.objects.order_by("id").values_list("id", flat=True)[0]
    Night.objects.update(journal_through=first - 1 + heard)
    for _ in range(2):  # the export brings ours, whatever the journal heard by then
        known = known_of([anna.person_id], MONDAY)[anna.pk]
        true_now = brought_up_to_date({}, known.happened,
                                      paid_before_minor=known.paid_before_minor)  # fmt: skip
        assert true_now.paid_minor == owed(anna.pk).paid_minor
        write(Entry(f"brought:{payment.pk}", "brought", "EUR", MONDAY, "night"),
              Side("pending", 5_000, anna.pk, payment.pk),
              Side("receivable", -5_000, anna.pk, payment.pk))  # fmt: skip
