"""Reminders: the day before a promise, some days before a plan's part; by the guard, each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from tests.casework import people
from tests.casework.outbox.pretend import (
    Clock,
    Provider,
    form_asked_of_whatsapp,
    goes_round,
    real_law,
    sender,
)
from tests.casework.payments.acting import paid
from tests.casework.people import MONDAY
from tideover.casework.cases.deeds import Doing, note_circumstance, opt_out, promise
from tideover.casework.cases.models import ContactPoint
from tideover.casework.outreach.authoring import ContentAuthor
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.reminding import Reminding, remind
from tideover.casework.payments.arranging import agree, offers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
DUE = MONDAY + timedelta(days=8)  # a Tuesday
BEFORE = DUE - timedelta(days=1)
NEEDED = ("sms", "whatsapp", "voice")


def promised() -> Doing:
    anna = people.account("anna")
    doing = Doing(anna.pk, "customer", MONDAY)
    promise(doing, amount_minor=5_000, due_on=DUE.date())
    return doing


def reminders() -> list[Message]:
    return list(Message.objects.filter(purpose__endswith="_reminder").order_by("pk"))


def sent(at: datetime) -> Message:
    """Return the reminder after a sender with the real law and the real words had its turn."""
    one = sender(Provider(Clock(at)), real_law())
    goes_round(replace(one, author=ContentAuthor(live=False)))
    return reminders()[-1]


def test_a_promise_is_reminded_of_once_the_day_before_in_friendly_words() -> None:
    promised()
    assert [remind(MONDAY + timedelta(days=n), NEEDED) for n in range(9)] == [0] * 7 + [1, 0]
    one = sent(BEFORE + timedelta(hours=2))
    assert (one.status, one.purpose) == ("sent", "promise_reminder")
    assert "€ 50,00" in one.text.replace("\u00a0", " ")
    assert remind(BEFORE + timedelta(hours=3), NEEDED) == 0


def test_who_paid_or_wants_silence_is_not_reminded() -> None:
    doing = promised()
    remind(BEFORE, NEEDED)
    opt_out(Doing(doing.account_id, "customer", BEFORE), via="portal")
    assert remind(BEFORE + timedelta(minutes=1), NEEDED) == 0
    assert [one.status for one in reminders()] == ["cancelled"]


def test_a_payment_takes_the_reminder_back_for_good() -> None:
    promised()
    remind(BEFORE, NEEDED)
    paid("anna", 5_000)
    assert remind(BEFORE + timedelta(minutes=1), NEEDED) == 0
    assert [one.status for one in reminders()] == ["cancelled"]


def planned() -> Any:
    anna = people.account("anna", arrears_minor=48_000)
    return agree(offers(anna.pk, MONDAY).offers[1].offer_id, by="customer", now=MONDAY)


def test_a_part_of_a_plan_is_reminded_of_three_days_before() -> None:
    first = planned().instalments.first().due_on
    days = (first - MONDAY.date()).days
    assert [remind(MONDAY + timedelta(days=n), NEEDED) for n in range(days)] == [
        *[0] * (days - 3), 1, 0, 0]  # fmt: skip
    one = sent(MONDAY + timedelta(days=days - 3, hours=2))
    assert (one.status, one.offer) == ("sent", "none")
    assert "€ 160,00" in one.text.replace("\u00a0", " ")


def test_where_a_part_looks_hard_help_comes_along_and_earlier() -> None:
    plan = planned()
    plan.moves = 1
    plan.save()
    note_circumstance(Doing("anna", "customer", MONDAY), "unemployed", starts_on=MONDAY.date())
    first = plan.instalments.first().due_on
    assert remind(MONDAY + timedelta(days=(first - MONDAY.date()).days - 6), NEEDED) == 1
    assert reminders()[0].offer == "extension"


def test_it_is_looked_for_every_few_minutes_and_no_more() -> None:
    promised()
    clock = Clock(BEFORE)
    one = Reminding(clock.now, NEEDED)
    assert [one.look(), one.look()] == [1, 0]


def by_whatsapp() -> tuple[str, tuple[str, ...]]:
    """Return the form that WhatsApp is asked for, and what stands in its places."""
    promised()
    ContactPoint.objects.update(channel="whatsapp", consent="granted")
    remind(BEFORE, NEEDED)
    return form_asked_of_whatsapp(BEFORE + timedelta(hours=2))


def test_by_whatsapp_its_form_names_the_sum_and_the_day_that_were_agreed() -> None:
    name, (_, amount, day, _) = by_whatsapp()
    assert name.startswith("promise_reminder_")
    assert "50,00" in amount
    assert day.startswith(str(DUE.day))


def test_by_whatsapp_where_something_happened_no_sum_is_named() -> None:
    with patch("tideover.casework.outreach.authoring._event", return_value="outage"):
        name, places = by_whatsapp()
    assert (name.endswith("_outage"), len(places)) == (True, 2)
