"""Person: a message becomes a call on the agents' list."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from tideover.casework.outreach.addresses import normal
from tideover.casework.outreach.channels.contract import (
    FOREVER,
    Heard,
    Outcome,
    Outgoing,
    Refused,
    Sent,
    Terms,
)
from tideover.casework.outreach.models.calls import PERSON, CallTask
from tideover.terms.faults import Fault


class Person:
    """Lists calls; *sent* means that a call stands on the list, not that anybody called.

    That somebody called is an event `called`, written by whoever did. Until then the listing counts
    as that call, so that nothing else takes its place.
    """

    name, channel = PERSON, "voice"
    terms = Terms(dedupe="key", key_ttl=FOREVER, rate_per_s=1_000, max_batch=100,
                  source="docs/channels.md")  # fmt: skip

    def __init__(self, country: str = "") -> None:
        self.country = country

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Put calls on the list; one that stands there already stays as it is."""
        outcomes, tasks = list[Outcome](), []
        for message in messages:
            try:
                number = normal("voice", message.to, self.country)
            except Fault as fault:
                outcomes.append(Refused(message.key, fault.what, permanent=True))
                continue
            tasks.append(CallTask(key=uuid.UUID(message.key), number=number, script=message.text,
                                  language=message.language[:5]))  # fmt: skip
            outcomes.append(Sent(message.key, f"call-{message.key}"))
        CallTask.objects.bulk_create(tasks, ignore_conflicts=True)
        return outcomes

    def find(self, key: str) -> Outcome | None:
        """Say whether a call stands on the list."""
        if CallTask.objects.filter(key=key).exists():
            return Sent(key, f"call-{key}")
        return Refused(key, "it is not on the list", permanent=False)

    def verified(self, body: bytes, headers: Mapping[str, str], url: str) -> bool:
        """Nobody tells of calls but who makes them."""
        return False

    def heard(self, body: bytes, headers: Mapping[str, str], url: str = "") -> Sequence[Heard]:
        """Nobody tells of calls but who makes them."""
        raise ValueError("Agents write down their calls in the console")
