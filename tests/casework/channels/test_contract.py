"""What every adapter does, whoever its provider is."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.casework.channels.adapters import HTTP, KEPT, LOCAL, SERVED, running
from tests.casework.channels.peers import outgoing
from tideover.casework.outreach.channels.contract import Refused, Sent
from tideover.casework.outreach.channels.mail.hooks import VENDORS

ALL = (*HTTP, *LOCAL, *SERVED)
pytestmark = pytest.mark.django_db


@pytest.fixture(params=ALL)
def at(request: Any, tmp_path: Path) -> Any:
    """Return an adapter, its case and its peer."""
    with running(request.param, tmp_path) as found:
        yield found


def test_what_the_provider_takes_is_sent_and_has_its_id(at: Any) -> None:
    channel, case, peer = at
    message = case.message()
    case.taken(peer, message.key)
    (outcome,) = channel.send([message])
    assert isinstance(outcome, Sent), outcome
    assert outcome.key == message.key
    assert 0 < len(outcome.provider_id) <= 200


def test_each_message_of_a_call_has_an_outcome_of_its_own(at: Any) -> None:
    channel, case, peer = at
    messages = [case.message(number) for number in range(1, min(channel.terms.max_batch, 5) + 1)]
    case.taken(peer, messages[0].key)
    assert {one.key for one in channel.send(messages)} == {one.key for one in messages}


@pytest.mark.parametrize("name", [name for name in VENDORS if name != "amazon_ses"])
def test_a_vendor_is_told_how_it_is_stopped_and_where_replies_come_to(
    name: str, tmp_path: Path
) -> None:
    with running(name, tmp_path) as (channel, case, peer):
        message = case.message()
        case.taken(peer, message.key)
        channel.send([message])
        asked = unquote(peer.asked[0][2].decode())
    for wanted in ("List-Unsubscribe-Post", "https://help.utility.example/unsubscribe/",
                   f"reply+{message.reply_token}@"):  # fmt: skip
        assert wanted in asked


def test_every_vendor_is_in_this_suite() -> None:
    assert {*VENDORS} <= {*HTTP}


def test_its_terms_are_ones_that_the_outbox_can_keep(at: Any) -> None:
    terms = at[0].terms
    assert terms.rate_per_s > 0
    assert terms.max_batch >= 1
    assert 0 < terms.timeout_s <= 60
    assert bool(terms.key_ttl) == (terms.dedupe == "key")
    assert terms.source
    assert terms.promise.endswith(".")


@pytest.mark.parametrize("name", ["twilio", "twilio, calls", "whatsapp", "person", "smtp"])
def test_an_address_that_leads_nowhere_is_refused_for_good(name: str, tmp_path: Path) -> None:
    with running(name, tmp_path) as (channel, case, _):
        (outcome,) = channel.send([case.message(to=case.no_such)])
    assert isinstance(outcome, Refused)
    assert outcome.permanent


def test_whoever_asks_for_a_message_that_was_never_handed_over_is_not_told_it_was(at: Any) -> None:
    assert not isinstance(at[0].find(outgoing(99).key), Sent)


def test_what_is_not_signed_is_not_believed(at: Any) -> None:
    for body in (
        b"",
        b"{}",
        b"\xff\xfe",
        b"MessageSid=SM1&MessageStatus=delivered",
        b"[" * 100_000,
    ):
        assert at[0].verified(body, {}, "https://console.utility.example/hooks/x") is False


def test_what_is_not_the_providers_is_a_value_error(at: Any) -> None:
    long = b'{"object": "whatsapp_business_account", "entry": ' + b"[" * 200_000
    for body in (b"", b"{}", b"\xff\xfe\x00", b"a\0b", b"null", b"[1]", long, b"9" * 5_000):
        with pytest.raises(ValueError, match=r"\w"):
            at[0].heard(body, {})


@pytest.mark.parametrize("name", KEPT)
def test_where_a_key_or_a_record_is_kept_the_same_message_is_taken_once(
    name: str, tmp_path: Path
) -> None:
    with running(name, tmp_path) as (channel, case, _):
        first, second = (channel.send([case.message()])[0] for _ in range(2))
        assert first == second
        assert channel.find(case.message().key) == first
