"""Stripe's own client and our adapter against localstripe, a process of its own (GPL-3.0).

It has payment intents, charges, refunds and signed webhooks, and no Checkout sessions: those are
a small declared fake here, around the intents that localstripe keeps.
"""

from __future__ import annotations

import json
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest

from tests.casework.payments.test_providers import SESSION
from tests.postgres import free_port
from tideover.casework.payments.contract import PAID
from tideover.casework.payments.stripe.adapter import Stripe

# On loopback alone, and without the file that its own command keeps on disk.
PROGRAM = """
import sys
from aiohttp import web
from localstripe import resources, server
resources.Store.dump_to_disk = lambda self: None
web.run_app(server.app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""
KEY, SECRET = "sk_test_x", "whsec_x"
PAYS = "pm_card_visa"


@dataclass
class Front:
    """Stripe: sessions are this fake's, all else is localstripe's; and where webhooks arrive."""

    behind: str
    url: str = ""
    intent: str = ""
    heard: queue.Queue[tuple[bytes, dict[str, str]]] = field(default_factory=queue.Queue)

    def session(self) -> dict[str, Any]:
        """Return the session of an intent, with the charge as localstripe keeps it."""
        found = self.asked(f"/v1/payment_intents/{self.intent}?expand[]=latest_charge")
        paid = "paid" if found["status"] == "succeeded" else "unpaid"
        return {**SESSION, "payment_intent": found, "payment_status": paid, "status": "complete"}

    def asked(self, path: str, data: bytes | None = None) -> Any:
        """Ask localstripe."""
        request = Request(f"{self.behind}{path}", data, {"Authorization": f"Bearer {KEY}"})
        with urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"null")


def answering(front: Front) -> type[BaseHTTPRequestHandler]:
    """Return what answers for a front."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            listed = "payment_intent" in parse_qs(parts.query)
            self._say({"object": "list", "data": [front.session()]} if listed else front.session())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            front.heard.put((body, dict(self.headers)))
            self._say({})

        def _say(self, told: Any) -> None:
            sent = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *unused: Any) -> None:
            pass

    return Handler


@pytest.fixture(scope="module")
def localstripe() -> Iterator[str]:
    """Run localstripe."""
    if find_spec("localstripe") is None:
        pytest.skip("localstripe is not installed; make .venv/test.done")
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(port)],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        end = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() < end, "no answer in a minute"
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def front(localstripe: str) -> Iterator[Front]:
    """Give Stripe as the adapter sees it, which tells us its events."""
    made = Front(localstripe)
    server = ThreadingHTTPServer(("127.0.0.1", 0), answering(made))
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.asked("/_config/webhooks/ours", f"url={made.url}/hooks/stripe&secret={SECRET}".encode())
    yield made
    server.shutdown()
    server.server_close()


def begun(front: Front) -> Stripe:
    """Have a customer pay 50.00 on Stripe's page; return our adapter."""
    import stripe

    theirs = stripe.StripeClient(KEY, base_addresses={"api": front.behind})
    made = theirs.v1.payment_intents.create(params={
        "amount": 5_000, "currency": "eur", "payment_method": PAYS})  # fmt: skip
    front.intent = made.id
    theirs.v1.payment_intents.confirm(made.id)
    return Stripe(KEY, ("whsec_old", SECRET), front.url)


def test_what_stripe_took_and_gave_back_is_seen_as_it_keeps_it(front: Front) -> None:
    ours = begun(front)
    seen = ours.look("cs_1")
    assert (seen.status, seen.paid_minor, seen.refunded_minor) == (PAID, 5_000, 0)
    front.asked("/v1/refunds", f"payment_intent={front.intent}&amount=2000".encode())
    seen = ours.look(front.intent)  # a refund names the intent, and no session
    assert (seen.provider_id, seen.paid_minor, seen.refunded_minor) == ("cs_1", 5_000, 2_000)


def test_its_signed_events_are_verified_and_a_changed_one_is_not(front: Front) -> None:
    ours = begun(front)
    body, headers = front.heard.get(timeout=30)
    assert ours.verified(body, headers, "")
    assert not ours.verified(body.replace(b"5000", b"9000"), headers, "")
    assert not Stripe(KEY, ("whsec_other",)).verified(body, headers, "")
    assert json.loads(body)["type"] == "payment_intent.succeeded"
    assert ours.told(body, headers) == []  # what a session says of it is told by its own event
