"""How each adapter is made of its section; a vendor's client is not imported by that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tideover.casework.outreach.channels.contract import Channel
from tideover.casework.outreach.channels.handover.adapter import Handover, Partner
from tideover.casework.outreach.channels.letter.adapter import Letters
from tideover.casework.outreach.channels.letter.drops import Drop, FolderDrop, SftpDrop
from tideover.casework.outreach.channels.letter.record import Record
from tideover.casework.outreach.channels.mail.hooks import VENDORS
from tideover.casework.outreach.channels.mail.settings import Letterhead
from tideover.casework.outreach.channels.mail.smtp import Server, Smtp
from tideover.casework.outreach.channels.mail.vendor import Vendor
from tideover.casework.outreach.channels.sink.adapter import Sink
from tideover.casework.outreach.channels.twilio.adapter import Line, Twilio
from tideover.casework.outreach.channels.whatsapp.adapter import Business, WhatsApp
from tideover.casework.section import Section

Builder = Callable[[Section, Path], Channel]
MAILBOX = "mailbox"


def sink(section: Section, workspace: Path) -> Channel:
    """The local mailbox."""
    return Sink(section.channel, workspace / section.text("folder", MAILBOX))


def smtp(section: Section, workspace: Path) -> Channel:
    """E-mail by SMTP."""
    security = section.text("security", "starttls")
    if security not in ("starttls", "tls", "none"):
        raise section.wrong("security is starttls, tls or none")
    server = Server(
        host=section.text("host"), port=int(section.number("port", 587)), security=security,
        username=section.text("username", ""), timeout_s=section.number("timeout_s", 20),
        password=section.secret("password", needed=False),
    )  # fmt: skip
    return Smtp(letterhead(section), server, secrets=section.secrets("webhook_secret"),
                rate_per_s=section.number("rate_per_s", 50))  # fmt: skip


def vendor(section: Section, workspace: Path) -> Channel:
    """E-mail by a vendor of django-anymail's; `options` and `webhook` are that vendor's own."""
    return Vendor(str(section.said["provider"]), letterhead(section),
                  options=section.options("options"), hooks=section.options("webhook"),
                  rate_per_s=section.number("rate_per_s", 10))  # fmt: skip


def letterhead(section: Section) -> Letterhead:
    """What every e-mail has in common."""
    head = Letterhead(
        sender=section.text("sender"), reply_domain=section.text("reply_domain", ""),
        reply_name=section.text("reply_name", "reply"),
        unsubscribe_url=section.text("unsubscribe_url", ""),
    )  # fmt: skip
    if head.unsubscribe_url and not (
        head.unsubscribe_url.startswith("https://") and "{token}" in head.unsubscribe_url
    ):
        raise section.wrong("unsubscribe_url begins with https:// and holds {token}")
    return head


def twilio(section: Section, workspace: Path) -> Channel:
    """SMS or automated calls by Twilio."""
    line = Line(
        account=section.secret("account"), token=section.secret("token"),
        senders=section.table("sender"), country=section.text("country", ""),
        callback_url=section.text("callback_url", ""), api_url=section.text("api_url", ""),
    )  # fmt: skip
    if not line.senders:
        raise section.wrong("The setting sender is missing")
    return Twilio(section.channel, line, rate_per_s=section.number("rate_per_s", 1))


def whatsapp(section: Section, workspace: Path) -> Channel:
    """WhatsApp's Cloud API."""
    business = Business(
        phone_id=section.text("phone_id"), token=section.secret("token"),
        app_secret=section.secret("app_secret"), country=section.text("country", ""),
        verify_token=section.secret("verify_token", needed=False),
        api_url=section.text("api_url", ""),
    )  # fmt: skip
    return WhatsApp(business, rate_per_s=section.number("rate_per_s", 80))


def letter(section: Section, workspace: Path) -> Channel:
    """Letters to a folder, or by SFTP where a host is named."""
    drop: Drop
    if "host" in section.said:
        drop = SftpDrop(
            host=section.text("host"), port=int(section.number("port", 22)),
            username=section.text("username"), folder=section.text("folder", "."),
            known_hosts=section.text("known_hosts"), key_file=section.text("key_file", ""),
            password=section.secret("password", needed=False),
        )  # fmt: skip
    else:
        drop = FolderDrop(workspace / section.text("folder", "letters"))
    return Letters(drop, Record(workspace / "casework" / "letters"),
                   secrets=section.secrets("webhook_secret"))  # fmt: skip


def person(section: Section, workspace: Path) -> Channel:
    """Calls for agents to make."""
    # it needs the tables, and a webhook is read without any
    from tideover.casework.outreach.channels.voice.adapter import Person

    return Person(section.text("country", ""))


def handover(section: Section, workspace: Path) -> Channel:
    """Any other system, by Standard Webhooks."""
    url, secrets = section.text("url"), section.secrets("secret")
    if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise section.wrong("url begins with https://")
    if not secrets:
        raise section.wrong("The setting secret_env is missing: it names a variable")
    hours = section.number("remembers_hours", 0)
    return Handover(section.channel, Partner(url, secrets, timedelta(hours=hours)),
                    rate_per_s=section.number("rate_per_s", 50))  # fmt: skip


_ANY = ("email", "sms", "whatsapp", "letter", "voice", "push", "visit")
BUILDERS: dict[str, tuple[Builder, tuple[str, ...]]] = {
    "sink": (sink, _ANY), "handover": (handover, _ANY), "smtp": (smtp, ("email",)),
    "twilio": (twilio, ("sms", "voice")), "whatsapp": (whatsapp, ("whatsapp",)),
    "letter": (letter, ("letter",)), "person": (person, ("voice",)),
    **dict.fromkeys(VENDORS, (vendor, ("email",))),
}  # fmt: skip
