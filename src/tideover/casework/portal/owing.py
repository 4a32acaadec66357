"""What an account owes now, by the last night and what came since, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q

from tideover.casework.cases.caring import look_again
from tideover.casework.cases.models import Account, Circumstance, Hold, OpenDebit, Promise
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.models.outbox import QUEUED
from tideover.casework.payments.models import Arrangement
from tideover.casework.payments.owed import owed
from tideover.casework.payments.promising import PromiseStands, newest
from tideover.casework.prepared import Prepared
from tideover.rules.arrangement.life import ENDED
from tideover.rules.arrangement.promise import OPEN

SPOKEN_OF = timedelta(days=14)  # so long after its day a promise is still on the page
SHOWN = timedelta(days=31)  # so long a plan that ended is still on the page


class There(NamedTuple):
    """Whether there is anything of a kind to be asked about further; most accounts have little."""

    plan: bool
    promise: bool
    hold: bool
    message: bool
    told: bool


_THERE = Prepared(
    lambda account: Account.objects.filter(pk=account).values_list(
        Exists(Arrangement.objects.filter(account=OuterRef("pk"))),
        Exists(Promise.objects.filter(account=OuterRef("pk"), withdrawn_at=None)),
        Exists(Hold.objects.filter(account=OuterRef("pk"), released_at=None)),
        Exists(Message.objects.filter(account=OuterRef("pk"), status=QUEUED)),
        Exists(Circumstance.objects.filter(
            person=OuterRef("person"), withdrawn_at=None, consented_at__isnull=False)),
    )
)  # fmt: skip


class Debit(NamedTuple):
    """A bill with an unpaid part, in minor units."""

    debit_id: str
    issued_on: date
    due_on: date
    unpaid_minor: int


_DEBITS = Prepared(
    lambda account: OpenDebit.objects.filter(account=account, unpaid_minor__gt=0)
    .order_by("due_on", "pk").values_list(*Debit._fields)
)  # fmt: skip


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
    debits: tuple[Debit, ...] = ()

    @property
    def nothing(self) -> bool:
        """Say that nothing is owed."""
        return self.all_minor <= 0


def owing(account: Account) -> Owing:
    """Return what an account owes now."""
    found = owed(account.pk)
    debits = tuple(Debit(*row) for row in _DEBITS.rows(account=account.pk))
    return Owing(
        max(0, found.balance_minor), found.arrears_minor, found.paid_minor,
        debits[0].due_on if debits else None, found.as_of, debits,
    )  # fmt: skip


def plan_shown(account: Account, today: date) -> Arrangement | None:
    """Return the plan that runs, else the last one, where it was kept or broke not long ago."""
    lately = Q(ended_at__date__gt=today - SHOWN, how__in=ENDED)
    mine = Arrangement.objects.filter(lately | Q(ended_at=None), account=account)
    return (mine.select_related("account")
            .order_by(F("ended_at").desc(nulls_first=True)).first())  # fmt: skip


class Ahead:
    """What is known to happen next to an account."""

    def __init__(self, account: Account, now: datetime, today: date) -> None:
        self._account, self._now, self._today = account, now, today

    @cached_property
    def _there(self) -> There:
        return There(*_THERE.rows(account=self._account.pk)[0])

    @cached_property
    def plan(self) -> Arrangement | None:
        """Return the plan that runs, or one that ended not long ago."""
        return plan_shown(self._account, self._today) if self._there.plan else None

    @cached_property
    def look_again(self) -> date | None:
        """Return until when what somebody told is to be looked at again, where that is soon."""
        return look_again(self._account.person_id, self._today) if self._there.told else None

    @cached_property
    def promised(self) -> PromiseStands | None:
        """Return the newest promise and how it stands; none where it is long past."""
        if not self._there.promise:
            return None
        return newest(self._account.pk, self._now, within=SPOKEN_OF)

    @cached_property
    def promise(self) -> Promise | None:
        """Return the promise that runs."""
        found = self.promised
        return found.promise if found and found.state == OPEN else None

    @cached_property
    def rest(self) -> Hold | None:
        """Return the hold that lets outreach rest longest."""
        if not self._there.hold:
            return None
        running = self._account.holds.filter(
            Q(until_on__isnull=True) | Q(until_on__gte=self._today),
            released_at=None, starts_at__lte=self._now,
        )  # fmt: skip
        return max(running, key=lambda one: one.until_on or date.max, default=None)

    @cached_property
    def message(self) -> Message | None:
        """Return the next message that waits to be sent."""
        if not self._there.message:
            return None
        waiting = self._account.messages.filter(status=QUEUED).order_by("send_after")
        return waiting.first()
