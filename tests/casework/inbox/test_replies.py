"""Replies are stored once, find their account, and STOP counts at once (F19, B14, B15)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.casework.inbox.conftest import NUMBER, reachable
from tests.casework.people import account, message
from tideover.casework.access.erasure import suppressed
from tideover.casework.cases.deeds import Doing
from tideover.casework.cases.models import Account, Circumstance, Event, Hold, Promise
from tideover.casework.outreach.addresses import marked
from tideover.casework.outreach.confirming import Said, confirm
from tideover.casework.outreach.inbox.hearing import Hearing, Understood, Unread
from tideover.casework.outreach.inbox.processing import process
from tideover.casework.outreach.models import Inbound, Message, WebhookEvent
from tideover.casework.outreach.replying import reply_token

pytestmark = pytest.mark.django_db


def reading(**said: Any) -> Hearing:
    """Return whoever understands every reply alike."""

    def understand(text: str, language: str, on: date) -> Understood:
        return Unread(**said)

    return Hearing(understand=understand)


def test_a_reply_is_stored_once_and_linked_by_who_wrote(told: Any, sent: Message) -> None:
    told("reply", "e1", id="r1", address="06 12345678", text="I paid")
    told("reply", "e1", id="r1", address="06 12345678", text="I paid")
    told("reply", "e2", id="r2", address=NUMBER, text="I paid")
    process(hearing=reading(intent="already_paid", confidence=0.9))
    assert {one.account_id for one in Inbound.objects.filter(provider_id="r2")} == {"A1"}
    assert Inbound.objects.count() == 2
    assert Event.objects.get(kind="replied").facts["intent"] == "already_paid"


def test_stop_to_one_message_stops_for_all_who_share_the_telephone(told: Any, sent: Any) -> None:
    reachable(message(account("B2")))
    told("reply", "e1", id="r1", address=NUMBER, text="stop", key=str(sent.key))
    process()
    stopped = Event.objects.filter(kind="opted_out").values_list("account_id", flat=True)
    assert sorted(stopped) == ["A1", "B2"]


def test_a_stop_from_an_address_that_nobody_has_is_kept_for_whoever_has_it_later(
    told: Any, sent: Any
) -> None:
    told("reply", "e1", id="r1", address="+31687654321", text="STOP")
    told("reply", "e2", id="r2", address="+31687654322", text="hello")
    process()
    assert suppressed({("sms", marked("sms", number)) for number in (
        "06 87654321", "+31687654321", "+31687654322")}) == {
            ("sms", marked("sms", "+31687654321"))}  # fmt: skip
    assert not Event.objects.filter(kind="opted_out").exists()


def test_where_nobody_can_tell_whose_it_is_its_address_is_kept_for_whoever_finds_out(
    told: Any, sent: Any
) -> None:
    told("reply", "e1", id="r1", address="+31687654321", text="hello")
    told("reply", "e2", id="r2", address=NUMBER, text="hello")
    process()
    kept = dict(Inbound.objects.values_list("provider_id", "address"))
    assert kept == {"r1": "+31687654321", "r2": ""}


def test_one_click_stops_for_all_who_share_the_mailbox(client: Any, sent: Any) -> None:
    reachable(message(account("B2")))
    client.post(f"/unsubscribe/{reply_token(sent.key)}")
    stopped = Event.objects.filter(kind="opted_out").values_list("account_id", flat=True)
    assert sorted(stopped) == ["A1", "B2"]


def test_stop_cancels_what_is_queued_and_is_confirmed_once(told: Any, sent: Message) -> None:
    waiting = message(sent.account, step="next", status="queued", point=sent.point)
    version = sent.account.facts_version
    for number in range(3):
        told("reply", f"e{number}", id=f"r{number}", address=NUMBER, text="STOP")
    process()
    waiting.refresh_from_db()
    assert waiting.status == "cancelled"
    assert Event.objects.filter(kind="opted_out").count() == 1
    assert Message.objects.filter(purpose="opt_out_confirmation").count() == 1
    assert Account.objects.get(pk="A1").facts_version > version


def test_stop_counts_also_where_the_reading_of_replies_fails(told: Any, sent: Message) -> None:
    def broken(text: str, language: str, on: date) -> Understood:
        raise RuntimeError(text)

    told("reply", "e1", id="r1", address=NUMBER, text="Afmelden!")
    process(hearing=Hearing(understand=broken))
    assert Event.objects.filter(kind="opted_out").exists()
    assert Inbound.objects.get().to_person


def test_an_opt_out_that_the_reading_finds_counts_whatever_the_words(
    told: Any, sent: Message
) -> None:
    told("reply", "e1", id="r1", address=NUMBER, text="laat me met rust")
    process(hearing=reading(opt_out=True, intent="opt_out", to_person=False))
    assert Event.objects.get(kind="opted_out").facts["via"] == "sms"


@pytest.mark.parametrize("intent", ["at_risk", "ill", "bereaved", "lost_job", "cannot_pay"])
def test_a_reply_that_reads_as_trouble_labels_nobody_however_sure_the_reading_is(
    told: Any, sent: Message, intent: str
) -> None:
    told("reply", "e1", id="r1", address=NUMBER, text="it is all too much")
    process(hearing=reading(intent=intent, confidence=1.0, to_person=False))
    assert (Inbound.objects.get().intent, Circumstance.objects.exists()) == (intent, False)


def test_a_shared_address_stops_for_all_and_links_to_nobody(told: Any, sent: Message) -> None:
    reachable(message(account("B2")))
    told("reply", "e1", id="r1", address=NUMBER, text="stop")
    process()
    assert Inbound.objects.get().account is None
    stopped = Event.objects.filter(kind="opted_out").values_list("account_id", flat=True)
    assert sorted(stopped) == ["A1", "B2"]
    assert Message.objects.filter(purpose="opt_out_confirmation").count() == 1


def test_a_reply_of_a_stranger_goes_to_a_person(told: Any, sent: Message) -> None:
    told("reply", "e1", id="r1", address="+31687654321", text="who are you?")
    process(hearing=reading(to_person=False))
    assert Inbound.objects.get().to_person
    assert not Event.objects.exists()


def test_our_reference_links_a_reply_from_another_number(told: Any, sent: Message) -> None:
    told("reply", "e1", id="r1", address="+31687654321", text="hello", key=str(sent.key))
    process()
    assert Inbound.objects.get().account_id == "A1"


def test_replies_come_before_receipts(told: Any, sent: Message) -> None:
    told("delivered", "e1", id="m1")
    told("reply", "e2", id="r1", address=NUMBER, text="stop")
    assert process(limit=1) == 1
    assert WebhookEvent.objects.get(event_id="e2").result == "applied"


def test_one_click_ends_these_e_mails_and_looking_does_not(client: Client, sent: Message) -> None:
    Message.objects.update(channel="email")
    where = f"/unsubscribe/{reply_token(sent.key)}"
    assert client.get(where).status_code == client.head(where).status_code == 200
    assert not Event.objects.filter(kind="opted_out").exists()
    strict = Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert strict.post(where, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Event.objects.get(kind="opted_out").facts["channel"] == "email"


def test_a_made_up_token_unsubscribes_nobody(client: Client, sent: Message) -> None:
    good = reply_token(sent.key)
    for token in (sent.key.hex, "x" * len(good), good[:-1] + ("a" if good[-1] != "a" else "b")):
        assert client.post(f"/unsubscribe/{token}").status_code == 404
    assert not Event.objects.exists()


def test_nothing_leaves_until_a_person_has_read_what_the_customer_wrote(
    told: Any, sent: Message
) -> None:
    waiting = message(sent.account, step="next", status="queued", point=sent.point)
    told("reply", "e1", id="r1", address=NUMBER, text="I paid on Monday")
    process(hearing=reading(intent="already_paid", confidence=0.9, to_person=True))
    waiting.refresh_from_db()
    assert (waiting.status, waiting.reason) == ("cancelled", "outreach to the account rests")
    (held,) = Hold.objects.all()
    assert (held.reason, held.released_at) == ("reply", None)
    reply = Inbound.objects.get()
    assert held.until_on == reply.received_at.date() + timedelta(days=7)
    confirm(reply.pk, Said("thanks"), Doing("A1", "ada", reply.received_at))
    assert not Hold.objects.filter(released_at=None).exists()


def test_a_hold_for_danger_has_no_end_and_thanks_makes_none(told: Any, sent: Message) -> None:
    told("reply", "e1", id="r1", address=NUMBER, text="thanks")
    process(hearing=reading(intent="thanks", confidence=0.9, to_person=False))
    assert not Hold.objects.exists()
    for number in range(2):
        told("reply", f"o{number}", id=f"o{number}", address=NUMBER, text="Why is that?")
        process(hearing=reading(intent="other", confidence=0.5, to_person=True))
    assert Hold.objects.get().until_on is not None
    told("reply", "e2", id="r2", address=NUMBER, text="I cannot go on")
    process(hearing=reading(intent="at_risk", confidence=0.9, to_person=True, danger=True))
    assert Hold.objects.filter(until_on=None).count() == 1


@pytest.mark.parametrize(("meaning", "stands"), [("will_pay", True), ("dispute", False)])
def test_a_promise_in_a_reply_is_proposed_and_a_person_says_whether_it_is_one(
    told: Any, sent: Message, meaning: str, stands: bool
) -> None:
    friday = date(2026, 12, 4)
    told("reply", "e1", id="r1", address=NUMBER, text="I will pay 50 on Friday")
    process(hearing=reading(intent="will_pay", confidence=0.9, to_person=True, promise_on=friday,
                            amount_minor=5_000))  # fmt: skip
    (made,) = Promise.objects.all()
    assert (made.amount_minor, made.due_on, made.confirmed_by) == (5_000, friday, "")
    confirm(Inbound.objects.get().pk, Said(meaning), Doing("A1", "ada", made.made_at))
    (made,) = Promise.objects.all()
    assert (made.confirmed_by == "ada", made.withdrawn_at is None) == (stands, stands)
