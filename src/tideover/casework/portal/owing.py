"""What an account owes now, by the last night and what came since, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Q

from tideover.casework.cases.models import Account, Hold, OpenDebit, Promise
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.models.outbox import QUEUED
from tideover.casework.payments.owed import owed
from tideover.casework.payments.promising import PromiseStands, newest
from tideover.rules.arrangement.promise import OPEN

SPOKEN_OF = timedelta(days=14)  # so long after its day a promise is still on the page


@dataclass(frozen=True)
class Owing:
    """What is owed, in minor units.

    Args:
        all_minor: Everything open, due or not.
        due_minor: What is past its due date.
        paid_minor: What came in since the last night; it is taken off both.
        since: The due date of the oldest open bill.
        as_of: The day of the night that says so.
    """

    all_minor: int
    due_minor: int
    paid_minor: int
    since: date | None
    as_of: date | None
    debits: tuple[OpenDebit, ...] = ()

    @property
    def nothing(self) -> bool:
        """Say that nothing is owed."""
        return self.all_minor <= 0


def owing(account: Account) -> Owing:
    """Return what an account owes now."""
    found = owed(account.pk)
    debits = tuple(account.open_debits.filter(unpaid_minor__gt=0).order_by("due_on", "pk"))
    return Owing(
        max(0, found.balance_minor), found.arrears_minor, found.paid_minor,
        debits[0].due_on if debits else None, found.as_of, debits,
    )  # fmt: skip


class Ahead:
    """What is known to happen next to an account."""

    def __init__(self, account: Account, now: datetime, today: date) -> None:
        self._account, self._now, self._today = account, now, today

    @cached_property
    def promised(self) -> PromiseStands | None:
        """Return the newest promise and how it stands; none where it is long past."""
        return newest(self._account.pk, self._now, within=SPOKEN_OF)

    @cached_property
    def promise(self) -> Promise | None:
        """Return the promise that runs."""
        found = self.promised
        return found.promise if found and found.state == OPEN else None

    @cached_property
    def rest(self) -> Hold | None:
        """Return the hold that lets outreach rest longest."""
        running = self._account.holds.filter(
            Q(until_on__isnull=True) | Q(until_on__gte=self._today),
            released_at=None, starts_at__lte=self._now,
        )  # fmt: skip
        return max(running, key=lambda one: one.until_on or date.max, default=None)

    @cached_property
    def message(self) -> Message | None:
        """Return the next message that waits to be sent."""
        waiting = self._account.messages.filter(status=QUEUED).order_by("send_after")
        return waiting.first()
