"""What e-mail vendors tell, checked by anymail's own validators."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from tests.casework.channels.adapters import HEAD, SECRET
from tests.casework.channels.peers import outgoing
from tideover.casework.outreach.channels.mail.hooks import VENDORS
from tideover.casework.outreach.channels.mail.vendor import Vendor
from tideover.casework.outreach.channels.registry import reader

JSON = {"Content-Type": "application/json"}
KEY = outgoing().key


def mailgun(event: str = "delivered", key: str = "sign", **more: Any) -> bytes:
    """Return a webhook of Mailgun's, signed as Mailgun does: the time and a token."""
    signature = hmac.new(key.encode(), b"1774864800token", hashlib.sha256).hexdigest()
    return json.dumps({
        "signature": {"timestamp": "1774864800", "token": "token", "signature": signature},
        "event-data": {"event": event, "timestamp": 1774864800.5, "recipient": "a@c.example",
                       "message": {"headers": {"message-id": "m1@utility.example"}},
                       "user-variables": {"key": KEY}, **more},
    }).encode()  # fmt: skip


def read(vendor: str, body: bytes) -> Any:
    """Return the one event of a body."""
    (event,) = reader(vendor)(body, {}, "")
    return event


def basic(words: str) -> dict[str, str]:
    """Return the header of a name and a password."""
    return {**JSON, "Authorization": "Basic " + base64.b64encode(words.encode()).decode()}


def test_mailgun_tells_of_our_message() -> None:
    event = read("mailgun", mailgun())
    assert (event.outcome, event.provider_id) == ("delivered", "<m1@utility.example>")
    assert (event.key, event.address) == (KEY, "a@c.example")


@pytest.mark.parametrize(("more", "outcome", "permanent"), [
    ({"severity": "permanent", "reason": "bounce"}, "bounced", True),
    ({"severity": "permanent", "reason": "generic"}, "bounced", False),
])  # fmt: skip
def test_only_a_bounce_for_good_is_one(more: dict[str, str], outcome: str, permanent: bool) -> None:
    event = read("mailgun", mailgun("failed", **more))
    assert (event.outcome, event.permanent) == (outcome, permanent)


def test_a_temporary_failure_is_no_event() -> None:
    assert reader("mailgun")(mailgun("failed", severity="temporary"), {}, "") == []


def test_mailguns_signature_is_checked_by_anymail() -> None:
    channel = Vendor("mailgun", HEAD, options={}, hooks={"webhook_signing_key": "sign"})
    assert channel.verified(mailgun(), JSON, "https://utility.example/hooks/mailgun")
    assert not channel.verified(mailgun(key="other"), JSON, "")
    assert not Vendor("mailgun", HEAD, options={}).verified(mailgun(), JSON, "")


def test_who_signs_nothing_needs_a_password() -> None:
    body = json.dumps(
        {
            "RecordType": "Delivery",
            "MessageID": "m1",
            "Recipient": "a@c.example",
            "DeliveredAt": "2026-03-30T10:00:00Z",
            "Metadata": {"key": KEY},
        }
    ).encode()
    assert read("postmark", body).key == KEY
    channel = Vendor("postmark", HEAD, options={}, hooks={"webhook_secret": "us:word"})
    assert channel.verified(body, basic("us:word"), "")
    assert not channel.verified(body, basic("us:other"), "")
    assert not channel.verified(body, JSON, "")
    assert not Vendor("postmark", HEAD, options={}).verified(body, basic("us:word"), "")


def test_resend_signs_as_svix_does() -> None:
    from datetime import UTC, datetime

    from standardwebhooks.webhooks import Webhook

    body = json.dumps({"type": "email.bounced", "created_at": "2026-03-30T10:00:00Z",
                       "data": {"email_id": "m1", "to": ["a@c.example"], "subject": "x",
                                "created_at": "2026-03-30T10:00:00Z"}})  # fmt: skip
    now = datetime.now(UTC)
    headers = {**JSON, "svix-id": "e1", "svix-timestamp": str(int(now.timestamp())),
               "svix-signature": Webhook(SECRET).sign("e1", now, body)}  # fmt: skip
    channel = Vendor("resend", HEAD, options={}, hooks={"signing_secret": SECRET})
    assert channel.verified(body.encode(), headers, "")
    assert not channel.verified(body.encode() + b" ", headers, "")
    assert read("resend", body.encode()).outcome == "bounced"


def test_a_reply_by_postmark_is_read_at_the_same_address() -> None:
    token = "abcdefgh" * 4
    body = json.dumps({
        "FromFull": {"Email": "Anna@c.example", "Name": "Anna", "MailboxHash": ""},
        "From": "Anna@c.example", "To": f"reply+{token}@reply.utility.example",
        "OriginalRecipient": f"reply+{token}@reply.utility.example", "MessageID": "p1",
        "Subject": "Re: Your bill", "TextBody": "STOP\n\nOn Monday Utility wrote:\n> pay",
        "StrippedTextReply": "", "HtmlBody": "", "Date": "Mon, 30 Mar 2026 10:00:00 +0000",
        "Headers": [{"Name": "Message-ID", "Value": "<r1@c.example>"}], "Attachments": [],
    }).encode()  # fmt: skip
    event = read("postmark", body)
    assert (event.kind, event.text, event.reply_token) == ("inbound", "STOP", token)
    assert event.address == "anna@c.example"


def test_a_batch_of_sendgrids_is_as_many_events() -> None:
    body = json.dumps([
        {"event": kind, "email": "a@c.example", "timestamp": 1774864800, "sg_event_id": kind,
         "smtp-id": "<m1@utility.example>", "anymail_id": "m1", "key": KEY}
        for kind in ("delivered", "open", "spamreport")
    ])  # fmt: skip
    outcomes = [event.outcome for event in reader("sendgrid")(body.encode(), {}, "")]
    assert outcomes == ["delivered", "opened", "complained"]


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("body", [b"", b"{}", b"[]x", b"null", b"a=1&b=2", b"[" * 100_000, b"\xff",
                                  b'{"event-data": 5}', b"9" * 5_000, b"a\0"])  # fmt: skip
def test_what_is_no_vendors_is_refused(vendor: str, body: bytes) -> None:
    with pytest.raises(ValueError, match=vendor if b"\0" not in body else "NUL"):
        reader(vendor)(body, {}, "")
