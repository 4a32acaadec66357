"""Promises to pay: kept or broken, worked out from the money as the contract says.

Only promises that were made here are told of; those of the export the utility's own system knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet

from tideover.casework.cases.deeds import Doing
from tideover.casework.cases.models import Event, Promise
from tideover.casework.payments.brought import CisPayment
from tideover.casework.payments.coming import came_after, seen_after
from tideover.rules.arrangement.promise import BROKEN, KEPT, OPEN, Promised, promise_state
from tideover.terms.calendar import days

BY, CIS = "night", "cis"
GRACE = days(2)  # in which money of a promise's day may still come to light
LOOKED_AT = days(30)  # after its day: what comes to light later changes nothing here
Came = Sequence[tuple[date, int]]


@dataclass(frozen=True)
class PromiseStands:
    """A promise, and how it stands: open, kept or broken."""

    promise: Promise
    state: str


def made_here() -> QuerySet[Promise]:
    """Return promises that were made here, confirmed and not taken back."""
    return Promise.objects.filter(withdrawn_at=None).exclude(confirmed_by__in=("", CIS))


def running_promises(as_of: date) -> list[str]:
    """Return the accounts with a promise that a night says something of."""
    return sorted(set(_looked_at(as_of).values_list("account_id", flat=True)))


def _looked_at(as_of: date) -> QuerySet[Promise]:
    return made_here().filter(Q(how="") | Q(due_on__gte=as_of - LOOKED_AT))


@transaction.atomic
def judge_promises(
    rows: Iterable[CisPayment], *, as_of: date, now: datetime, grants: Iterable[CisPayment] = ()
) -> dict[str, str]:
    """Say of promises whether they were kept, and tell the ledger where that changed.

    A promise is called broken two days after its day, for money of that day comes to light late.

    Args:
        rows: Payments of the export of those accounts.
        grants: Assistance that the export brought them.
    """
    money: dict[str, list[CisPayment]] = defaultdict(list)
    for row in (*rows, *grants):
        if not row.reversed:
            money[row.account_id].append(row)
    found = {}
    for promise in _looked_at(as_of).select_related("account").order_by("made_at", "pk"):
        came = [*came_after(promise.account, money[promise.account_id], promise.made_at),
                *seen_after(promise.account, promise.made_at)]  # fmt: skip
        state = state_of(promise, came, as_of)
        settled = state == KEPT or (state == BROKEN and as_of > promise.due_on + GRACE)
        found[promise.pk] = state if settled else OPEN
        _note(promise, state if settled else "", now)
    return found


def state_of(promise: Promise, came: Came, day: date) -> str:
    """Return how a promise stands at the end of a day, by the money that came after it was made."""
    zone = ZoneInfo(promise.account.timezone)
    made_on = promise.made_at.astimezone(zone).date()
    return promise_state(Promised(made_on, promise.amount_minor, promise.due_on), came, day)


def _note(promise: Promise, how: str, now: datetime) -> None:
    if how == promise.how or not Promise.objects.filter(pk=promise.pk, how=promise.how).update(
        how=how
    ):
        return
    if how:
        facts = {"promise_id": promise.pk, "how": how}
        Doing(promise.account_id, BY, now).tell("promise_ended", facts)


def newest(account_id: str, now: datetime, *, within: timedelta) -> PromiseStands | None:
    """Return the newest promise of an account and how it stands; none where it is long past.

    Args:
        within: So long after its day it is still spoken of.
    """
    since = now.date() - within
    found = (Promise.objects.filter(account=account_id, withdrawn_at=None, due_on__gte=since)
             .exclude(confirmed_by="").select_related("account")
             .order_by("-made_at").first())  # fmt: skip
    return standing_now(found, now) if found else None


def standing_now(promise: Promise, now: datetime) -> PromiseStands:
    """Return how a promise stands now.

    Between two nights it is worked out from the money that the ledger of events was told of.
    """
    if promise.how:
        return PromiseStands(promise, promise.how)
    day = now.astimezone(ZoneInfo(promise.account.timezone)).date()
    state = state_of(promise, _told(promise), day)
    late = state == BROKEN and day <= promise.due_on + GRACE
    return PromiseStands(promise, OPEN if late else state)


def _told(promise: Promise) -> list[tuple[date, int]]:
    zone = ZoneInfo(promise.account.timezone)
    sides = {"paid": 1, "payment_reversed": -1}
    rows = Event.objects.filter(account=promise.account_id, kind__in=sides, at__gt=promise.made_at)
    return [
        (one.at.astimezone(zone).date(), sides[one.kind] * int(one.facts["amount_minor"]))
        for one in rows
    ]
