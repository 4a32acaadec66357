"""What an e-mail that came in is: a bounce, a complaint or a reply; by the standard library.

Bounces are multipart/report with a message/delivery-status (RFC 3464), complaints feedback reports
(RFC 5965). Our reference is the Message-ID of the message that is quoted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import getaddresses, parseaddr, parsedate_to_datetime
from typing import Any

from django.utils.html import strip_tags

from tideover.casework.outreach.channels.contract import Heard
from tideover.casework.outreach.channels.mail.fresh import fresh_text
from tideover.casework.outreach.channels.mail.settings import token_in
from tideover.casework.outreach.channels.mail.writing import key_of
from tideover.casework.outreach.channels.reading import made_id, moment, now, strictly

_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
_ACTIONS = {"failed": "bounced", "delivered": "delivered", "relayed": "sent"}
_MOST_RAW = 50_000


@strictly
def mail_heard(body: bytes, headers: Mapping[str, str], url: str = "") -> Sequence[Heard]:
    """Return what an e-mail tells; nothing where a machine answered."""
    if b"\0" in body:
        raise ValueError("The e-mail holds NUL")
    mail: Any = message_from_bytes(body, policy=default)
    if not (mail["From"] or mail["Return-Path"]) or not mail.keys():
        raise ValueError("This is no e-mail")
    reports = mail.get_content_type() == "multipart/report"
    kind = mail.get_param("report-type", "") if reports else ""
    if kind == "delivery-status":
        return _bounce(mail)
    if kind == "feedback-report":
        return _complaint(mail)
    return [reply(mail)] if not automatic(mail) else []


def automatic(mail: Message) -> bool:
    """Say whether a machine wrote this: an answer of being away says nothing of a customer."""
    said = str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    return said != "no" or str(mail.get("Precedence", "")).lower() == "auto_reply"


def reply(mail: EmailMessage, *, text: str = "", event_id: str = "") -> Heard:
    """Return a reply of a customer.

    Args:
        text: What they wrote, where a vendor has found it already.
        event_id: The vendor's own.
    """
    own_id = str(mail.get("Message-ID", "")).strip()
    said = text or _text(mail)
    return Heard(
        "inbound", event_id or own_id or made_id("mail", mail.as_bytes()[:_MOST_RAW]),
        provider_id=(own_id or event_id)[:200], at=_date(mail),
        address=parseaddr(str(mail.get("From", "")))[1].lower(), text=fresh_text(said),
        reply_token=token_in(_written_to(mail)), raw=said[:_MOST_RAW],
        answers=str(mail.get("In-Reply-To", "")).strip()[:200],
        key=key_of(str(mail.get("In-Reply-To", ""))),
    )  # fmt: skip


def _bounce(mail: Any) -> list[Heard]:
    ours = _quoted_id(mail)
    found = []
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload():
            action = str(block.get("Action", "")).strip().lower()
            if action in _ACTIONS:
                found.append(_receipt(mail, block, ours, _ACTIONS[action]))
    return found


def _receipt(mail: Any, block: Message, ours: str, outcome: str) -> Heard:
    address = str(block.get("Final-Recipient", "")).rpartition(";")[2].strip().lower()
    status = str(block.get("Status", "")).strip()
    return Heard(
        "receipt", made_id("dsn", mail.get("Message-ID", ""), ours, address, outcome),
        provider_id=ours, at=_date(mail), outcome=outcome, address=address, key=key_of(ours),
        # 5.2.2 is a full mailbox, 5.7 a policy: the address itself is good
        permanent=status.startswith("5.") and not status.startswith(("5.2.2", "5.7")),
        raw=block.as_string()[:_MOST_RAW],
    )  # fmt: skip


def _complaint(mail: Any) -> list[Heard]:
    ours = _quoted_id(mail)
    address = ""
    for part in mail.walk():
        if part.get_content_type() == "message/feedback-report":
            block: Any = part.get_payload()
            report = block[0] if isinstance(block, list) else part
            address = str(report.get("Original-Rcpt-To", "")).strip(" <>").lower()
    return [Heard("receipt", made_id("arf", mail.get("Message-ID", ""), ours), provider_id=ours,
                  at=_date(mail), outcome="complained", address=address, key=key_of(ours),
                  raw=mail.as_string()[:_MOST_RAW])]  # fmt: skip


def _quoted_id(mail: Any) -> str:
    """Return the Message-ID of the message that a report quotes."""
    for part in mail.walk():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            return str(inner[0].get("Message-ID", "")).strip() if isinstance(inner, list) else ""
        if part.get_content_type() == "text/rfc822-headers":
            quoted = message_from_bytes(part.get_payload(decode=True), policy=default)
            return str(quoted.get("Message-ID", "")).strip()
    return ""


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain", "html"))
    if part is None:
        return ""
    said = str(part.get_content())
    return strip_tags(said) if part.get_content_subtype() == "html" else said


def _written_to(mail: EmailMessage) -> str:
    fields = [str(value) for name in _TO for value in mail.get_all(name, [])]
    return " ".join(f"<{address}>" for _, address in getaddresses(fields))


def _date(mail: Message) -> datetime:
    try:
        return moment(parsedate_to_datetime(str(mail["Date"])).isoformat())
    except (ValueError, TypeError):
        return now()
