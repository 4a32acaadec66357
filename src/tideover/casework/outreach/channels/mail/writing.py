"""An e-mail as it leaves: plain and HTML, and the headers by which it is known again."""

from __future__ import annotations

import re
from email.utils import formatdate

from django.core.mail import EmailMultiAlternatives

from tideover.casework.outreach.addresses import email
from tideover.casework.outreach.channels.contract import Outgoing
from tideover.casework.outreach.channels.mail.settings import Letterhead
from tideover.terms.faults import Fault

_BREAKS = re.compile(r"[\r\n\0\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_OWN = frozenset({"to", "from", "subject", "message-id", "date", "reply-to", "cc", "bcc", "sender",
                  "content-type", "content-transfer-encoding", "mime-version",
                  "return-path"})  # fmt: skip
_KEY = re.compile(r"[A-Za-z0-9-]{1,64}")


def message_id(key: str, domain: str) -> str:
    """Return the Message-ID of a message, the same whenever it is made."""
    if not _KEY.fullmatch(key):
        raise ValueError("This key cannot stand in a Message-ID")
    return f"<{key}@{domain}>"


def key_of(text: str) -> str:
    """Return our reference out of a Message-ID that is of our making, or nothing.

    >>> key_of("<0b8a5c1e-0000-4000-8000-000000000001@utility.example>")
    '0b8a5c1e-0000-4000-8000-000000000001'
    """
    local = text.strip().strip("<>").partition("@")[0]
    return local if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", local) else ""


def written(outgoing: Outgoing, head: Letterhead) -> EmailMultiAlternatives:
    """Return an e-mail.

    A line break in what a template or a customer's name brought becomes a space: no header can be
    added by it.

    Raises:
        ValueError: The address is none, or a header may not be set.
    """
    mail = EmailMultiAlternatives(
        subject=one_line(outgoing.subject), body=outgoing.text, from_email=one_line(head.sender),
        to=[recipient(outgoing.to)], headers=_headers(outgoing, head),
    )  # fmt: skip
    if reply_to := head.reply_to(outgoing.reply_token):
        mail.reply_to = [reply_to]
    if outgoing.html:
        mail.attach_alternative(outgoing.html, "text/html")
    for name, content in outgoing.attached.items():
        kind = "application/pdf" if content.startswith(b"%PDF") else "application/octet-stream"
        mail.attach(one_line(name), content, kind)
    return mail


def _headers(outgoing: Outgoing, head: Letterhead) -> dict[str, str]:
    headers = {
        "Message-ID": message_id(outgoing.key, head.domain),
        "Date": formatdate(),
        "Auto-Submitted": "auto-generated",
    }
    if head.unsubscribe_url and outgoing.reply_token:
        ways = [f"<{head.unsubscribe_url.format(token=outgoing.reply_token)}>"]
        if reply_to := head.reply_to(outgoing.reply_token):
            ways.append(f"<mailto:{reply_to}?subject=unsubscribe>")
        headers["List-Unsubscribe"] = ", ".join(ways)
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    for name, value in outgoing.headers.items():
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _OWN:
            raise ValueError(f"The header {name!r} may not be set")
        headers[name] = one_line(value)
    return headers


def one_line(text: str) -> str:
    """Return a text without line breaks.

    >>> one_line("Your bill\\r\\nBcc: all")
    'Your bill Bcc: all'
    """
    return _BREAKS.sub(" ", text).strip()


def recipient(text: str) -> str:
    """Return an e-mail address as it goes on the wire; its domain in ASCII.

    Raises:
        ValueError: It is none that SMTP can carry.
    """
    if _BREAKS.search(text.strip()):
        raise ValueError("This is no e-mail address")
    try:
        return email(text)
    except Fault as fault:
        raise ValueError(fault.what) from None
