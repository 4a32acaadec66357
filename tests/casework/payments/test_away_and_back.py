"""F25: our endpoint was away for an hour, and the provider tells all of it again, in any order."""

from __future__ import annotations

import random
import time
import uuid

import pytest
from django.db.models import Sum

from tests.casework import people
from tests.casework.people import MONDAY
from tideover.casework.outreach.checks import all_findings
from tideover.casework.outreach.inbox.payments import take_payments
from tideover.casework.outreach.inbox.storing import store_payments
from tideover.casework.outreach.models import WebhookEvent
from tideover.casework.payments.contract import OPEN, PAID, Snapshot, Told
from tideover.casework.payments.models import Payment, Posting
from tideover.casework.payments.registry import SANDBOX

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
ACCOUNTS, EVENTS_EACH, LONGEST_S = 20, 5, 600
STORY = ((OPEN, 0, 0), (PAID, 5_000, 0), (PAID, 5_000, 0), (PAID, 5_000, 1_000),
         (PAID, 5_000, 2_000))  # fmt: skip
LEFT = 3_000


def begun(count: int) -> list[str]:
    """Have that many payments begun; return how the provider names them."""
    accounts = [people.account(f"a{n}") for n in range(ACCOUNTS)]
    Payment.objects.bulk_create(
        Payment(payment_id=f"pay-{n}", key=uuid.uuid4(), account=accounts[n % ACCOUNTS],
                amount_minor=5_000, currency="EUR", method="ideal", reference=f"RF{n}",
                provider=SANDBOX, provider_id=f"sb_{n}", by="customer", begun_at=MONDAY)
        for n in range(count)
    )  # fmt: skip
    return [f"sb_{n}" for n in range(count)]


@pytest.mark.parametrize("events", [250, pytest.param(50_000, marks=pytest.mark.matrix)])
def test_all_that_comes_again_is_taken_in_time_and_comes_to_the_same_sums(events: int) -> None:
    names = begun(events // EVENTS_EACH)
    told = [Told(f"evt-{name}-{n}", name, Snapshot(name, status, "EUR", paid, back, at=MONDAY))
            for name in names for n, (status, paid, back) in enumerate(STORY)]  # fmt: skip
    random.Random(25).shuffle(told)
    for _ in range(2):  # and some of it twice
        for at in range(0, len(told), 500):
            store_payments(SANDBOX, told[at : at + 500])
    began = time.monotonic()
    assert take_payments(events) == events
    assert time.monotonic() - began < LONGEST_S
    assert WebhookEvent.objects.filter(result__in=("applied", "duplicate")).count() == events
    pending = Posting.objects.filter(book="pending").aggregate(all=Sum("amount_minor"))["all"]
    assert pending == -LEFT * len(names)
    assert all_findings(MONDAY) == []
