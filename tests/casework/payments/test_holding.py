"""A payment seen at the provider holds outreach at once, and until the export brings it (F20)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.casework import people
from tests.casework.payments.acting import at_bank, begun, paid, told
from tests.casework.people import MONDAY
from tideover.casework.cases.models import Event, Night, Standing
from tideover.casework.outreach.outbox.known import known_of
from tideover.casework.outreach.outbox.since import brought_up_to_date
from tideover.casework.outreach.outbox.standing import account_reason

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


def reason(account_id: str) -> str:
    """Return why nobody may be written to."""
    person = Standing.objects.get(pk=account_id).account.person_id
    known = known_of([person], MONDAY)[account_id]
    true_now = brought_up_to_date({}, known.happened, paid_before_minor=known.paid_before_minor)
    return account_reason(known, true_now, purpose="day_after_due")


def test_nobody_who_paid_is_written_to_before_and_after_the_journal_heard_of_it() -> None:
    anna = people.account("anna", arrears_minor=5_000)
    assert reason(anna.pk) == ""
    paid(anna.pk, 5_000)
    assert reason(anna.pk) == "nothing is owed any more"
    heard = Event.objects.order_by("-id").first()
    assert heard
    Night.objects.update(journal_through=heard.pk)  # the next night, whose export lags behind
    assert reason(anna.pk) == "nothing is owed any more"


def test_a_part_is_taken_off_once_and_what_went_back_is_owed_again() -> None:
    anna = people.account("anna", arrears_minor=5_000)
    payment = paid(anna.pk, 3_000)
    Night.objects.update(journal_through=10**6)
    assert reason(anna.pk) == ""  # 20.00 is still owed
    told(at_bank(begun(anna.pk, 3_000, key=payment.key), "refund"))
    assert reason(anna.pk) == ""
    assert known_of([anna.person_id], MONDAY + timedelta(days=1))[anna.pk].paid_before_minor == 0
