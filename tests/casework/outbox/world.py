"""A world to drive the real outbox in: one thread, its own clocks, a provider that misbehaves."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.casework import people
from tideover.casework.cases.ledger import record
from tideover.casework.outreach.channels.contract import (
    KEY,
    Dedupe,
    Lost,
    Outcome,
    Outgoing,
    Refused,
    Sent,
    Terms,
)
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.models.outbox import LEFT, OPEN
from tideover.casework.outreach.outbox import turn as turning
from tideover.casework.outreach.outbox.recovery import recover
from tideover.casework.outreach.outbox.sender import Ruling, Sender, Written

KEY_TTL = timedelta(seconds=900)
ALIKE = {"opted_out": {"scope": "everything"},
         "paid": {"payment_id": "x", "amount_minor": 10_000, "method": "ideal"}}  # fmt: skip


@dataclass
class Time:
    """True time, what the database's clock says of it, and a monotonic clock."""

    true: datetime = people.MONDAY
    off: timedelta = timedelta(0)

    def now(self) -> datetime:
        return self.true + self.off

    def monotonic(self) -> float:
        return (self.true - people.MONDAY).total_seconds()


@dataclass
class Provider:
    """A provider that refuses, loses its answer, and is down at times."""

    time: Time
    chance: random.Random
    terms: Terms
    name: str = "sim"
    channel: str = "sms"
    calm: bool = False
    down_until: datetime = people.MONDAY
    seen: dict[str, datetime] = field(default_factory=dict)
    delivered: list[str] = field(default_factory=list)

    def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        return [self._one(message.key) for message in messages]

    def _one(self, key: str) -> Outcome:
        drawn = 1.0 if self.calm else self.chance.random()
        if not self.calm and self.time.true < self.down_until:
            return Refused(key, "503", permanent=False)
        if drawn < 0.1:
            return Refused(key, "429", permanent=False)
        self._take(key)
        return Lost(key, "no answer") if drawn < 0.2 else Sent(key, f"id-{key}")

    def _take(self, key: str) -> None:
        known = self.seen.get(key)
        if self.terms.dedupe == KEY and known and self.time.true - known < KEY_TTL:
            return
        self.seen.setdefault(key, self.time.true)
        self.delivered.append(key)

    def find(self, key: str) -> Outcome | None:
        return Sent(key) if key in self.delivered else Refused(key, "unknown", permanent=False)

    def verified(self, body: bytes, headers: Mapping[str, str], url: str) -> bool:
        return False

    def heard(self, body: bytes, headers: Mapping[str, str]) -> list[Any]:
        return []


@dataclass
class World:
    """Three workers, a few people, and a seed that decides everything."""

    seed: int
    dedupe: Dedupe = "key"
    asked: dict[UUID, datetime] = field(default_factory=dict)
    heeded: dict[str, datetime] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance, self.time = random.Random(self.seed), Time()
        ttl = KEY_TTL if self.dedupe == KEY else timedelta(0)
        terms = Terms(self.dedupe, rate_per_s=50, key_ttl=ttl, max_batch=self.chance.choice((1, 3)))
        self.provider = Provider(self.time, self.chance, terms)
        self.workers: list[Iterator[str] | None] = [None, None, None]
        self.frozen_until = [self.time.true] * 3
        accounts = [people.account(f"A{i}", person=f"C{i // 2}") for i in range(4)]
        for one in accounts:
            people.message(one)
            people.message(one, "second")

    def rule(
        self, situation: Mapping[str, Any], message: Message, carries: tuple[str, ...],
        at: datetime,
    ) -> Ruling:  # fmt: skip
        return Ruling(True)

    def write(self, message: Message, situation: Mapping[str, Any], at: datetime) -> Written:
        stopped = self.heeded.get(message.account_id)
        if stopped:
            self.violations.append(f"intent after {stopped}")
        return Written("text")

    def sender(self, number: int) -> Sender:
        return Sender(f"w{number}", self.provider, self, self, self.time)

    def run(self, steps: int = 40, quiet: int = 60) -> list[str]:
        for _ in range(steps):
            self._step()
        self.provider.calm, self.time.off = True, timedelta(0)
        for number in range(quiet):
            self.time.true += timedelta(seconds=130)
            recover(self.sender(0))
            for _ in turning.turn(self.sender(number % 3)):
                pass
            if not Message.objects.filter(status__in=(*OPEN, "sending")).exists():
                break
        for sleeper in self.workers:
            for _ in sleeper or ():  # who slept through it all wakes up
                pass
        self._judge()
        return self.violations

    def _step(self) -> None:
        number, drawn = self.chance.randrange(3), self.chance.random()
        self.time.true += timedelta(seconds=self.chance.choice((0.1, 1, 5, 30)))
        if drawn < 0.08:
            self.workers[number] = None  # killed: what it held is left behind
        elif drawn < 0.12:
            self.time.true += timedelta(seconds=self.chance.choice((70, 200, 1000)))  # all stall
        elif drawn < 0.16:
            asleep = timedelta(seconds=self.chance.choice((100, 1500, 4000)))
            self.frozen_until[number] = self.time.true + asleep
        elif drawn < 0.20:
            self.provider.down_until = self.time.true + timedelta(seconds=2000)
        elif drawn < 0.24:
            self._event()
        elif drawn < 0.28:
            self.time.off = timedelta(seconds=self.chance.choice((-600, -60, 60, 600)))
        elif drawn < 0.38:
            recover(self.sender(number))
        else:
            self._advance(number)

    def _advance(self, number: int) -> None:
        if self.time.true < self.frozen_until[number]:
            return
        working = self.workers[number] or turning.turn(self.sender(number))
        self.workers[number] = working if next(working, None) else None

    def _event(self) -> None:
        account, kind = f"A{self.chance.randrange(4)}", self.chance.choice(list(ALIKE))
        record(account, kind, at=self.time.now(), by="customer", facts=dict(ALIKE[kind]))
        person = int(account[1:]) // 2
        both = [f"A{person * 2}", f"A{person * 2 + 1}"] if kind == "opted_out" else [account]
        self.heeded.update(dict.fromkeys(both, self.time.true))

    def _judge(self) -> None:
        twice = [key for key, n in Counter(self.provider.delivered).items() if n > 1]
        self.violations += [f"{len(twice)} delivered twice"] if twice else []
        arrived = set(self.provider.delivered)
        for message in Message.objects.all():
            if message.status in (*OPEN, "sending"):
                self.violations.append(f"stuck in {message.status}")
            if str(message.key) in arrived and message.status not in LEFT:
                self.violations.append(f"arrived, and is {message.status}")
            if str(message.key) not in arrived and message.status == "sent":
                self.violations.append("sent, and never arrived")
            told = message.account.events.filter(
                kind="contacted", facts__message_id=message.pk
            ).count()
            if message.status in LEFT and told != 1:
                self.violations.append(f"{message.status}, and told {told} times")
