"""Who knocks without the right signature, or with what nobody can read, changes nothing (S4)."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.casework.inbox.conftest import AT, HOOK, posted
from tideover.casework.outreach.models import WebhookEvent

pytestmark = pytest.mark.django_db
BODY = json.dumps({"type": "message.delivered", "timestamp": AT, "data": {"id": "m1"}}).encode()


def test_what_is_signed_is_stored_and_answered(told: Any) -> None:
    assert told("delivered", "e1", id="m1").status_code == 200
    assert WebhookEvent.objects.get().event_id == "e1"


def test_the_same_event_twice_is_stored_once(told: Any) -> None:
    assert {told("delivered", "e1", id="m1").status_code for _ in range(3)} == {200}
    assert WebhookEvent.objects.count() == 1


@pytest.mark.parametrize("spoilt", [
    {"webhook-signature": "v1,AAAA"}, {"webhook-signature": "nonsense"}, {"webhook-signature": ""},
    {"webhook-timestamp": "9" * 5_000}, {"webhook-timestamp": "0"}, {"webhook-timestamp": "nan"},
    {"webhook-id": "another"}, {"webhook-id": "x" * 60_000}, {"webhook-signature": "v1," * 9_000},
])  # fmt: skip
def test_a_forged_call_is_turned_away(client: Client, spoilt: dict[str, str]) -> None:
    assert posted(client, BODY, "e1", **spoilt).status_code == 403
    assert not WebhookEvent.objects.exists()


def test_a_forged_call_costs_the_database_nothing_and_hinders_no_true_one(
    client: Client, told: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        for number in range(100):
            posted(client, BODY, f"e{number}", **{"webhook-signature": "v1,AAAA"})
    assert told("delivered", "e1", id="m1").status_code == 200


def test_a_body_that_was_changed_on_the_way_is_turned_away(client: Client) -> None:
    changed = BODY.replace(b"delivered", b"failed")
    signed = {name: value for name, value in posted(client, BODY, "e1").request.items()
              if name.startswith("HTTP_WEBHOOK")}  # fmt: skip
    answer = client.post(HOOK, changed, content_type="application/json", **signed)
    assert answer.status_code == 403


@pytest.mark.parametrize("body", [
    b"", b"{}", b"null", b"[" * 100_000, b"a\0b", b'{"type": "message.delivered"}', b"9" * 5_000,
    BODY.replace(AT.encode(), b"9" * 5_000), BODY.replace(AT.encode(), b"0001-01-01"),
    BODY.replace(b"m1", b"m\\u0000"), BODY.replace(b"m1", b"m" * 300),
    BODY.replace(b'{"id": "m1"}', b'{"id": {"deep": 1}}').replace(b"delivered", b"eaten"),
])  # fmt: skip
def test_what_nobody_can_read_is_the_callers_fault(client: Client, body: bytes) -> None:
    assert 400 <= posted(client, body, "e1").status_code < 500
    assert not WebhookEvent.objects.exists()


def test_two_megabytes_are_not_even_read(client: Client) -> None:
    assert posted(client, b" " * 2_000_000 + BODY, "e1").status_code == 413
    assert not WebhookEvent.objects.exists()


def test_nul_in_what_a_customer_wrote_does_not_lose_it(told: Any) -> None:
    assert told("reply", "e1", id="r1", text="STOP\0", address="+31612345678").status_code == 200
    assert WebhookEvent.objects.get().kind == "inbound"


def test_nobody_listens_to_a_provider_that_is_not_set_up(client: Client) -> None:
    assert client.post("/hooks/twilio", b"x", content_type="text/plain").status_code == 404
    assert client.get(HOOK).status_code == 403
    assert client.head(HOOK).status_code == 200
    assert client.put(HOOK, b"x").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_two_hundred_copies_at_once_are_one_event() -> None:
    codes: list[int] = []

    def knock() -> None:
        client = Client()
        codes.extend(posted(client, BODY, "e1").status_code for _ in range(25))
        connection.close()

    if connection.vendor == "sqlite":  # in memory here, where threads cannot share a table
        codes.extend(posted(Client(), BODY, "e1").status_code for _ in range(200))
    threads = [threading.Thread(target=knock) for _ in range(0 if codes else 8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert codes == [200] * 200
    assert WebhookEvent.objects.count() == 1
