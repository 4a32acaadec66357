"""A word before what protects somebody ends: once, naming nothing, and not kept back by a pause."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

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
from tests.casework.people import MONDAY
from tideover.casework.cases.caring import withdraw
from tideover.casework.cases.certifying import Said, receive
from tideover.casework.cases.deeds import Doing, hold, opt_out
from tideover.casework.cases.models import Certificate, ContactPoint, Event
from tideover.casework.outreach.authoring import ContentAuthor
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.reminding import CARE, remind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
ENDS_ON = MONDAY.date() + timedelta(days=29)
BEFORE = MONDAY + timedelta(days=22)
NEEDED = ("sms", "whatsapp", "voice")


def certified(until_on: date = ENDS_ON) -> Certificate:
    anna = people.account("anna")
    said = Said(until_on, in_writing=True, agreed=True)
    return receive(Doing(anna.pk, "customer", MONDAY), said)


def sent(at: datetime) -> Message:
    """Return the message after a sender with the real law and the real words had its turn."""
    goes_round(replace(sender(Provider(Clock(at)), real_law()), author=ContentAuthor(live=False)))
    return Message.objects.filter(purpose=CARE).latest("pk")


def test_a_week_before_it_ends_one_hears_of_it_once() -> None:
    certified()
    assert [remind(MONDAY + timedelta(days=n), NEEDED) for n in range(24)] == [*[0] * 22, 1, 0]
    assert Message.objects.get().cycle == ENDS_ON.isoformat()


def test_of_a_short_one_it_is_told_halfway() -> None:
    certified(MONDAY.date() + timedelta(days=8))
    assert [remind(MONDAY + timedelta(days=n), NEEDED) for n in range(6)] == [0, 0, 0, 0, 1, 0]


def test_the_message_and_the_ledger_name_nothing_of_it() -> None:
    certified()
    remind(BEFORE, NEEDED)
    one = sent(BEFORE + timedelta(hours=2))
    told = [str(event.facts) for event in Event.objects.filter(kind="contacted")]
    assert (one.status, len(told)) == ("sent", 1)
    assert "/h/" in one.text
    for word in ("medi", "doctor", "arts", "certifi", "attest", "120", "€"):
        assert word not in f"{one.text} {told}".lower()


def test_a_pause_of_outreach_does_not_keep_it_back() -> None:
    made = certified()
    hold(Doing(made.circumstance.account_id or "anna", "customer", MONDAY), reason="asked")
    remind(BEFORE, NEEDED)
    assert sent(BEFORE + timedelta(hours=2)).status == "sent"


def test_a_stop_keeps_it_back() -> None:
    certified()
    remind(BEFORE, NEEDED)
    opt_out(Doing("anna", "customer", BEFORE), via="portal")
    assert sent(BEFORE + timedelta(hours=2)).status == "cancelled"


def test_who_told_it_again_hears_nothing() -> None:
    certified()
    again = Said(ENDS_ON + timedelta(days=30), in_writing=True, agreed=True)
    receive(Doing("anna", "customer", BEFORE - timedelta(days=1)), again)
    assert remind(BEFORE, NEEDED) == 0


def test_what_is_taken_back_meanwhile_is_not_spoken_of() -> None:
    made = certified()
    remind(BEFORE, NEEDED)
    withdraw(Doing("anna", "customer", BEFORE), made.pk)
    assert sent(BEFORE + timedelta(hours=2)).status != "sent"
    assert remind(BEFORE + timedelta(hours=3), NEEDED) == 0


def test_by_whatsapp_its_form_has_places_for_a_day_and_a_link_and_for_no_amount() -> None:
    certified()
    ContactPoint.objects.update(channel="whatsapp", consent="granted")
    remind(BEFORE, NEEDED)
    name, places = form_asked_of_whatsapp(BEFORE + timedelta(hours=2))
    assert (name, len(places)) == ("care_ends_empathetic", 3)
    assert not any("120" in place for place in places if "://" not in place)
