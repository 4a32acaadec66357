"""Every adapter with a peer that takes what it is handed, for the suite that all of them pass."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.casework.channels.peers import Provider, outgoing, postmaster, provider
from tests.casework.channels.printer import printing
from tideover.casework.outreach.channels.contract import Channel, Outgoing
from tideover.casework.outreach.channels.handover.adapter import Handover, Partner
from tideover.casework.outreach.channels.letter.adapter import Letters
from tideover.casework.outreach.channels.letter.drops import FolderDrop
from tideover.casework.outreach.channels.letter.record import Record
from tideover.casework.outreach.channels.mail.settings import Letterhead
from tideover.casework.outreach.channels.mail.smtp import Server, Smtp
from tideover.casework.outreach.channels.mail.vendor import Vendor
from tideover.casework.outreach.channels.sink.adapter import Sink
from tideover.casework.outreach.channels.twilio.adapter import Line, Twilio
from tideover.casework.outreach.channels.voice.adapter import Person
from tideover.casework.outreach.channels.whatsapp.adapter import Business, WhatsApp

HEAD = Letterhead("Utility <bills@utility.example>", reply_domain="reply.utility.example",
                  unsubscribe_url="https://help.utility.example/unsubscribe/{token}")  # fmt: skip
SECRET = "whsec_dGlkZW92ZXIgdGVzdHMsIG5vdGhpbmcgYXQgc3Rha2U="
SID = "SM" + "0" * 32
ANNA = "anna1@customer.example"
MOBILE = "+31612345678"
AMAZON = {"region_name": "eu-central-1", "aws_access_key_id": "k", "aws_secret_access_key": "s"}


@dataclass(frozen=True)
class Case:
    """An adapter, a message that fits it, and an answer of its provider's that takes it."""

    make: Callable[[Provider, Path], Channel]
    message: Callable[..., Outgoing]
    taken: Callable[[Provider, str], None] = lambda peer, key: None
    no_such: str = ""  # an address that its provider or it itself refuses for good


def mail(number: int = 1, **more: Any) -> Outgoing:
    """Return an e-mail."""
    return outgoing(number, **more)


def text(number: int = 1, **more: Any) -> Outgoing:
    """Return a text to a mobile."""
    return outgoing(number, **{"to": MOBILE, "html": "", "subject": "", **more})


def letter(number: int = 1, **more: Any) -> Outgoing:
    """Return a letter, of no pages."""
    attached = {"letter.pdf": b"%PDF-1.7 " + str(number).encode()}
    return outgoing(number, **{"to": "A. Example\nStreet 1", "attached": attached, **more})


def answers(status: int, body: object, **headers: str) -> Callable[[Provider, str], None]:
    """Return what tells a provider to take a message; `KEY` in it is the message's."""

    def tell(peer: Provider, key: str) -> None:
        peer.status, peer.mood = status, "answer"
        peer.headers = {name.replace("_", "-"): said for name, said in headers.items()}
        peer.body = json.dumps(body).replace("KEY", key).encode()

    return tell


def vendor(name: str, **options: Any) -> Callable[[Provider, Path], Channel]:
    """Return what makes an adapter of an e-mail vendor."""

    def make(peer: Provider, folder: Path) -> Channel:
        return Vendor(name, HEAD, options={"api_url": peer.url + "/", "timeout": 1, **options})

    return make


def amazon(peer: Provider, folder: Path) -> Channel:
    """Return the adapter of Amazon SES."""
    patience = {"config": {"connect_timeout": 1, "read_timeout": 1}}
    return Vendor("amazon_ses", HEAD, options={**AMAZON, "endpoint_url": peer.url,
                                               "client_params": patience})  # fmt: skip


def twilio(peer: Provider, folder: Path) -> Channel:
    """Return Twilio's adapter of text messages."""
    return hasty(Twilio("sms", line_of(peer)))


def calls(peer: Provider, folder: Path) -> Channel:
    """Return Twilio's adapter of automated calls."""
    return hasty(Twilio("voice", line_of(peer)))


def line_of(peer: Provider) -> Line:
    """Return an account at Twilio."""
    return Line("AC" + "0" * 32, "token", {"NL": "+31970000001"}, country="NL", api_url=peer.url,
                callback_url="https://console.utility.example/hooks/twilio")  # fmt: skip


def whatsapp(peer: Provider, folder: Path) -> Channel:
    """Return WhatsApp's adapter."""
    business = Business("100", "token", app_secret="app", country="NL", api_url=peer.url)
    return hasty(WhatsApp(business))


def handover(peer: Provider, folder: Path) -> Channel:
    """Return the adapter of another system that remembers a day."""
    partner = Partner(peer.url + "/messages", (SECRET,), timedelta(hours=24))
    return Handover("sms", partner, timeout_s=1)


def hasty(channel: Any) -> Channel:
    """Have an adapter wait for one second only."""
    from dataclasses import replace

    channel.terms = replace(channel.terms, timeout_s=1.0)
    return channel  # type: ignore[no-any-return]


# Those that speak HTTP: their provider is a small one of our own here, whose answers can be bent.
HTTP = {
    "mailgun": Case(vendor("mailgun", api_key="k", sender_domain="utility.example"), mail,
                    answers(200, {"id": "<m1@utility.example>", "message": "Queued. Thank you."})),
    "postmark": Case(vendor("postmark", server_token="k"), mail,
                     answers(200, {"ErrorCode": 0, "Message": "OK", "MessageID": "m1",
                                   "To": ANNA})),
    "resend": Case(vendor("resend", api_key="k"), mail, answers(200, {"id": "m1"})),
    "brevo": Case(vendor("brevo", api_key="k"), mail, answers(201, {"messageId": "<m1@brevo>"})),
    "mailersend": Case(vendor("mailersend", api_token="k"), mail,
                       answers(202, {}, X_Message_Id="m1")),
    "mailjet": Case(vendor("mailjet", api_key="k", secret_key="s"), mail, answers(200, {
        "Messages": [{"Status": "success", "To": [{"Email": ANNA, "MessageID": 1}]}]})),
    "mailtrap": Case(vendor("mailtrap", api_token="k"), mail,
                     answers(200, {"success": True, "message_ids": ["m1"]})),
    "mandrill": Case(vendor("mandrill", api_key="k"), mail,
                     answers(200, [{"email": ANNA, "status": "queued", "_id": "m1"}])),
    "postal": Case(vendor("postal", api_key="k"), mail, answers(200, {
        "status": "success", "data": {"messages": {ANNA: {"id": 1, "token": "t"}}}})),
    "sendgrid": Case(vendor("sendgrid", api_key="k"), mail, answers(202, "", X_Message_Id="m1")),
    "sparkpost": Case(vendor("sparkpost", api_key="k"), mail, answers(200, {"results": {
        "total_accepted_recipients": 1, "total_rejected_recipients": 0, "id": "m1"}})),
    "unisender_go": Case(vendor("unisender_go", api_key="k"), mail,
                         answers(200, {"status": "success", "job_id": "m1", "emails": [ANNA]})),
    "amazon_ses": Case(amazon, mail, answers(200, {"MessageId": "m1"})),
    "twilio": Case(twilio, text, answers(201, {"sid": SID, "status": "queued"}), "+31101234567"),
    "twilio, calls": Case(calls, text, answers(201, {"sid": SID.replace("SM", "CA"),
                                                     "status": "queued"}), "+31 0"),
    "whatsapp": Case(whatsapp, text, answers(200, {
        "messaging_product": "whatsapp", "contacts": [{"input": "31612345678",
                                                       "wa_id": "31612345678"}],
        "messages": [{"id": "wamid.1"}]}), "+31101234567"),
    "handover": Case(handover, text, answers(202, {"key": "KEY", "id": "m1"})),
}  # fmt: skip
LOCAL = {
    "sink": Case(lambda peer, folder: Sink("sms", folder / "mailbox"), text),
    "letter": Case(lambda peer, folder: Letters(FolderDrop(folder / "drop"),
                                                Record(folder / "record")), letter),
    "person": Case(lambda peer, folder: Person("NL"), text, no_such="123"),
}  # fmt: skip


SERVED = ("letter, SFTP", "smtp")  # by servers of other people
KEPT = (*LOCAL, "letter, SFTP")  # these know by themselves what they were handed before


@contextmanager
def running(name: str, folder: Path) -> Iterator[tuple[Channel, Case, Provider]]:
    """Yield an adapter with its peer."""
    case = {**HTTP, **LOCAL}.get(name)
    if case is not None:
        with provider() as peer:
            yield case.make(peer, folder), case, peer
    elif name == "smtp":
        with served_by_mail() as (smtp, case):
            yield smtp, case, Provider()
    else:
        with printing(folder) as printer:
            letters = Letters(printer.drop, Record(folder / "record"))
            yield letters, Case(lambda peer, place: letters, letter), Provider()


@contextmanager
def served_by_mail() -> Iterator[tuple[Channel, Case]]:
    """Yield the adapter of SMTP with a server."""
    with postmaster() as (_, port):
        smtp = Smtp(HEAD, Server("127.0.0.1", port, security="none", timeout_s=2))
        yield smtp, Case(lambda p, f: smtp, mail, no_such="nobody@customer.example")
