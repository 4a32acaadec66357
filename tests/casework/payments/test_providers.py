"""Stripe and Mollie by their own clients, against peers on this machine."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from tests.casework.payments.peers import Peer, peer
from tideover.casework.payments.contract import Declined, NotReached, Order, Provider
from tideover.casework.payments.mollie.adapter import LINK, Mollie
from tideover.casework.payments.registry import connected
from tideover.casework.payments.stripe.adapter import Stripe
from tideover.terms.faults import Usage

ORDER = Order("pay-1", 5_000, "EUR", "RF18539007547034", "ideal", "https://pay.example/done",
              "https://pay.example/hooks/x", "nl")  # fmt: skip
SESSION = {
    "id": "cs_1", "object": "checkout.session", "url": "https://checkout.example/cs_1",
    "expires_at": 1_790_000_000, "status": "open", "payment_status": "unpaid", "currency": "eur",
    "amount_total": 5_000, "metadata": {"payment_id": "pay-1"}, "payment_intent": None,
}  # fmt: skip


@pytest.fixture
def at_stripe() -> Iterator[Peer]:
    with peer() as told:
        yield told


@pytest.fixture
def at_mollie() -> Iterator[Peer]:
    with peer("application/hal+json") as told:
        yield told


def stripe(told: Peer) -> Stripe:
    return Stripe("sk_test_x", ("whsec_old", "whsec_new"), told.url)


def mollie(told: Peer) -> Mollie:
    return Mollie("test_x", ("secret",), told.url)


def responses(shared: Path, name: str) -> Any:
    """Return an answer of Mollie's, as another project keeps it.

    They are older than the client, which wants what has been added to every answer since.
    """
    told = json.loads((shared / "peers/mollie-responses/files" / f"{name}.json").read_text())
    dashboard = {"href": "https://my.mollie.example/1", "type": "text/html"}
    if told.get("resource") == "payment":
        told["_links"]["dashboard"] = dashboard
    if "count" in told:
        told["_links"] = {"previous": None, "next": None, **told["_links"]}
    for link in told.get("_embedded", {}).get("payment_links", []):
        link |= {"reusable": False, "archived": False, "allowedMethods": None}
    return told


def test_both_keep_the_contract_of_a_provider() -> None:
    assert isinstance(Stripe("k", ()), Provider)
    assert isinstance(Mollie("k"), Provider)


def test_stripe_is_asked_for_a_checkout_page_once_by_its_key(at_stripe: Peer) -> None:
    at_stripe.answers["POST /v1/checkout/sessions"] = 200, SESSION
    page = stripe(at_stripe).begin(ORDER)
    assert (page.provider_id, page.url) == ("cs_1", "https://checkout.example/cs_1")
    _, headers, body = at_stripe.asked[0]
    assert headers["Idempotency-Key"] == "pay-1"
    said = {name: value[0] for name, value in parse_qs(body.decode()).items()}
    assert said["line_items[0][price_data][unit_amount]"] == "5000"
    assert said["payment_method_types[0]"] == "ideal"
    assert said["payment_intent_data[metadata][payment_id]"] == "pay-1"


def test_stripe_tells_what_was_paid_refunded_taken_back_and_won(at_stripe: Peer) -> None:
    charge = {"id": "ch_1", "amount_refunded": 1_000, "disputed": True}
    intent = {"id": "pi_1", "latest_charge": charge}
    paid = SESSION | {"status": "complete", "payment_status": "paid", "payment_intent": intent}
    at_stripe.answers |= {
        "GET /v1/checkout/sessions": (200, {"object": "list", "data": [{"id": "cs_1"}]}),
        "GET /v1/checkout/sessions/cs_1": (200, paid),
        "GET /v1/disputes": (200, {"object": "list", "data": [
            {"status": "won", "amount": 4_000}, {"status": "needs_response", "amount": 500},
            {"status": "warning_needs_response", "amount": 9}]}),
    }  # fmt: skip
    for named in ("cs_1", "pi_1"):
        seen = stripe(at_stripe).look(named)
        assert (seen.provider_id, seen.status, seen.payment_id) == ("cs_1", "paid", "pay-1")
        sums = (seen.paid_minor, seen.refunded_minor, seen.disputed_minor, seen.won_minor)
        assert sums == (5_000, 1_000, 4_500, 4_000)


def signed(body: bytes, secret: str, at: int) -> dict[str, str]:
    """Sign as docs.stripe.com/webhooks says: HMAC of the time and the body."""
    made = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={at},v1={made}"}


def test_stripes_events_are_checked_by_its_own_library(at_stripe: Peer) -> None:
    adapter, now = stripe(at_stripe), int(time.time())
    done = SESSION | {"status": "complete", "payment_status": "paid"}
    event = {"id": "evt_1", "object": "event", "type": "checkout.session.completed",
             "data": {"object": done}}  # fmt: skip
    body = json.dumps(event).encode()
    for secret in adapter.secrets:
        assert adapter.verified(body, signed(body, secret, now), "")
    for wrong in (
        signed(body, "whsec_x", now),
        signed(body, "whsec_new", now - 400),
        {},
        signed(body + b" ", "whsec_new", now),
        {"Stripe-Signature": "t=x,v1=y"},
    ):
        assert not adapter.verified(body, wrong, "")
    (told,) = adapter.told(body, {}, "")
    assert (told.event_id, told.snapshot and told.snapshot.paid_minor) == ("evt_1", 5_000)
    dispute = {"id": "evt_2", "type": "charge.dispute.created",
               "data": {"object": {"id": "dp_1", "payment_intent": "pi_1"}}}  # fmt: skip
    (asked,) = adapter.told(json.dumps(dispute).encode(), {}, "")
    assert (asked.provider_id, asked.snapshot) == ("pi_1", None)
    assert adapter.told(b'{"id": "e", "type": "invoice.paid", "data": {"object": {}}}', {}) == []


@pytest.mark.parametrize(("status", "kind"), [(400, Declined), (402, Declined), (500, NotReached),
                                              (429, NotReached), (401, NotReached)])  # fmt: skip
def test_what_stripe_refuses_is_told_from_what_did_not_reach_it(
    at_stripe: Peer, status: int, kind: type[Exception]
) -> None:
    error = {"error": {"type": "card_error" if status == 402 else "api_error", "message": "no"}}
    at_stripe.answers["POST /v1/checkout/sessions"] = status, error
    with pytest.raises(kind):
        stripe(at_stripe).begin(ORDER)


def without_days(yaml: Any) -> Any:
    """Return a loader that leaves days as text: the description has a 30 February."""
    kept = {letter: [(tag, form) for tag, form in forms if not tag.endswith(":timestamp")]
            for letter, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()}  # fmt: skip
    fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return type("Loader", (fast,), {"yaml_implicit_resolvers": kept})


def test_mollie_is_asked_as_its_own_description_says(at_mollie: Peer, shared: Path) -> None:
    yaml = pytest.importorskip("yaml")
    jsonschema = pytest.importorskip("jsonschema")
    spec = yaml.load((shared / "peers/openapi/mollie.yaml").read_text(), without_days(yaml))
    at_mollie.answers["POST /v2/payments"] = 201, responses(shared, "payment_updated")
    page = mollie(at_mollie).begin(ORDER)
    assert page.provider_id == "tr_7UhSN1zuXS"
    assert page.url == "https://www.mollie.com/payscreen/select-method/7UhSN1zuXS"
    _, headers, body = at_mollie.asked[0]
    named = {name.lower(): value for name, value in headers.items()}
    assert named["idempotency-key"] == "pay-1"
    said = json.loads(body)
    assert said["amount"] == {"currency": "EUR", "value": "50.00"}
    where = "#/paths/~1v2~1payments/post/requestBody/content/application~1json/schema"
    jsonschema.validate(said, {**spec, "$ref": where})


PAID = {"status": "paid", "amount": {"currency": "EUR", "value": "10.00"},
        "amountRefunded": {"currency": "EUR", "value": "2.00"},
        "amountChargedBack": {"currency": "EUR", "value": "43.38"},
        "metadata": {"payment_id": "pay-1"}}  # fmt: skip


def test_mollie_tells_what_was_paid_refunded_taken_back_and_won(
    at_mollie: Peer, shared: Path
) -> None:
    back = responses(shared, "payment_chargebacks_list")
    at_mollie.answers |= {
        "GET /v2/payments/tr_7UhSN1zuXS": (200, responses(shared, "payment_updated") | PAID),
        "GET /v2/payments/tr_7UhSN1zuXS/chargebacks": (200, back),
    }
    seen = mollie(at_mollie).look("tr_7UhSN1zuXS")
    assert (seen.status, seen.paid_minor, seen.refunded_minor) == ("paid", 1_000, 200)
    assert (seen.disputed_minor, seen.won_minor, seen.payment_id) == (4_338, 0, "pay-1")


@pytest.mark.parametrize(("name", "status"), [
    ("payment_updated", "open"), ("payment_canceled", "canceled"),
])  # fmt: skip
def test_mollies_states_are_ours(at_mollie: Peer, shared: Path, name: str, status: str) -> None:
    told = responses(shared, name)
    at_mollie.answers[f"GET /v2/payments/{told['id']}"] = 200, told
    assert mollie(at_mollie).look(told["id"]).status == status


def test_mollies_link_is_a_page_for_whoever_pays(at_mollie: Peer, shared: Path) -> None:
    link = responses(shared, "payment_links_list")["_embedded"]["payment_links"][0]
    at_mollie.answers["POST /v2/payment-links"] = 201, link
    page = mollie(at_mollie).begin(Order(**{**ORDER.__dict__, "method": LINK}))
    assert page.provider_id == "pl_4Y0eZitmBnQ6IDoMqZQKh"
    assert page.url.startswith("https://")


def test_mollies_classic_webhook_proves_nothing_and_only_makes_us_ask(at_mollie: Peer) -> None:
    adapter = mollie(at_mollie)
    assert adapter.verified(b"id=tr_7UhSN1zuXS", {}, "")
    one, again = (adapter.told(b"id=tr_7UhSN1zuXS", {})[0] for _ in range(2))
    assert (one.provider_id, one.snapshot) == ("tr_7UhSN1zuXS", None)
    assert one.event_id != again.event_id  # each call may be about something new
    for wrong in (b"id=../refunds", b"id=tr_1&x=2", b"", b'{"paid": true}'):
        assert not adapter.verified(wrong, {}, "")


def test_mollies_signed_webhook_is_checked_by_its_own_library(at_mollie: Peer) -> None:
    adapter = mollie(at_mollie)
    body = b'{"resource": "event", "id": "event_1", "entityId": "pl_1"}'
    made = hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    assert adapter.verified(body, {"X-Mollie-Signature": f"sha256={made}"}, "")
    assert not adapter.verified(body + b" ", {"X-Mollie-Signature": f"sha256={made}"}, "")
    assert not Mollie("k").verified(body, {"X-Mollie-Signature": f"sha256={made}"}, "")
    assert adapter.told(body, {})[0].event_id == "event_1"


def test_what_mollie_does_not_know_or_say_is_told_apart(at_mollie: Peer) -> None:
    with pytest.raises(Declined):
        mollie(at_mollie).look("tr_unknown")
    at_mollie.answers["GET /v2/payments/tr_1"] = 200, b"<html>"
    with pytest.raises(NotReached):
        mollie(at_mollie).look("tr_1")
    with pytest.raises(NotReached):
        Mollie("k", url="http://127.0.0.1:9").look("tr_1")


def test_a_provider_is_connected_by_a_section_and_its_secrets_come_from_outside() -> None:
    said = {"mollie": {"api_key_env": "M", "webhook_secret_env": "W"},
            "stripe": {"api_key_env": "S"}}  # fmt: skip
    found = connected(said, {"M": "live_x", "W": "new, old", "S": "sk"})
    assert list(found) == ["mollie", "stripe"]
    first = found["mollie"]
    assert isinstance(first, Mollie)
    assert first.secrets == ("new", "old")
    for wrong, why in (
        ({"paypal": {}}, "paypal"),
        ({"mollie": {}}, "api_key_env"),
        ({"mollie": {"api_key_env": "M", "colour": "x"}}, "colour"),
        ({}, "No payment"),
    ):
        with pytest.raises(Usage, match=why):
            connected(wrong, {"M": "x"})
