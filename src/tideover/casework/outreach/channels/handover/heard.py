"""What the other system tells of a message that it was handed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tideover.casework.outreach.channels.contract import Heard
from tideover.casework.outreach.channels.reading import (
    header,
    made_id,
    moment,
    plain,
    read_json,
    strictly,
)

OUTCOMES = ("sent", "delivered", "opened", "clicked", "bounced", "failed", "complained",
            "unsubscribed")  # fmt: skip
REPLY = "message.reply"


@strictly
def handover_heard(body: bytes, headers: Mapping[str, str], url: str = "") -> Sequence[Heard]:
    """Return the event: `message.<outcome>` or `message.reply`."""
    said = read_json(body)
    kind, at, facts = str(said["type"]), moment(said["timestamp"]), said["data"]
    key, own = str(facts.get("key", "")), str(facts.get("id", ""))
    event_id = header(headers, "webhook-id") or made_id(kind, key, own, said["timestamp"])
    if kind == REPLY:
        return [Heard("inbound", event_id, provider_id=own or event_id, at=at, key=key,
                      address=str(facts.get("address", "")), text=str(facts["text"]),
                      raw=plain(said))]  # fmt: skip
    outcome = kind.removeprefix("message.")
    if outcome not in OUTCOMES or not (key or own):
        raise ValueError("The other system has no such event")
    return [Heard("receipt", event_id, provider_id=own, at=at, outcome=outcome, key=key,
                  permanent=facts.get("permanent") is True,
                  address=str(facts.get("address", "")), raw=plain(said))]  # fmt: skip
