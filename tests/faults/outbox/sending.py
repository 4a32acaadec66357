"""A real worker process that sends to the provider of a test: python -m tests.faults.outbox.sending

Arguments: the provider's address, its dedupe, how long a lease is in seconds, how many messages in
one call, how many pages SQLite may have (0: any).
"""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.db.backends.signals import connection_created  # noqa: E402

from tideover.casework.outreach.channels.contract import (  # noqa: E402
    Dedupe,
    Heard,
    Outcome,
    Outgoing,
    Sent,
    Terms,
)
from tideover.casework.outreach.models import Message  # noqa: E402
from tideover.casework.outreach.outbox import handed  # noqa: E402
from tideover.casework.outreach.outbox.policy import SendPolicy  # noqa: E402
from tideover.casework.outreach.outbox.sender import Ruling, Sender, Written  # noqa: E402
from tideover.casework.outreach.outbox.worker import Worker  # noqa: E402


class Posts:
    """An adapter that posts messages to an address."""

    name, channel = "posts", "sms"

    def __init__(self, url: str, dedupe: Dedupe, at_once: int) -> None:
        self.url = url
        ttl = timedelta(hours=1) if dedupe == "key" else timedelta(0)
        self.terms = Terms(dedupe, 100_000, key_ttl=ttl, max_batch=at_once, timeout_s=5)

    def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        body = json.dumps([{"key": one.key, "text": one.text} for one in messages]).encode()
        with urllib.request.urlopen(self.url, body, timeout=self.terms.timeout_s) as answer:
            answer.read()
        return [Sent(one.key, one.key) for one in messages]

    def find(self, key: str) -> Outcome | None:
        return None

    def verified(self, body: bytes, headers: Mapping[str, str], url: str) -> bool:
        return False

    def heard(self, body: bytes, headers: Mapping[str, str]) -> list[Heard]:
        return []


class Permits:
    """Permits everything and writes a line: what is tried here is the outbox."""

    def rule(
        self, situation: Mapping[str, Any], message: Message, carries: tuple[str, ...],
        at: datetime,
    ) -> Ruling:  # fmt: skip
        return Ruling(True)

    def write(self, message: Message, true_now: Any, at: datetime) -> Written:
        return Written("You owe us nothing: this is a test.")


def sender(url: str, dedupe: Dedupe, lease_s: float = 2.0, at_once: int = 5) -> Sender:
    """Return a sender of one worker."""
    policy = SendPolicy(
        lease=timedelta(seconds=lease_s), first_rest=timedelta(seconds=0.2), claim_at_once=20,
        longest_rest=timedelta(seconds=1), circuit_rest=timedelta(seconds=0.5),
    )  # fmt: skip
    permits = Permits()
    return Sender(f"w{os.getpid()}", Posts(url, dedupe, at_once), permits, permits, policy=policy,
                  handing_over=handed.note)  # fmt: skip


def fills_up(most_pages: int) -> None:
    """Have SQLite say that its disk is full past so many pages."""

    def limit(connection: Any, **unused: Any) -> None:
        connection.cursor().execute(f"PRAGMA max_page_count={most_pages}")

    connection_created.connect(limit, weak=False)


if __name__ == "__main__":
    from tideover.casework.outreach.outbox import worker as working

    working.RECOVER_S = 0.5
    url, dedupe, lease_s, at_once, most_pages = sys.argv[1:]
    if int(most_pages):
        fills_up(int(most_pages))
    made = Worker([sender(url, dedupe, float(lease_s), int(at_once))], tell=lambda words: None)  # type: ignore[arg-type]
    print("ready", flush=True)
    made.run()
