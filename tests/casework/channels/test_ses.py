"""Amazon SES by moto: what it takes, what it refuses, and that nothing is sent again by boto3."""

from __future__ import annotations

from email import message_from_string
from email.policy import default
from typing import Any

import pytest

from tests.casework.channels.adapters import AMAZON, HEAD
from tests.casework.channels.peers import outgoing
from tideover.casework.outreach.channels.contract import Refused, Sent
from tideover.casework.outreach.channels.mail.ses import refused
from tideover.casework.outreach.channels.mail.vendor import Vendor


@pytest.fixture
def amazon() -> Any:
    """Yield moto's SES, where one address may send."""
    import boto3
    from moto import mock_aws
    from moto.ses.models import ses_backends

    with mock_aws():
        boto3.client("sesv2", **AMAZON).create_email_identity(EmailIdentity="bills@utility.example")
        yield ses_backends["123456789012"][AMAZON["region_name"]]


def test_ses_takes_an_e_mail_whole_and_says_its_number(amazon: Any) -> None:
    mail = outgoing(subject="Uw rekening: € 84,50")
    (said,) = Vendor("amazon_ses", HEAD, options=AMAZON).send([mail])
    (taken,) = amazon.sent_messages
    read = message_from_string(taken.raw_data, policy=default)
    assert said == Sent(mail.key, taken.id)
    assert read["Subject"] == "Uw rekening: € 84,50"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_sender_that_ses_does_not_know_is_refused(amazon: Any) -> None:
    from dataclasses import replace

    head = replace(HEAD, sender="Utility <other@utility.example>")
    (said,) = Vendor("amazon_ses", head, options=AMAZON).send([outgoing()])
    assert isinstance(said, Refused)
    assert "MessageRejected" in said.why
    assert amazon.sent_messages == []


@pytest.mark.parametrize(("code", "status", "for_good"), [
    ("MessageRejected", 400, True), ("ThrottlingException", 400, False),
    ("TooManyRequestsException", 429, False), ("SendingPausedException", 400, False),
    ("SignatureDoesNotMatch", 403, False),
])  # fmt: skip
def test_what_says_nothing_of_the_message_is_tried_again(
    code: str, status: int, for_good: bool
) -> None:
    from botocore.exceptions import ClientError

    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    error = ValueError("as django-anymail raises it")
    error.__cause__ = ClientError(answer, "SendEmail")
    said = refused("k1", error)
    assert isinstance(said, Refused)
    assert said.permanent is for_good


def test_without_anybody_to_send_as_nothing_left(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    (said,) = Vendor("amazon_ses", HEAD, options={"region_name": "eu-central-1"}).send([outgoing()])
    assert isinstance(said, Refused)
    assert not said.permanent
