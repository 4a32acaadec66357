"""What about people in need waits for staff: things to look at again, agreements, signs to ask of.

A sign is a reason to ask how it is going, and no more: nothing is noted of anybody for it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tideover.casework.cases.models import Case, Circumstance, Event, HardshipAgreement, Promise
from tideover.casework.payments.models import Arrangement
from tideover.rules.care.kinds import AGREED, said_as
from tideover.terms.calendar import days

HALF_A_YEAR, A_MONTH = days(182), days(30)
SIGNS = 2  # so many days of promises that passed, or one plan that broke


def reviews(now: datetime) -> QuerySet[Circumstance]:
    """Return circumstances to look at again, those first that end first."""
    rows = Circumstance.objects.filter(review_on__lte=now.date(), withdrawn_at=None)
    open_ = Q(ends_on__isnull=True) | Q(ends_on__gte=now.date())
    return rows.filter(open_, account__isnull=False).select_related("certificate").order_by(
        "ends_on", "review_on")  # fmt: skip


def why_review(row: Any) -> str:
    """Return what to do about a circumstance whose day has come."""
    what = said_as(row.kind, may_see=False).replace("_", " ")
    if hasattr(row, "certificate"):
        return f"A certificate ends on {row.ends_on:%-d %B}: ask whether there is another"
    if row.kind in AGREED and row.consented_at is None:
        return f"Ask whether we may keep it: {what}"
    return f"Ask whether it still is so: {what}"


def agreements(now: datetime) -> QuerySet[HardshipAgreement]:
    """Return agreements on hardship to look at again."""
    due = HardshipAgreement.objects.filter(ended_at=None, review_on__lte=now.date())
    return due.order_by("review_on")


def signs(now: datetime) -> QuerySet[Case]:
    """Return open cases with signs of hardship that nobody explained or asked about lately."""
    since: date = now.date() - HALF_A_YEAR
    passed = Promise.objects.filter(how="broken", due_on__gte=since).values("account")
    twice = passed.annotate(n=Count("pk")).filter(n__gte=SIGNS).values("account")
    broken = Arrangement.objects.filter(how="broken", ended_at__date__gte=since).values("account")
    known = Circumstance.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=now.date()),
        person=OuterRef("account__person"), withdrawn_at=None,
    )  # fmt: skip
    asked = Event.objects.filter(account=OuterRef("account"), kind="called",
                                 at__date__gte=now.date() - A_MONTH)  # fmt: skip
    either = Q(account__in=twice) | Q(account__in=broken)
    rows = Case.objects.filter(either, closed_on=None)
    return rows.exclude(Exists(known)).exclude(Exists(asked)).order_by("opened_on")
