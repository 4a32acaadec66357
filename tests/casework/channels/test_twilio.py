"""Twilio: senders by country, what it tells, and its own validator."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from twilio.request_validator import RequestValidator

from tests.casework.channels.adapters import HTTP, SID, running, text
from tests.casework.channels.peers import KEY
from tideover.casework.outreach.channels.contract import Refused
from tideover.casework.outreach.channels.twilio.adapter import Line, Twilio
from tideover.casework.outreach.channels.twilio.heard import twilio_heard

URL = "https://console.utility.example/hooks/twilio?key=" + KEY.format(1)
LINE = Line("AC0", "token", {"NL": "+31970000001", "*": "MG0"}, country="NL")


def told(**fields: str) -> Any:
    """Return the one event that Twilio tells of."""
    (event,) = twilio_heard(urlencode(fields).encode(), {}, URL)
    return event


def test_a_number_as_it_is_written_at_home_is_sent_to_in_full(tmp_path: Any) -> None:
    with running("twilio", tmp_path) as (channel, case, peer):
        case.taken(peer, "")
        channel.send([text(to="06 1234 5678")])
        asked = parse_qs(peer.asked[0][2].decode())
        assert (asked["To"], asked["From"]) == (["+31612345678"], ["+31970000001"])
        assert asked["StatusCallback"][0].endswith("/hooks/twilio?key=" + KEY.format(1))


def test_a_country_without_a_sender_is_not_written_to(tmp_path: Any) -> None:
    with running("twilio", tmp_path) as (channel, _, peer):
        (outcome,) = channel.send([text(to="+32470123456")])
        assert outcome == Refused(KEY.format(1), "no sender for BE", permanent=True)
        assert peer.asked == []


@pytest.mark.parametrize(("status", "code", "outcome", "permanent"), [
    ("delivered", "", "delivered", False), ("undelivered", "30003", "bounced", False),
    ("undelivered", "30006", "bounced", True), ("failed", "21610", "unsubscribed", False),
])  # fmt: skip
def test_a_status_is_a_receipt_of_our_message(
    status: str, code: str, outcome: str, permanent: bool
) -> None:
    event = told(MessageSid=SID, MessageStatus=status, ErrorCode=code, To="+31612345678")
    assert (event.outcome, event.permanent) == (outcome, permanent)
    assert (event.key, event.provider_id) == (KEY.format(1), SID)


def test_on_its_way_is_no_event() -> None:
    assert (
        twilio_heard(urlencode({"MessageSid": SID, "MessageStatus": "queued"}).encode(), {}) == []
    )


def test_a_text_that_came_in_is_a_reply() -> None:
    event = told(
        MessageSid=SID, SmsStatus="received", From="+31612345678", Body="STOP", NumMedia="0"
    )
    assert (event.kind, event.address, event.text) == ("inbound", "+31612345678", "STOP")


def test_a_call_that_nobody_took_is_told_too() -> None:
    assert told(CallSid="CA1", CallStatus="no-answer").outcome == "failed"


def test_only_what_twilio_signed_is_believed() -> None:
    fields = {"MessageSid": SID, "MessageStatus": "delivered"}
    body = urlencode(fields).encode()
    signed = {"X-Twilio-Signature": RequestValidator("token").compute_signature(URL, fields)}
    channel = Twilio("sms", LINE)
    assert channel.verified(body, signed, URL)
    assert not channel.verified(body.replace(b"delivered", b"failed"), signed, URL)
    assert not channel.verified(body, signed, URL.replace("key=0", "key=1"))
    assert not channel.verified(body, {"x-twilio-signature": "nonsense"}, URL)


def test_a_call_says_the_words_in_their_language(tmp_path: Any) -> None:
    with running("twilio", tmp_path) as (_, _, peer):
        HTTP["twilio"].taken(peer, "")
        peer.body = peer.body.replace(b"SM", b"CA")
        line = Line("AC0", "token", {"*": "+31970000001"}, api_url=peer.url)
        (outcome,) = Twilio("voice", line).send(
            [text(to="+31101234567", text="<Dag>\n\nTot ziens", language="nl")]
        )
        assert outcome.provider_id.startswith("CA")  # type: ignore[union-attr]
        assert parse_qs(peer.asked[0][2].decode())["Twiml"][0].endswith(
            '<Response><Say language="nl-NL">&lt;Dag&gt;</Say><Pause length="1" />'
            '<Say language="nl-NL">Tot ziens</Say></Response>'
        )
