"""A sender of one worker on a clock of the test's, with a provider that answers as it is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from unittest.mock import patch

from tests.casework import people
from tideover.casework.outreach.authoring import ContentAuthor
from tideover.casework.outreach.channels.contract import (
    Dedupe,
    Lost,
    Outcome,
    Outgoing,
    Refused,
    Sent,
    Terms,
)
from tideover.casework.outreach.outbox.law import GuardLaw
from tideover.casework.outreach.outbox.policy import SendPolicy
from tideover.casework.outreach.outbox.recovery import recover
from tideover.casework.outreach.outbox.sender import Lawful, Ruling, Sender, Written
from tideover.casework.outreach.outbox.turn import turn
from tideover.casework.outreach.outbox.waiting import Waiting
from tideover.doors.rulebooks import guard_of, law, shipped_policy


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    at: datetime = people.MONDAY

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


def takes(key: str) -> Outcome:
    """Answer that the provider has it."""
    return Sent(key, f"id-{key}")


def loses(key: str) -> Outcome:
    """Answer nothing."""
    return Lost(key, "no answer")


def down(key: str) -> Outcome:
    """Answer that it is down."""
    return Refused(key, "503", permanent=False)


@dataclass
class Provider:
    """A provider; `calls` has when it was called, and with which keys."""

    clock: Clock
    channel: str = "sms"
    dedupe: Dedupe = "none"
    answer: Callable[[str], Outcome] = takes
    name: str = "pretend"
    calls: list[tuple[datetime, list[str]]] = field(default_factory=list)

    @property
    def terms(self) -> Terms:
        ttl = timedelta(hours=1) if self.dedupe == "key" else timedelta(0)
        return Terms(self.dedupe, 1_000, key_ttl=ttl, max_batch=10)

    def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        self.calls.append((self.clock.now(), [message.key for message in messages]))
        return [self.answer(message.key) for message in messages]

    def find(self, key: str) -> Outcome | None:
        return None

    def verified(self, body: bytes, headers: Mapping[str, str], url: str) -> bool:
        return False

    def heard(self, body: bytes, headers: Mapping[str, str], url: str = "") -> list[Any]:
        return []


class Plain:
    """Permits everything, and writes one line that carries what the rules ask for."""

    def rule(
        self, situation: Mapping[str, Any], message: Waiting, carries: tuple[str, ...],
        at: datetime,
    ) -> Ruling:  # fmt: skip
        return Ruling(True)

    def write(self, message: Waiting, true_now: Any, at: datetime) -> Written:
        carries = ("business_name", "phone_number", "opt_out", "amount")
        return Written("You owe us nothing: this is a test.", carries=carries)


@cache
def real_law() -> GuardLaw:
    """Return the guard of all shipped rulebooks with the shipped policy."""
    return GuardLaw(guard_of([*law(), shipped_policy()]))


def sender(provider: Provider, lawful: Lawful | None = None, **more: Any) -> Sender:
    """Return a sender to a provider; without a law everything is permitted."""
    plain = Plain()
    return Sender("w", provider, lawful or plain, plain, provider.clock,
                  **{"policy": SendPolicy()} | more)  # fmt: skip


def goes_round(one: Sender) -> None:
    """Have a worker make one round: what was left behind, then what is due."""
    recover(one)
    for _ in turn(one):
        pass


def form_asked_of_whatsapp(at: datetime) -> tuple[str, tuple[str, ...]]:
    """Return the form that WhatsApp is asked for in a round, and what stands in its places."""
    with patch.object(Provider, "send", autospec=True, return_value=[Lost("", "")]) as asked:
        one = sender(Provider(Clock(at), "whatsapp"), real_law())
        goes_round(replace(one, author=ContentAuthor(live=False)))
    form: tuple[str, tuple[str, ...]] = asked.call_args.args[1][0].template
    return form


def lives(one: Sender, clock: Clock, until: datetime, step: timedelta) -> None:
    """Have a worker make rounds until an instant."""
    while clock.at < until:
        goes_round(one)
        clock.at += step
