"""Adapters against programs of other people: Prism on vendors' OpenAPI files, and maildev."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.casework.channels.adapters import HEAD, text
from tests.casework.channels.peers import outgoing
from tests.postgres import free_port
from tests.programs import described, listening
from tideover.casework.outreach.channels.contract import Refused, Sent
from tideover.casework.outreach.channels.mail.smtp import Server, Smtp
from tideover.casework.outreach.channels.twilio.adapter import Line, Twilio
from tideover.casework.outreach.channels.whatsapp.adapter import Business, WhatsApp

pytestmark = pytest.mark.matrix
PAPERS = "peers/openapi"


def test_twilios_openapi_takes_our_messages_and_calls(shared: Path) -> None:
    with described(shared / PAPERS / "twilio_api_v2010.json") as url:
        line = Line("AC" + "0" * 32, "token", {"*": "+31970000001"}, api_url=url,
                    callback_url="https://console.utility.example/hooks/twilio")  # fmt: skip
        (sms,) = Twilio("sms", line).send([text()])
        (call,) = Twilio("voice", line).send([text()])
    # Prism makes answers up from the file: an id is none of Twilio's, or a status of its end
    for outcome in (sms, call):
        assert not (isinstance(outcome, Refused) and outcome.why[:3].isdigit()), outcome


def test_whatsapps_openapi_takes_our_messages(shared: Path) -> None:
    with described(shared / PAPERS / "whatsapp-business-messaging-v23.yaml") as url:
        # Meta's file leaves out `biz_opaque_callback_data`, and Prism takes nothing it leaves out
        business = Business("100", "token", api_url=f"{url}/v23.0", tracked=False)
        # nor a template as pywa writes it, with BODY in capitals: that one is not tried here
        outcomes = WhatsApp(business).send([text(), text(buttons=("I paid",))])
    assert [type(one) for one in outcomes] == [Sent, Sent], outcomes


def test_maildev_shows_the_e_mail_as_it_was_meant() -> None:
    port, web = free_port(), free_port()
    with listening("maildev", "-s", str(port), "-w", str(web), "--ip", "127.0.0.1", port=web):
        server = Server("127.0.0.1", port, security="none")
        (outcome,) = Smtp(HEAD, server).send([outgoing(subject="Uw rekening: € 84,50")])
        assert isinstance(outcome, Sent)
        with urllib.request.urlopen(f"http://127.0.0.1:{web}/email", timeout=10) as answer:
            (mail,) = json.load(answer)
    assert mail["subject"] == "Uw rekening: € 84,50"
    assert headers(mail)["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert mail["html"].strip() == "<p>You owe € 84.50.</p>"


def headers(mail: Any) -> dict[str, str]:
    """Return the headers of an e-mail, as maildev read them."""
    return {name.lower(): value for name, value in mail["headers"].items()}
