"""The one wall clock is the database's: leases and the age of keys are told by it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from django.db import connection

from tideover.terms.faults import StepMissing

MOST_APART = timedelta(seconds=2)
_NOW = {
    "postgresql": "SELECT clock_timestamp()",
    "sqlite": "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')",
}


class Clock(Protocol):
    """What the sender asks of time."""

    def now(self) -> datetime:
        """Return the instant by the database's clock."""

    def monotonic(self) -> float:
        """Return seconds that only ever rise, in this process."""


class DatabaseClock:
    """The database's clock, and this process's monotonic one."""

    def now(self) -> datetime:
        """Return the instant by the database's clock."""
        with connection.cursor() as cursor:
            cursor.execute(_NOW[connection.vendor])
            found = cursor.fetchone()[0]
        return found if isinstance(found, datetime) else datetime.fromisoformat(found + "+00:00")

    def monotonic(self) -> float:
        """Return seconds that only ever rise."""
        return time.monotonic()


@dataclass(frozen=True)
class AsIf:
    """The database's clock moved to another time, from which it goes on: to try out a day.

    Args:
        ahead: How far it is moved.
    """

    ahead: timedelta

    @classmethod
    def at(cls, instant: datetime) -> AsIf:
        """Return a clock that says this instant now."""
        return cls(instant - DatabaseClock().now())

    def now(self) -> datetime:
        """Return the moved instant."""
        return DatabaseClock().now() + self.ahead

    def monotonic(self) -> float:
        """Return seconds that only ever rise."""
        return time.monotonic()


def check_clock(clock: Clock) -> None:
    """See that this machine and the database agree on the time.

    Raises:
        StepMissing: They are further apart than two seconds; contact hours would be wrong.
    """
    apart = abs(datetime.now(UTC) - clock.now())
    if apart > MOST_APART:
        raise StepMissing(
            f"The clock of this machine is {apart.total_seconds():.0f} s off the database's",
            where="the worker",
            mend="Set both by the same time server; nothing is sent until they agree",
        )
