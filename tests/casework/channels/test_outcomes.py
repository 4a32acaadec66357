"""Providers that fail (F12 to F14): what surely did not leave may leave later, the rest is lost."""

from __future__ import annotations

import socket
import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.casework.channels.adapters import HTTP, running
from tests.casework.channels.peers import Provider
from tideover.casework.outreach.channels.answers import unanswered
from tideover.casework.outreach.channels.contract import Lost, Refused

BIG = b"<html>" + b"x" * 10_000_000


@pytest.fixture(params=HTTP)
def at(request: Any, tmp_path: Path) -> Any:
    """Return an adapter, its case and its peer."""
    with running(request.param, tmp_path) as found:
        yield found


def outcome(at: Any, **told: Any) -> Any:
    """Return what an adapter makes of an answer."""
    channel, case, peer = at
    for name, value in told.items():
        setattr(peer, name, value)
    return channel.send([case.message()])[0]


def test_429_is_tried_again_when_the_provider_says(at: Any) -> None:
    said = outcome(at, status=429, headers={"Retry-After": "7"})
    assert isinstance(said, Refused)
    assert (said.permanent, said.retry_after) == (False, timedelta(seconds=7))


def test_503_is_tried_again(at: Any) -> None:
    said = outcome(at, status=503, body=b"<html>away</html>")
    assert isinstance(said, Refused)
    assert not said.permanent


@pytest.mark.parametrize("status", [500, 502, 504])
def test_any_other_5xx_may_have_come_after_the_message_was_taken(at: Any, status: int) -> None:
    assert isinstance(outcome(at, status=status, body=b"<html>oops</html>"), Lost)


def test_a_request_that_the_provider_finds_wrong_is_refused_for_good(at: Any) -> None:
    said = outcome(at, status=400, body=b'{"message": "no", "code": 21211, "name": "invalid"}')
    assert isinstance(said, Refused)
    assert said.permanent


def test_our_own_wrong_password_is_no_fault_of_the_message(at: Any) -> None:
    said = outcome(at, status=401, body=b"{}")
    assert isinstance(said, Refused)
    assert not said.permanent


@pytest.mark.parametrize("body", [b"", b"<html>Sign in to the hotel</html>", b"{}", b"null", b"[]",
                                  b'{"error": "no"}', b'"x"', b"\xff\xfe", BIG])  # fmt: skip
def test_a_200_that_names_no_message_is_never_sent(at: Any, body: bytes) -> None:
    assert isinstance(outcome(at, status=200, body=body), Lost | Refused)
    assert len(at[2].asked) == 1


def test_a_connection_that_breaks_after_the_request_is_lost(at: Any) -> None:
    assert isinstance(outcome(at, mood="reset"), Lost)
    assert len(at[2].asked) == 1


def test_no_answer_in_time_is_lost_and_asked_once(at: Any) -> None:
    assert isinstance(outcome(at, mood="silent"), Lost)
    assert len(at[2].asked) == 1


@pytest.mark.parametrize("name", HTTP)
def test_where_nobody_listens_nothing_left(name: str, tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    nowhere = Provider(url=f"http://127.0.0.1:{port}")
    said = HTTP[name].make(nowhere, tmp_path).send([HTTP[name].message()])[0]
    assert isinstance(said, Refused), said
    assert not said.permanent


def test_a_certificate_that_is_not_theirs_is_noticed_before_anything_left() -> None:
    error = OSError(ssl.SSLCertVerificationError(1, "CERTIFICATE_VERIFY_FAILED"))
    assert isinstance(unanswered("k", error), Refused)
    assert isinstance(unanswered("k", ssl.SSLError(1, "DECRYPTION_FAILED_OR_BAD_RECORD")), Lost)
