"""A bill that was due on the night's own day is past due when its message leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.casework import people
from tideover.casework.cases.models import OpenDebit, Standing
from tideover.casework.outreach.outbox.known import known_of
from tideover.casework.outreach.outbox.since import UpToDate
from tideover.casework.outreach.outbox.standing import account_reason

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("due_in", "paid", "purpose", "free"), [
    (0, 0, "day_after_due", True),
    (0, 10_000, "day_after_due", False),  # it was paid that evening
    (0, 4_000, "day_after_due", True),
    (5, 0, "day_after_due", False),  # the one that was due is paid; another one is to come
    (5, 0, "before_due", True),
])  # fmt: skip
def test_what_was_due_by_the_night_is_asked_for_unless_it_was_paid_since(
    due_in: int, paid: int, purpose: str, free: bool
) -> None:
    account = people.account("A1", arrears_minor=0)
    Standing.objects.update(balance_minor=10_000)
    as_of = account.standing.as_of
    due_on = as_of + timedelta(days=due_in)
    OpenDebit.objects.create(account=account, debit_id="B1", issued_on=as_of,
                             due_on=due_on, amount_minor=10_000, unpaid_minor=10_000)  # fmt: skip
    known = known_of({account.person_id}, people.MONDAY)[account.pk]
    said = account_reason(known, UpToDate({}, paid), purpose=purpose)
    assert said == ("" if free else "nothing is owed any more")
