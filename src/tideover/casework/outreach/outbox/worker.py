"""The worker: turns on every channel, and between them what was left behind and what came in."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import Error, close_old_connections, connection

from tideover.casework.outreach.models import Message
from tideover.casework.outreach.models.outbox import QUEUED
from tideover.casework.outreach.outbox.clock import DatabaseClock, check_clock
from tideover.casework.outreach.outbox.handed import check_not_restored
from tideover.casework.outreach.outbox.recovery import recover
from tideover.casework.outreach.outbox.sender import Sender
from tideover.casework.outreach.outbox.turn import turn

IDLE_S, RECOVER_S, TELL_S, LONGEST_REST_S = 0.5, 15.0, 10.0, 2.0
Chore = Callable[[], int]


@dataclass
class Worker:
    """A process that sends.

    Args:
        senders: One a channel.
        chores: What is done between turns, such as reading the inbox; each says how much it did.
        tell: Is told every few seconds what was done; counts only, nothing of anybody.
    """

    senders: Sequence[Sender]
    chores: Sequence[Chore] = ()
    tell: Callable[[str], None] = print
    stopping: threading.Event = field(default_factory=threading.Event)
    done: Counter[str] = field(default_factory=Counter)

    def run(self, *, until_idle: bool = False) -> None:
        """Work until it is asked to stop, or until nothing is left to do.

        A database that is away is waited for; nothing is handed over meanwhile.

        Raises:
            StepMissing: This machine's clock is not the database's.
        """
        rest_s, told_at = IDLE_S, time.monotonic()
        recovered_at, was_away = 0.0, True  # so that it begins as one that comes back does
        while not self.stopping.is_set():
            try:
                if was_away or time.monotonic() - recovered_at > RECOVER_S:
                    check_clock(DatabaseClock())
                    if was_away:  # it may have come back as an older one
                        check_not_restored()
                    recovered_at, was_away = time.monotonic(), False
                    self.done["recovered"] += sum(map(recover, self.senders))
                worked, rest_s = self._round(), IDLE_S
            except Error as error:
                worked, was_away = 0, True
                rest_s = min(rest_s * 2, LONGEST_REST_S)
                self.tell(f"The database is away ({type(error).__name__}); waiting {rest_s:.0f} s")
                connection.close()
            if time.monotonic() - told_at > TELL_S and self.done:
                told_at = time.monotonic()
                self.tell(self.summary())
            if not worked:
                if until_idle and rest_s == IDLE_S:
                    return
                self.stopping.wait(rest_s)

    def summary(self) -> str:
        """Return what was done so far."""
        return ", ".join(f"{count:,} {what}" for what, count in sorted(self.done.items()) if count)

    def _round(self) -> int:
        close_old_connections()
        worked = sum(chore() for chore in self.chores)
        for sender in self.senders:
            if self.stopping.is_set():
                return worked
            if not sender.place.ended and not _is_due(sender):
                continue
            steps = Counter(turn(sender))
            worked += steps["intended"]
            self.done["batches handed over"] += steps["finished"]
        return worked


def _is_due(sender: Sender) -> bool:
    """Say whether something waits; it takes no lock, so an idle worker is in nobody's way."""
    return Message.objects.filter(
        status=QUEUED, channel=sender.channel.channel, send_after__lte=sender.clock.now()
    ).exists()
