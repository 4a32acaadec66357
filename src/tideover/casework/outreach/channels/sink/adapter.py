"""Sink: any channel, into the local mailbox."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from tideover.casework.outreach.channels.contract import (
    FOREVER,
    Heard,
    Outcome,
    Outgoing,
    Refused,
    Sent,
    Terms,
)
from tideover.casework.outreach.channels.sink.mailbox import keep, one


class Sink:
    """Writes to the local mailbox; a key that lies there already is not written again."""

    name = "sink"
    terms = Terms(dedupe="key", key_ttl=FOREVER, rate_per_s=100_000, max_batch=100,
                  source="docs/channels.md")  # fmt: skip

    def __init__(self, channel: str, folder: Path) -> None:
        self.channel, self.folder = channel, folder

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Put messages into the mailbox."""
        try:
            keep(self.folder, self.channel, messages)
        except (OSError, sqlite3.OperationalError) as error:
            why = f"the mailbox cannot be written: {type(error).__name__}"
            return [Refused(message.key, why, permanent=False) for message in messages]
        return [Sent(message.key, f"sink-{message.key}") for message in messages]

    def find(self, key: str) -> Outcome | None:
        """Say whether a message lies in the mailbox."""
        if one(self.folder, key):
            return Sent(key, f"sink-{key}")
        return Refused(key, "it is not in the mailbox", permanent=False)

    def verified(self, body: bytes, headers: Mapping[str, str], url: str) -> bool:
        """Nobody tells of a mailbox."""
        return False

    def heard(self, body: bytes, headers: Mapping[str, str], url: str = "") -> Sequence[Heard]:
        """Nobody tells of a mailbox."""
        raise ValueError("The local mailbox sends no webhooks")
