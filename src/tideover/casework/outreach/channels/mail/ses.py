"""Amazon SES, as django-anymail reaches it by boto3, which may not send again by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tideover.casework.outreach.channels.answers import NOT_NOW, judged
from tideover.casework.outreach.channels.contract import Lost, Refused

# What boto3's client takes itself; the rest of the options are django-anymail's.
_CLIENT = ("region_name", "aws_access_key_id", "aws_secret_access_key", "aws_session_token",
           "endpoint_url")  # fmt: skip
# Answers that say something of our account and nothing of the message.
_OURS = frozenset({
    "Throttling", "ThrottlingException", "LimitExceededException", "AccountSuspendedException",
    "SendingPausedException", "MailFromDomainNotVerifiedException", "ExpiredToken",
    "ExpiredTokenException", "RequestExpired",
})  # fmt: skip


def settings_of(options: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
    """Return django-anymail's settings: one try a message, for a second one may arrive too."""
    said = dict(options)
    client = {**said.pop("client_params", {}),
              **{name: said.pop(name) for name in _CLIENT if name in said}}  # fmt: skip
    config = {"connect_timeout": timeout_s, "read_timeout": timeout_s,
              **client.get("config", {}), "retries": {"total_max_attempts": 1}}  # fmt: skip
    return said | {"client_params": client | {"config": config}}


def refused(key: str, error: BaseException) -> Refused | Lost | None:
    """Return what an answer of AWS means for a message; none where there was no answer."""
    said = getattr(error.__cause__, "response", None)
    if not isinstance(said, dict):
        return None
    about, code = said.get("ResponseMetadata", {}), str(said.get("Error", {}).get("Code", ""))
    status = int(about.get("HTTPStatusCode", 0))
    if code in _OURS and status not in NOT_NOW:
        return Refused(key, f"{status} {code}", permanent=False)
    return judged(key, status, headers=about.get("HTTPHeaders", {}), why=code)
