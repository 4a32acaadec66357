"""What providers tell comes in by one door, is stored once, and counts once (F23, F24, F25)."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import json
import time
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client

from tests.casework import people
from tests.casework.payments.acting import LATER, at_bank, begun, told
from tideover.casework.outreach.inbox import door
from tideover.casework.outreach.inbox.payments import take_payments
from tideover.casework.outreach.models import WebhookEvent
from tideover.casework.outreach.outbox.clock import DatabaseClock
from tideover.casework.payments.contract import Snapshot
from tideover.casework.payments.models import Payment, Posting, SandboxPayment
from tideover.casework.payments.owed import owed
from tideover.casework.payments.paying import state
from tideover.casework.payments.sandbox.adapter import webhook
from tideover.casework.payments.stripe.adapter import Stripe

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
HOOK = "/hooks/sandbox"


@pytest.mark.parametrize(("about", "event_id"), [
    ({"metadata": "x"}, "evt"), ({"amount_total": float("inf")}, "evt"), ({}, {"a": 1}), ({}, None),
    ({}, "e" * 500), ({"id": ["cs"]}, "evt"), ({"amount_total": 10**20}, "evt"),
    ({"id": "cs\0"}, "evt"),
])  # fmt: skip
def test_what_is_signed_and_yet_no_event_is_refused_and_changes_nothing(
    client: Client, monkeypatch: Any, about: dict[str, Any], event_id: Any
) -> None:
    monkeypatch.setattr(door, "listeners", dict)
    monkeypatch.setattr(door, "providers", lambda: {"stripe": Stripe("sk", ("whsec_x",))})
    session = {"id": "cs_1", "currency": "eur", "payment_status": "paid", "status": "complete",
               "amount_total": 100, "metadata": {}} | about  # fmt: skip
    body = json.dumps({"id": event_id, "object": "event", "type": "checkout.session.completed",
                       "data": {"object": session}})  # fmt: skip
    at = int(time.time())
    seal = hmac.new(b"whsec_x", f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    answer = client.post("/hooks/stripe", body, content_type="application/json",
                         headers={"Stripe-Signature": f"t={at},v1={seal}"})  # fmt: skip
    assert answer.status_code == 400
    assert not WebhookEvent.objects.exists()


def posted(client: Client, of: SandboxPayment, **spoilt: str) -> int:
    """Have the bank tell of a payment; return what it was answered."""
    body, headers = webhook(of, DatabaseClock().now())
    named = {
        f"HTTP_{name.upper().replace('-', '_')}": value
        for name, value in {**headers, **spoilt}.items()
        if name.startswith("webhook")
    }
    sent = spoilt.get("body", body.decode())
    return client.post(HOOK, sent, content_type="application/json", **named).status_code


def test_the_banks_word_comes_late_and_counts_once_however_often_it_is_said(
    client: Client,
) -> None:
    anna = people.account("anna", arrears_minor=12_000)
    one = begun(anna.pk)
    at_bank(one, "pay")
    paid = SandboxPayment.objects.get()
    assert {posted(client, paid) for _ in range(20)} == {200}
    assert WebhookEvent.objects.count() == 1
    assert take_payments(100) == 1
    assert WebhookEvent.objects.get().result == "applied"
    assert owed(anna.pk).arrears_minor == 7_000


@pytest.mark.parametrize("spoilt", [
    {"webhook-signature": "v1,AAAA"}, {"webhook-timestamp": "0"}, {"body": '{"paid_minor": 1}'},
])  # fmt: skip
def test_a_forged_word_is_turned_away(client: Client, spoilt: dict[str, str]) -> None:
    begun(people.account("anna").pk)
    assert posted(client, SandboxPayment.objects.get(), **spoilt) == 403
    assert not WebhookEvent.objects.exists()


STORY = [("open", 0, 0, 0, 0), ("paid", 5_000, 0, 0, 0), ("paid", 5_000, 2_000, 0, 0),
         ("paid", 5_000, 2_000, 5_000, 0), ("paid", 5_000, 2_000, 5_000, 5_000)]  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(range(5)))[::13])
def test_any_order_of_the_same_events_comes_to_the_same_sums(order: tuple[int, ...]) -> None:
    anna = people.account("anna", arrears_minor=12_000)
    payment = Payment.objects.get(pk=begun(anna.pk).payment_id)
    for at in (*order, *order[:3]):  # some of them told twice
        status, *sums = STORY[at]
        told(Snapshot(payment.provider_id, status, "EUR", *sums))
    assert state(payment.pk).net_minor == 3_000
    assert owed(anna.pk).arrears_minor == 9_000
    assert Posting.objects.aggregate(all=Sum("amount_minor"))["all"] == 0


@pytest.mark.parametrize(("wrong", "why"), [
    ({"provider_id": "sb_unknown", "payment_id": ""}, "no payment"), ({"currency": "USD"}, "USD"),
    ({"paid_minor": -1}, "below"), ({"status": "great"}, "status"),
])  # fmt: skip
def test_what_cannot_be_is_set_aside_with_its_reason(wrong: dict[str, Any], why: str) -> None:
    snapshot = at_bank(begun(people.account("anna").pk), "pay")
    seen = told(dataclasses.replace(snapshot, **wrong))
    assert (seen.result, why in seen.why) == ("quarantined", True)
    assert not Posting.objects.exists()


@pytest.mark.parametrize("amount", [1, 4_999, 5_001, 20_000])
def test_a_cent_over_or_under_counts_for_what_it_is(amount: int) -> None:
    anna = people.account("anna", arrears_minor=12_000)
    snapshot = at_bank(begun(anna.pk), "pay")
    told(dataclasses.replace(snapshot, paid_minor=amount))
    assert owed(anna.pk).balance_minor == 12_000 - amount  # below zero it is the customer's money
    assert owed(anna.pk).arrears_minor == max(12_000 - amount, 0)


@pytest.mark.invariant("I7")
def test_received_is_applied_duplicate_and_set_aside_together(client: Client) -> None:
    one = begun(people.account("anna").pk)
    at_bank(one, "pay")
    paid = SandboxPayment.objects.get()
    for again in range(3):  # the same facts told as another event
        paid.changed_at = LATER + timedelta(seconds=again)
        assert posted(client, paid) == 200
    paid.currency = "USD"
    assert posted(client, paid) == 200
    assert take_payments(100) == 4
    results = sorted(WebhookEvent.objects.values_list("result", flat=True))
    assert results == ["applied", "duplicate", "duplicate", "quarantined"]


@pytest.mark.invariant("I12")
def test_replaying_the_inbox_from_nothing_gives_the_same_ledger(client: Client) -> None:
    def ledger() -> list[Any]:
        rows = Posting.objects.order_by("id").values_list(
            "journal__key", "book", "account", "amount_minor")  # fmt: skip
        return json.loads(json.dumps(list(rows)))

    anna, bob = people.account("anna"), people.account("bob")
    for who, deeds in ((anna, ("pay", "refund")), (bob, ("pay", "take_back", "give_back"))):
        one = begun(who.pk)
        for deed in deeds:
            at_bank(one, deed)
            assert posted(client, SandboxPayment.objects.get(payment_id=one.payment_id)) == 200
    take_payments(100)
    before, texts = ledger(), list(WebhookEvent.objects.order_by("id").values_list("pk", "result"))
    assert len(before) == 10
    WebhookEvent.objects.update(processed_at=None, result="")
    take_payments(100)
    assert ledger() == before
    assert len(texts) == WebhookEvent.objects.filter(result="duplicate").count()
