"""E-mail by SMTP: what it looks like, what the server says, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from tests.casework.channels.adapters import HEAD
from tests.casework.channels.peers import Postmaster, outgoing, postmaster
from tideover.casework.outreach.channels.contract import Lost, Refused, Sent
from tideover.casework.outreach.channels.mail.bounces import mail_heard
from tideover.casework.outreach.channels.mail.fresh import fresh_text
from tideover.casework.outreach.channels.mail.smtp import Server, Smtp

Peer = tuple[Smtp, Postmaster]
KEY = outgoing().key


@pytest.fixture
def peer() -> Iterator[Peer]:
    """Return the adapter, and the server it speaks to."""
    with postmaster() as (server, port):
        yield Smtp(HEAD, Server("127.0.0.1", port, security="none", timeout_s=2)), server


def arrived(peer: Peer, **more: Any) -> Any:
    """Return an e-mail as it arrived."""
    (outcome,) = peer[0].send([outgoing(**more)])
    assert isinstance(outcome, Sent), outcome
    return message_from_bytes(peer[1].got[-1].content, policy=default)


def test_it_has_both_forms_and_says_how_to_stop_in_one_click(peer: Peer) -> None:
    mail = arrived(peer)
    assert "€ 84.50" in mail.get_body(("plain",)).get_content()
    assert "<p>" in mail.get_body(("html",)).get_content()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "<https://help.utility.example/unsubscribe/abcdefgh" in mail["List-Unsubscribe"]
    assert mail["Reply-To"] == f"reply+{'abcdefgh' * 4}@reply.utility.example"


def test_its_message_id_is_the_key_however_often_it_is_made(peer: Peer) -> None:
    assert arrived(peer)["Message-ID"] == arrived(peer)["Message-ID"] == f"<{KEY}@utility.example>"


def test_no_name_or_subject_can_add_a_header(peer: Peer) -> None:
    for end in ("\r\n", "\n", "\r", "\x85", "\u2028", "\0"):
        mail = arrived(peer, subject=f"Your bill{end}Bcc: all@customer.example{end}{end}Hi",
                       headers={"X-Campaign": f"a{end}Bcc: b@customer.example"})  # fmt: skip
        assert mail["Bcc"] is None
        assert "Bcc: all@customer.example" in mail["Subject"]
        assert peer[1].got[-1].rcpt_tos == ["anna1@customer.example"]


@pytest.mark.parametrize(
    "to",
    [
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "nobody",
        "a@b@c.example",
        "ä@customer.example",
        "a@-.example",
    ],
)
def test_what_is_no_address_is_refused_before_the_server_is_asked(peer: Peer, to: str) -> None:
    (outcome,) = peer[0].send([outgoing(to=to)])
    assert isinstance(outcome, Refused)
    assert outcome.permanent
    assert peer[1].got == []


def test_a_domain_in_its_own_letters_is_written_to(peer: Peer) -> None:
    arrived(peer, to="anna@bücher.example")
    assert peer[1].got[-1].rcpt_tos == ["anna@xn--bcher-kva.example"]


def test_every_message_of_a_batch_fares_alone(peer: Peer) -> None:
    who = ("nobody", "full", "unwanted", "anna", "lost", "after")
    batch = [outgoing(n, to=f"{name}@customer.example") for n, name in enumerate(who)]
    nobody, full, unwanted, anna, lost, after = peer[0].send(batch)
    assert (nobody.permanent, full.permanent, unwanted.permanent) == (True, False, True)  # type: ignore[union-attr]
    assert isinstance(anna, Sent)
    assert isinstance(lost, Lost)
    assert isinstance(after, Refused)
    assert not after.permanent


def test_a_server_that_cannot_be_entered_got_nothing() -> None:
    closed = Smtp(HEAD, Server("127.0.0.1", 9, security="none", timeout_s=1))
    outcomes = closed.send([outgoing(1), outgoing(2)])
    assert [isinstance(o, Refused) and not o.permanent for o in outcomes] == [True, True]


REPORT = """From: MAILER-DAEMON@mx.example
To: reply+abcdefgh12@reply.utility.example
Date: Mon, 30 Mar 2026 10:00:00 +0000
Message-ID: <b1@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

It did not arrive.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; Anna1@customer.example
Action: {action}
Status: {status}

--B
Content-Type: text/rfc822-headers

Message-ID: <{key}@utility.example>
Subject: Your bill

--B--
"""


@pytest.mark.parametrize(
    ("status", "permanent"), [("5.1.1", True), ("5.2.2", False), ("4.4.7", False), ("5.7.1", False)]
)
def test_a_bounce_names_our_message_and_whether_it_is_for_good(
    status: str, permanent: bool
) -> None:
    report = REPORT.format(action="failed", status=status, key=KEY)
    (event,) = mail_heard(report.encode(), {})
    assert (event.outcome, event.key, event.permanent) == ("bounced", KEY, permanent)
    assert event.address == "anna1@customer.example"
    assert event.at.isoformat() == "2026-03-30T10:00:00+00:00"


def test_a_delay_is_no_event() -> None:
    assert mail_heard(REPORT.format(action="delayed", status="4.4.1", key=KEY).encode(), {}) == []


REPLY = """From: Anna <ANNA1@customer.example>
To: Utility <reply+abcdefgh12@reply.utility.example>
Date: Mon, 30 Mar 2026 12:00:00 +0200
Message-ID: <r1@customer.example>
In-Reply-To: <{key}@utility.example>
Content-Type: text/plain; charset=utf-8
{more}
Ik betaal vrijdag.

Op ma 30 mrt 2026 om 10:00 schreef Utility <bills@utility.example>:
> Reply STOP to stop.
"""


def test_a_reply_is_what_was_written_anew_and_whom_it_answers() -> None:
    (event,) = mail_heard(REPLY.format(key=KEY, more="").encode(), {})
    assert (event.kind, event.text) == ("inbound", "Ik betaal vrijdag.")
    assert (event.reply_token, event.key) == ("abcdefgh12", KEY)
    assert event.address == "anna1@customer.example"
    assert "STOP" in event.raw


def test_an_answer_of_a_machine_is_nobodys_reply() -> None:
    away = REPLY.format(key=KEY, more="Auto-Submitted: auto-replied\n")
    assert mail_heard(away.encode(), {}) == []


def test_a_reply_of_nothing_but_a_quote_is_kept_whole() -> None:
    assert fresh_text("> STOP") == "> STOP"
