"""How long texts are kept: no longer than needed, and as long as a rulebook asks.

Asked for each account whose case is closed; what may go are texts, as an erasure takes them away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max, Q

from tideover.casework.access.erasure import blank_webhooks, forget_texts, quoted
from tideover.casework.cases.keys import Column
from tideover.casework.cases.models import Account, Evidence
from tideover.casework.cases.protecting import POLICY, books
from tideover.casework.outreach.models import Inbound
from tideover.rules.guard.verdict import Guard

ACTIVITY = ("contacted", "called")
STRANGERS_KEPT = timedelta(days=90)
Asked = Callable[[Mapping[str, Any]], Any]  # a guard's verdict on facts


@dataclass(frozen=True)
class Kept:
    """What became of the texts of an account.

    Args:
        by: The rules that want them kept; empty where the texts went.
    """

    account_id: str
    by: tuple[str, ...] = ()


def shipped_guard() -> Guard:
    """Return the guard of the shipped law."""
    return Guard([book for book in books() if book.place != POLICY])


def apply(on: date, *, keep_days: int, verdict: Asked, actor: str = "utility") -> Iterator[Kept]:
    """Take away texts that need no longer be kept on a day, and yield what became of each account.

    Args:
        keep_days: No text goes before so many days after the last activity, whatever a rule says.
        verdict: Of the guard, on facts.
        actor: utility or collector: some rules bind only one of them.
    """
    for account, last in _closed(on - timedelta(days=keep_days)):
        said = verdict(_facts(account, last, on, actor))
        if said.verdict != "allow":
            yield Kept(account.pk, tuple(said.blocking))
            continue
        with transaction.atomic():
            forget_texts([account.pk])
        yield Kept(account.pk)


def papers_over(on: date) -> int:
    """Take away papers that customers sent, from the day after which they are not kept."""
    return Evidence.objects.filter(keep_until__lt=on).delete()[0]


def strangers_over(on: date) -> int:
    """Take away what strangers wrote and from where, a while after it was closed as nobody's."""
    long_ago = {"account": None, "confirmed_at__date__lt": on - STRANGERS_KEPT}
    old = {one.pk: one for name in ("text", "address")
           for one in Column(Inbound, name).as_it_lies.filter(**long_ago)}  # fmt: skip
    if old:
        blank_webhooks(quoted(one.provider_id) for one in old.values())
    return Inbound.objects.filter(pk__in=old).update(text="", address="")


# Rows that go by their own day, whatever the case: by the day, returning how many went.
by_their_day: list[Callable[[date], int]] = [strangers_over]


def _closed(before: date) -> Iterator[tuple[Account, date]]:
    """Yield accounts without an open case on which nothing was done since a day."""
    rows = Account.objects.exclude(cases__closed_on=None).annotate(
        closed_on=Max("cases__closed_on"),
        last_at=Max("events__at", filter=Q(events__kind__in=ACTIVITY)),
    )
    for account in rows.filter(closed_on__lte=before).order_by("pk").iterator():
        last = account.last_at.date() if account.last_at else account.closed_on
        if last <= before:
            yield account, last


def _facts(account: Account, last: date, on: date, actor: str) -> dict[str, Any]:
    noon = datetime.combine(on, time(12), ZoneInfo(account.timezone))
    return {
        "jurisdiction": account.jurisdiction, "timezone": account.timezone, "actor": actor,
        "as_of": noon.isoformat(), "service": account.commodity,
        "debt": {"last_collection_activity_on": last.isoformat()},
        "action": {"type": "delete_records"}, "history": [],
    }  # fmt: skip
