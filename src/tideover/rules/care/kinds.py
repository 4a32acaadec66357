"""What is kept of a person's circumstances: for what, for how long, and who may know what it is.

Health, disability, a death and violence at home are apart: they are kept because the person agreed,
few people see what they are, and the word itself is in no ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tideover.terms.calendar import days

# GDPR art. 9, and beside it violence at home, which can cost a life when the wrong one reads it.
SPECIAL = frozenset(
    ("life_support", "medical_certificate", "disability", "bereavement", "domestic_abuse")
)
# Kept because somebody agreed; all others because a law or the account itself needs them.
AGREED = SPECIAL | {"young_child", "elderly", "unemployed", "low_income", "hardship",
                    "representative", "language_barrier"}  # fmt: skip
PROTECT, DUTY = "protect", "duty"  # for what it is kept
UNNAMED = "something that needs care"
ASK_WITHIN = days(14)  # where nobody asked the person yet whether we may keep it
LONGEST, LEAD, SHORT_LEAD, LONG = days(365), days(28), days(7), days(90)


@dataclass(frozen=True)
class Kept:
    """For what something is kept, and when it is looked at again.

    Args:
        review_on: None where it ends by itself, with the matter that it belongs to.
    """

    purpose: str
    review_on: date | None


def kept(kind: str, starts_on: date, ends_on: date | None, *, agreed: bool) -> Kept:
    """Return for what a circumstance is kept, and when somebody looks at it again.

    That is once a year, four weeks before it ends, or a week where it lasts less than a quarter.

    Args:
        agreed: The person agreed that we keep it. Else that is asked within a fortnight.

    Examples:
        >>> kept("disability", date(2026, 1, 1), date(2026, 12, 31), agreed=True).review_on
        datetime.date(2026, 12, 3)
        >>> kept("medical_certificate", date(2026, 1, 1), date(2026, 1, 30), agreed=True).review_on
        datetime.date(2026, 1, 23)
        >>> kept("dispute", date(2026, 1, 1), None, agreed=False)
        Kept(purpose='duty', review_on=None)
    """
    if kind not in AGREED:
        return Kept(DUTY, None)
    found = next_review(starts_on, ends_on)
    return Kept(PROTECT, found if agreed else min(found, starts_on + ASK_WITHIN))


def next_review(day: date, ends_on: date | None) -> date:
    """Return when something that holds on a day is looked at again: never later than its end."""
    yearly = day + LONGEST
    if ends_on is None:
        return yearly
    lead = LEAD if ends_on - day >= LONG else SHORT_LEAD
    return min(yearly, max(ends_on - lead, min(day + days(1), ends_on)))


def said_as(kind: str, *, may_see: bool) -> str:
    """Return a kind, or that it is unnamed where whoever asks may not see what it is.

    Examples:
        >>> said_as("disability", may_see=False), said_as("unemployed", may_see=False)
        ('something that needs care', 'unemployed')
    """
    return UNNAMED if not may_see and (kind in SPECIAL or not kind) else kind


# What is true while a circumstance holds, in the words of the rulebooks.
HOLDING: dict[str, dict[str, Any]] = {
    "life_support": {"life_support": True, "critical_care": True},
    "medical_certificate": {"medical_vulnerable": True},
    "complaint": {"complaint_open": True},
    "deceased": {"deceased": True},
    "representative": {"attorney_represented": True},
    "assistance_pending": {"assistance_pledge_pending": True},
    "low_income": {"low_income": True},
    "debt_respite": {"debt_help": "active"},
    "elderly": {"household": {"has_pensioner": True}},
    "disability": {"household": {"has_disabled_or_chronically_sick": True}},
    "young_child": {"household": {"youngest_age": 0}},
}


def facts_of(kind: str, starts_on: date, ends_on: date | None) -> dict[str, Any]:
    """Return what a circumstance says to the guard while it holds.

    Examples:
        >>> facts_of("disability", date(2026, 1, 1), None)["vulnerable"]
        True
    """
    day, last = starts_on.isoformat(), ends_on.isoformat() if ends_on else None
    found = {**HOLDING.get(kind, {}), **since(kind, day, last)}
    if kind in SPECIAL:
        found["vulnerable"] = True
    if kind == "bereavement":
        found["bereaved_on"] = day
    return found


def since(kind: str, day: str, ends_on: str | None) -> dict[str, Any]:
    """Return what a circumstance that holds says with its days, read cautiously.

    - bankruptcy: the chapter is unknown; 11 protects longest (30 days, not 21).
    - dispute: counts as in writing, for only such a one stops a collector.
    - debt respite: counts as a mental health crisis, which has no end but that of the row.
    - military: counts as notified on the day it began.
    - medical certificate: received when it began, for as long as it holds, given in writing.

    Args:
        day: On which it began.
    """
    if kind == "bankruptcy":
        return {"bankruptcy": {"chapter": 11, "filed_on": day, "status": "active"}}
    if kind == "dispute":
        return {"dispute": {"received_on": day, "in_writing": True}}
    if kind == "debt_respite":
        return {"breathing_space": {"kind": "mental_health", "start_on": day}}
    if kind == "active_military":
        return {"military": {"active_from": day, "written_notice_on": day}}
    if kind == "medical_certificate":
        certificate: dict[str, Any] = {"received_on": day}
        if ends_on is not None:
            lasts = date.fromisoformat(ends_on) - date.fromisoformat(day)
            certificate["duration_days"] = lasts.days + 1
        return {"medical_certificates": [certificate]}
    return {}
