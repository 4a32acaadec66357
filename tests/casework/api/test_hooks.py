"""Webhooks: what happened is told in order, at least once, signed, and again where asked."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.casework import people
from tests.casework.api.client import System, system
from tests.casework.api.receiver import Receiver
from tideover.casework.api.bounds import Bounds
from tideover.casework.api.hooks import delivering
from tideover.casework.api.hooks.delivering import claim, deliver, dispatch
from tideover.casework.api.models import Delivery, Subscription
from tideover.casework.cases.ledger import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def quick(settings: Any) -> None:
    """Have no rest between tries."""
    settings.API_BOUNDS = Bounds(loopback=True, first_rest=timedelta(0))


def subscribed(who: System, receiver: Receiver, **more: Any) -> Any:
    """Make a receiver of webhooks."""
    made = who.post("/webhooks", {"url": receiver.url, **more})
    assert made.status == 201, made.body
    return made.body


def paid(account: str, amount_minor: int = 4_000) -> None:
    """Have a payment come in."""
    record(account, "paid", at=people.MONDAY, by="psp",
           facts={"payment_id": f"P-{amount_minor}", "amount_minor": amount_minor})  # fmt: skip


def amounts(receiver: Receiver, account: str) -> list[str]:
    """Return the payments that a receiver heard of, in the order it did."""
    told = [json.loads(body)["data"] for _, body in receiver.came]
    return [one["facts"]["amount"] for one in told if one["account_id"] == account]


def test_what_happened_is_told_as_a_signed_cloud_event(ours: System, receiver: Receiver) -> None:
    people.account("A-1")
    paid("A-1", 1)  # before anybody asked
    made = subscribed(ours, receiver, kinds=["paid"])
    paid("A-1")
    record("A-1", "noted", at=people.MONDAY, by="agent", facts={"note": "n-1"})
    assert dispatch() > 0
    [(headers, body)] = receiver.came
    event = Webhook(made["secret"]).verify(body, headers)
    assert (event["specversion"], event["type"]) == ("1.0", "tideover.casework.paid")
    assert (event["id"], event["subject"]) == (headers["webhook-id"], "A-1")
    assert event["data"]["facts"] == {"payment_id": "P-4000", "amount": "40.00"}
    assert headers["Content-Type"].startswith("application/cloudevents+json")
    [one] = ours.get(f"/webhooks/{made['webhook_id']}/deliveries").body["items"]
    assert (one["status"], one["tries"], one["replay"]) == (204, 1, False)
    assert dispatch() == 0


def test_what_was_tampered_with_does_not_verify(ours: System, receiver: Receiver) -> None:
    people.account("A-1")
    made = subscribed(ours, receiver)
    paid("A-1")
    dispatch()
    [(headers, body)] = receiver.came
    lock = Webhook(made["secret"])
    lock.verify(body, headers)
    old = str(int(headers["webhook-timestamp"]) - 900)
    tampered = [(body.replace("40.00", "90.00"), headers), (body, headers | {"webhook-id": "x"}),
                (body, headers | {"webhook-timestamp": old})]  # fmt: skip
    for text, under in tampered:
        with pytest.raises(WebhookVerificationError):
            lock.verify(text, under)
    with pytest.raises(WebhookVerificationError):
        Webhook(subscribed(ours, receiver)["secret"]).verify(body, headers)


@pytest.mark.usefixtures("quick")
def test_a_failed_delivery_is_repeated_and_keeps_its_account_in_order(
    ours: System, receiver: Receiver
) -> None:
    for name in ("A-1", "A-2"):
        people.account(name)
    subscribed(ours, receiver)
    for n in (100, 200, 300):
        paid("A-1", n)
        paid("A-2", n)
    receiver.answers = [500, 302, 503, 429]
    while dispatch():
        pass
    assert len(receiver.came) == 10
    for name in ("A-1", "A-2"):
        heard = amounts(receiver, name)
        assert list(dict.fromkeys(heard)) == ["1.00", "2.00", "3.00"]
        assert heard == sorted(heard)
    ids = {headers["webhook-id"] for headers, _ in receiver.came}
    assert len(ids) == 6  # repeated, an event has the id that it had


def test_a_receiver_that_fails_rests_longer_each_time(ours: System, receiver: Receiver) -> None:
    people.account("A-1")
    made = subscribed(ours, receiver)
    paid("A-1")
    receiver.answers = [500] * 9
    rests = []
    for _ in range(4):
        dispatch()
        now = datetime.now(UTC)
        row = Subscription.objects.get()
        assert row.rest_until is not None
        rests.append(round((row.rest_until - now).total_seconds()))
        Subscription.objects.update(rest_until=now)
        Delivery.objects.update(due_at=now)
    assert rests == [5, 10, 20, 40]
    found = ours.get(f"/webhooks/{made['webhook_id']}").body
    assert (found["waiting"], found["failing_since"] is None) == (1, False)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("gone", [True, False])
def test_a_receiver_that_is_gone_is_called_no_more_until_it_is_enabled(
    ours: System, receiver: Receiver, gone: bool
) -> None:
    people.account("A-1")
    made = subscribed(ours, receiver)
    address = f"/webhooks/{made['webhook_id']}"
    paid("A-1", 100)
    receiver.answers = [410] if gone else [500]
    long_ago = None if gone else datetime.now(UTC) - timedelta(days=6)
    Subscription.objects.update(failing_since=long_ago)
    dispatch()
    paid("A-1", 200)
    dispatch()
    assert len(receiver.came) == 1
    assert ours.get(address).body["disabled_why"]
    assert ours.post(f"{address}/enable").body["disabled_at"] is None
    assert ours.post(f"{address}/replay", {"from_sequence": 1}).body["count"] == 2
    while dispatch():
        pass
    assert amounts(receiver, "A-1") == ["1.00", "1.00", "1.00", "2.00"]


def test_what_was_told_can_be_told_again_from_a_point_on(ours: System, receiver: Receiver) -> None:
    people.account("A-1")
    address = f"/webhooks/{subscribed(ours, receiver)['webhook_id']}"
    paid("A-1", 100)
    paid("A-1", 200)
    dispatch()
    rows = ours.get(f"{address}/deliveries").body["items"]
    again = ours.post(f"{address}/replay", {"from_sequence": rows[1]["sequence"]})
    assert (again.status, again.body) == (202, {"count": 1})
    dispatch()
    assert amounts(receiver, "A-1") == ["1.00", "2.00", "2.00"]
    assert receiver.came[1][0]["webhook-id"] == receiver.came[2][0]["webhook-id"]
    assert ours.post(f"{address}/replay", {}).status == 422
    assert ours.post(f"{address}/replay", {"since": "2020-01-01T00:00:00Z"}).body["count"] == 2


def test_a_delivery_under_way_is_nobody_elses_until_its_lease_ends(
    ours: System, receiver: Receiver
) -> None:
    people.account("A-1")
    subscribed(ours, receiver)
    paid("A-1", 100)
    paid("A-1", 200)
    delivering.fan_out(10)
    now = datetime.now(UTC)
    first = claim(now)
    assert first is not None
    assert claim(now) is None  # the second of the account waits for the first
    later = claim(now + timedelta(minutes=2))
    assert later is not None
    assert later.pk == first.pk
    deliver(first)  # it comes back to life: what it says does not count any more
    assert Delivery.objects.get(pk=first.pk).delivered_at is None
    deliver(later)
    assert Delivery.objects.get(pk=first.pk).delivered_at is not None


def test_a_receiver_hears_of_circumstances_only_where_its_maker_may(receiver: Receiver) -> None:
    people.account("A-1")
    subscribed(system("write:webhooks"), receiver)
    system().post("/circumstances", {"account_id": "A-1", "kind": "domestic_abuse",
                                     "starts_on": "2026-03-01"})  # fmt: skip
    dispatch()
    [(_, body)] = receiver.came
    assert json.loads(body)["data"]["facts"] == {}
    assert "domestic_abuse" not in body


def test_a_receiver_is_kept_sealed_and_can_be_ended(ours: System, receiver: Receiver) -> None:
    made = subscribed(ours, receiver)
    with connection.cursor() as cursor:
        cursor.execute("SELECT url, secret FROM api_subscription")
        assert not {receiver.url, made["secret"]} & set(cursor.fetchone())
    assert "secret" not in ours.get(f"/webhooks/{made['webhook_id']}").body
    assert ours.delete(f"/webhooks/{made['webhook_id']}").status == 204
    assert ours.get("/webhooks").body["items"] == []
