"""Hand-over by Standard Webhooks: `webhook-id` is the message's key.

The other system answers with JSON that names the key; anything else is no answer. 2xx alone does
not do: a proxy's page of errors is 200 too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from standardwebhooks.webhooks import Webhook

from tideover.casework.outreach.channels.answers import judged, unanswered
from tideover.casework.outreach.channels.contract import (
    Heard,
    Lost,
    Outcome,
    Outgoing,
    Refused,
    Sent,
    Terms,
)
from tideover.casework.outreach.channels.handover.heard import handover_heard
from tideover.casework.outreach.channels.signing import signed_with

_MOST_ANSWER = 65_536


@dataclass(frozen=True)
class Partner:
    """The other system.

    Args:
        url: Where it takes messages; https but on this machine.
        secrets: Ours with it, `whsec_...`; the first signs, all are accepted.
        remembers: For how long it knows a key again; none where nobody promised it.
    """

    url: str
    secrets: tuple[str, ...]
    remembers: timedelta = timedelta(0)


class Handover:
    """Hands messages to another system, one a call."""

    name = "handover"

    def __init__(self, channel: str, partner: Partner, *, rate_per_s: float = 50,
                 timeout_s: float = 15.0) -> None:  # fmt: skip
        self.channel, self.partner = channel, partner
        self.terms = Terms(dedupe="key" if partner.remembers else "none",
                           key_ttl=partner.remembers, rate_per_s=rate_per_s, timeout_s=timeout_s,
                           source="standardwebhooks.com; the partner's word")  # fmt: skip
        self._session = requests.Session()

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Hand messages over."""
        return [self._one(message) for message in messages]

    def _one(self, message: Outgoing) -> Outcome:
        body = json.dumps(self._said(message), ensure_ascii=False)
        now = datetime.now(UTC)
        headers = {
            "Content-Type": "application/json", "webhook-id": message.key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(self.partner.secrets[0]).sign(message.key, now, body),
        }  # fmt: skip
        try:
            with self._session.post(
                self.partner.url, data=body.encode(), headers=headers, stream=True,
                timeout=self.terms.timeout_s, allow_redirects=False,
            ) as response:  # fmt: skip
                answer = response.raw.read(_MOST_ANSWER + 1, decode_content=True)
        except Exception as error:  # urllib3's errors come through where the answer is read
            return unanswered(message.key, error)
        if not 200 <= response.status_code < 300:
            return judged(message.key, response.status_code, headers=response.headers)
        return _taken(message.key, answer)

    def _said(self, message: Outgoing) -> dict[str, Any]:
        return {
            "type": "message.send", "timestamp": datetime.now(UTC).isoformat(),
            "data": {
                "key": message.key, "channel": self.channel, "to": message.to,
                "subject": message.subject, "text": message.text, "html": message.html,
                "language": message.language, "reply_token": message.reply_token,
            },
        }  # fmt: skip

    def find(self, key: str) -> Outcome | None:
        """The other system is not asked."""
        return None

    def verified(self, body: bytes, headers: Mapping[str, str], url: str) -> bool:
        """Say whether a call is the other system's, by Standard Webhooks' own library."""
        return signed_with(self.partner.secrets, body, headers)

    def heard(self, body: bytes, headers: Mapping[str, str], url: str = "") -> Sequence[Heard]:
        """Return the event that a call tells of."""
        return handover_heard(body, headers, url)


def _taken(key: str, answer: bytes) -> Outcome:
    try:
        said = json.loads(answer) if len(answer) <= _MOST_ANSWER else None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        return Lost(key, "an answer that says nothing")
    if said.get("error"):
        return Refused(key, "the other system declined it", permanent=bool(said.get("permanent")))
    if said.get("key") != key:
        return Lost(key, "the answer does not name the message")
    return Sent(key, str(said.get("id") or key)[:200])
