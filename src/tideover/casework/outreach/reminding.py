"""Friendly words before the day: of a promise, of a plan's next part, of what ends that protects.

They are queued on the day on which they leave, and go as every message does: by the guard and the
outbox. Nobody is reminded of what was paid, moved or taken back meanwhile.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q

from tideover.casework.cases.certifying import ending
from tideover.casework.cases.models import Account, ContactPoint, Promise
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.models.outbox import CANCELLED, EXPIRED
from tideover.casework.outreach.portal_mail import BY
from tideover.casework.payments.keeping import how_it_stands
from tideover.casework.payments.models import Arrangement
from tideover.casework.payments.promising import made_here, standing_now
from tideover.casework.payments.risk import risk_of
from tideover.rules.arrangement.promise import OPEN, Promised, remind_on
from tideover.rules.arrangement.risk import HELP_DAYS, REMIND_DAYS
from tideover.rules.care.certificates import TOLD_BEFORE, told_on
from tideover.rules.contact import may_use
from tideover.rules.message import FORMS, language_of
from tideover.terms.calendar import days, local_instant
from tideover.terms.faults import Refused

PROMISE, PLAN = "promise_reminder", "plan_reminder"
CARE = "care_ends"  # stands in the ledger, so it does not say what ends
FROM, UNTIL = time(10), time(20)  # at the customer's place
HELP = "extension"  # what a reminder holds out where a part looks hard
SOON = days(HELP_DAYS + 2)
EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Agreed:
    """What a customer agreed to pay next.

    Args:
        follow: How many parts of the plan follow; none after a promise.
    """

    due_on: date
    amount_minor: int
    follow: int = 0


@dataclass(frozen=True)
class Due:
    """A reminder that is to leave today."""

    account: Account
    purpose: str
    cycle: str
    offer: str = "none"


@dataclass
class Reminding:
    """Looks at times for reminders that are due.

    Args:
        consent_needed: Channels that may be used only by whoever agreed to them.
    """

    now: Callable[[], datetime]
    consent_needed: Collection[str]
    _again_at: datetime | None = None

    def look(self) -> int:
        """Queue what is due, where some minutes passed; return how many reminders that was."""
        now = self.now()
        if self._again_at is not None and now < self._again_at:
            return 0
        self._again_at = now + EVERY
        return remind(now, self.consent_needed)


def remind(now: datetime, consent_needed: Collection[str]) -> int:
    """Queue the reminders of the day, each once, and return how many those were.

    Args:
        consent_needed: Channels that may be used only by whoever agreed to them.
    """
    due = [*_of_promises(now), *_of_plans(now), *_of_care(now)]
    return sum(_queue(one, now, consent_needed) for one in due)


def _of_promises(now: datetime) -> Iterator[Due]:
    near = (now.date() - days(1), now.date() + SOON)
    rows = made_here().filter(how="", due_on__range=near).select_related("account__person")
    for promise in rows:
        account, today = promise.account, _today(promise.account, now)
        made_on = promise.made_at.astimezone(ZoneInfo(account.timezone)).date()
        promised = Promised(made_on, promise.amount_minor, promise.due_on)
        open_ = remind_on(promised) == today and standing_now(promise, now).state == OPEN
        if open_ and _newest(promise):
            yield Due(account, PROMISE, promise.pk)


def _newest(promise: Promise) -> bool:
    later = made_here().filter(account=promise.account_id, made_at__gt=promise.made_at)
    return not later.exists()


def _of_plans(now: datetime) -> Iterator[Due]:
    near = now.date() + SOON
    rows = Arrangement.objects.filter(ended_at=None, instalments__due_on__lte=near).distinct()
    for plan in rows.select_related("account__person"):
        today = _today(plan.account, now)
        part = how_it_stands(plan, today).next
        if part is None or part.due_on <= today:
            continue
        hard = risk_of(plan, today).high
        if part.due_on - today <= days(HELP_DAYS if hard else REMIND_DAYS):
            yield Due(plan.account, PLAN, f"{plan.pk}:{part.number}", HELP if hard else "none")


def _of_care(now: datetime) -> Iterator[Due]:
    """Yield who is to hear that what protects them ends, and that it can be told again."""
    near = (now.date() - days(1), now.date() + TOLD_BEFORE + days(1))
    for one in ending(*near):
        mine = Account.objects.filter(person=one.person_id).exclude(standing=None)
        account = one.account or mine.select_related("person").order_by("pk").first()
        if account is None or one.ends_on is None:
            continue
        if told_on(one.starts_on, one.ends_on) <= _today(account, now) <= one.ends_on:
            yield Due(account, CARE, one.ends_on.isoformat())


def care_until(person_id: str, cycle: str) -> date:
    """Return the day on which what protects somebody ends, as a message says it.

    Raises:
        Refused: It was told again or taken back meanwhile.
    """
    day = date.fromisoformat(cycle)
    if not any(one.person_id == person_id for one in ending(day, day)):
        raise Refused("What was told is noted anew, or was taken back")
    return day


def agreed_of(purpose: str, cycle: str, today: date) -> Agreed:
    """Return what a reminder is about, as it is now.

    Raises:
        Refused: Nothing of it is to be paid any more.
    """
    found = _promised(cycle) if purpose == PROMISE else _planned(cycle, today)
    if found is None:
        raise Refused("What was agreed is over or was changed")
    return found


def _promised(promise_id: str) -> Agreed | None:
    promise = Promise.objects.filter(pk=promise_id, withdrawn_at=None, how="").first()
    return Agreed(promise.due_on, promise.amount_minor) if promise else None


def _planned(cycle: str, today: date) -> Agreed | None:
    key = cycle.partition(":")[0]
    plan = Arrangement.objects.filter(pk=key, ended_at=None).select_related("account").first()
    stands = how_it_stands(plan, today) if plan else None
    part = stands.next if stands else None
    if stands is None or part is None:
        return None
    follow = sum(1 for one in stands.instalments if one.due_on > part.due_on)
    return Agreed(part.due_on, part.amount_minor, follow)


def _today(account: Account, now: datetime) -> date:
    return now.astimezone(ZoneInfo(account.timezone)).date()


def _queue(due: Due, now: datetime, consent_needed: Collection[str]) -> int:
    """Queue a reminder, unless it left or may not; what was taken back is looked at once more."""
    account, day = due.account, _today(due.account, now)
    at = max(now, local_instant(day, FROM, account.timezone))
    until = local_instant(day, UNTIL, account.timezone)
    mine = Message.objects.filter(account=account, journey_step=due.purpose, cycle=due.cycle)
    point = _point(account, consent_needed)
    over = Q(status=CANCELLED) | Q(status=EXPIRED, expires_at__lt=now)
    if point is None or at >= until or mine.exclude(over).exists():
        return 0
    try:
        with transaction.atomic():
            Message.objects.create(
                key=uuid.uuid4(), account=account, point=point, journey_step=due.purpose,
                cycle=due.cycle, channel=point.channel, purpose=due.purpose,
                form=FORMS[point.channel], tone="empathetic", offer=due.offer,
                language=language_of(account.person.language, account.jurisdiction),
                send_after=at, expires_at=until,
            )  # fmt: skip
    except IntegrityError:  # another worker was first
        return 0
    return 1


def _point(account: Account, consent_needed: Collection[str]) -> ContactPoint | None:
    """Return where a word reaches somebody today: the preferred address first."""
    points = ContactPoint.objects.filter(person=account.person_id, failed_at=None, channel__in=BY)
    for point in points.order_by("-preferred", "pk"):
        if may_use(point.channel, point.consent, consent_needed):
            return point
    return None
