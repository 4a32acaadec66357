"""Receipts come late, twice and in any order; what is known in the end is the same."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from tests.casework.inbox.conftest import reachable
from tests.casework.people import account, message
from tideover.casework.cases.models import Event
from tideover.casework.outreach.inbox.processing import process
from tideover.casework.outreach.models import Message, Receipt, WebhookEvent

pytestmark = pytest.mark.django_db
TOLD = ("failed", "delivered", "opened")


def status() -> tuple[str, str]:
    """Return where the message stands."""
    return Message.objects.values_list("status", "provider_id").get()


def test_a_complaint_stops_for_all_who_share_the_address(told: Any, sent: Any) -> None:
    reachable(message(account("B2")))
    told("complained", "e1", id=sent.provider_id)
    process()
    stopped = Event.objects.filter(kind="opted_out").values_list("account_id", flat=True)
    assert sorted(stopped) == ["A1", "B2"]


def test_two_bounces_of_one_address_in_one_batch_are_one_event(told: Any, sent: Any) -> None:
    second = message(sent.account, step="n2", status="sent", point=sent.point)
    Message.objects.filter(pk=second.pk).update(provider=sent.provider, provider_id="m2")
    told("bounced", "e1", id=sent.provider_id, permanent=True)
    told("bounced", "e2", id="m2", permanent=True)
    process()
    assert Event.objects.filter(kind="address_changed").count() == 1


def test_a_message_that_was_perhaps_sent_is_sent_once_it_was_delivered(
    told: Any, sent: Message
) -> None:
    told("delivered", "e1", key=str(sent.key), id="late-id")
    assert process() == 1
    assert status() == ("sent", "m1")
    assert Event.objects.get(kind="receipt").facts["outcome"] == "delivered"


def test_it_is_known_by_the_providers_id_alone(told: Any, sent: Message) -> None:
    told("delivered", "e1", id="m1")
    process()
    assert status()[0] == "sent"


@pytest.mark.parametrize("order", itertools.permutations(TOLD))
@pytest.mark.parametrize("at_once", [True, False])
def test_in_any_order_and_twice_it_comes_out_the_same(
    told: Any, sent: Message, order: tuple[str, ...], at_once: bool
) -> None:
    for name in (*order, *order):
        told(name, f"e-{name}", id="m1")
        _ = at_once or process()
    process()
    assert status()[0] == "sent"
    assert set(Receipt.objects.values_list("outcome", flat=True)) == set(TOLD)
    assert Event.objects.filter(kind="receipt").count() == len(TOLD)


def test_one_that_failed_is_known_to_have_failed(told: Any, sent: Message) -> None:
    told("failed", "e1", id="m1")
    process()
    assert status()[0] == "failed"


def test_a_bounce_for_good_takes_the_address_out_of_use(told: Any, sent: Message) -> None:
    told("bounced", "e1", id="m1", permanent=True)
    told("bounced", "e2", id="m1", permanent=True)
    process()
    sent.refresh_from_db()
    assert sent.point is not None
    assert sent.point.failed_at is not None
    assert Event.objects.filter(kind="address_changed").count() == 1


def test_a_full_mailbox_does_not(told: Any, sent: Message) -> None:
    told("bounced", "e1", id="m1", permanent=False)
    process()
    assert not Event.objects.filter(kind="address_changed").exists()


@pytest.mark.parametrize("kind", ["complained", "unsubscribed"])
def test_who_complains_or_unsubscribes_gets_no_more(told: Any, sent: Message, kind: str) -> None:
    told(kind, "e1", id="m1")
    told(kind, "e2", id="m1")
    process()
    facts = Event.objects.get(kind="opted_out").facts
    assert (facts["scope"], facts["channel"]) == ("channel", "sms")
    assert not Message.objects.filter(purpose="opt_out_confirmation").exists()


def test_one_that_comes_before_the_sender_wrote_is_looked_at_again(
    told: Any, sent: Message
) -> None:
    Message.objects.update(status="sending", provider_id="")
    told("delivered", "e1", id="m9")
    process()
    Message.objects.update(status="unknown", provider_id="m9")
    assert process() == 0  # not yet
    WebhookEvent.objects.update(look_again_at=Now())
    process()
    assert status()[0] == "sent"


def test_one_of_no_message_of_ours_is_ignored_in_the_end(told: Any, sent: Message) -> None:
    told("delivered", "e1", id="strange")
    WebhookEvent.objects.update(received_at=Now() - timedelta(hours=2))
    process()
    assert WebhookEvent.objects.get().result == "ignored"


def test_one_that_cannot_be_applied_keeps_no_other_back(told: Any, sent: Message) -> None:
    told("delivered", "e1", id="m1")
    told("opened", "e2", id="m1")
    broken = WebhookEvent.objects.get(event_id="e1")
    broken.body = broken.body.replace('"at"', '"when"')
    broken.save()
    process()
    results = dict(WebhookEvent.objects.values_list("event_id", "result"))
    assert results == {"e1": "quarantined", "e2": "applied"}
