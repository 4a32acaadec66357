"""Medical certificates: which renewal one is, until when it protects, and whether another may come.

The bounds are those of the guard's own rule of the place, which is asked; where a place has no such
rule, nothing bounds them and the person's word counts as long as it was given for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tideover.rules.care.protection import Protection, protections
from tideover.rules.guard.verdict import Guard
from tideover.terms.calendar import days

RULE = "certificate_hold"
TOLD_BEFORE = days(7)
MOST_COUNTED = 12  # a place that lets this many follow each other bounds none


@dataclass(frozen=True)
class Certificate:
    """A doctor's word that supply is needed for somebody's health.

    Args:
        days_stated: For how long the doctor said; none where that was not said.
        renewal: 0 for the first since the arrears began, 1 for the next.
        written_on: When it was seen in writing; none where we only have the person's word.
        cannot_pay: The person showed that they cannot pay; some places ask for it.
    """

    received_on: date
    days_stated: int | None = None
    renewal: int = 0
    written_on: date | None = None
    chronic: bool = False
    cannot_pay: bool = False

    @property
    def facts(self) -> dict[str, Any]:
        """Return what is true of the customer while it counts, in the words of the rulebooks."""
        entry: dict[str, Any] = {
            "received_on": self.received_on.isoformat(), "by_phone": self.written_on is None,
            "renewal_index": self.renewal, "chronic": self.chronic,
            "inability_to_pay_shown": self.cannot_pay,
        }  # fmt: skip
        if self.days_stated is not None:
            entry["duration_days"] = self.days_stated
        if self.written_on is not None:
            entry["written_received_on"] = self.written_on.isoformat()
        return {"medical_certificates": [entry], "medical_vulnerable": True, "vulnerable": True}


@dataclass(frozen=True)
class Renewals:
    """How far certificates may follow each other.

    Args:
        bound: A rule of the place bounds them.
        left: How many may still follow; none where nothing bounds them.
        by: The rule, as its law is cited.
    """

    bound: bool = False
    left: int | None = None
    by: str = ""


def renewal_of(received: Sequence[date], behind_since: date | None) -> int:
    """Return which renewal the next certificate is: those of the same arrears count.

    Once the arrears were paid, counting begins anew (as 52 Pa. Code 56.114 has it).

    Args:
        received: Days on which earlier ones came in.
        behind_since: Since when the account is in treatment; none where it is not.

    Examples:
        >>> renewal_of([date(2026, 1, 5), date(2026, 2, 3)], date(2026, 2, 1))
        1
    """
    return sum(behind_since is None or on >= behind_since for on in received)


def told_on(starts_on: date, ends_on: date) -> date:
    """Return from which day somebody is told that a certificate ends: a week before, or halfway.

    A new paper takes time; of one that lasts less than a fortnight it is told halfway.

    Examples:
        >>> told_on(date(2026, 1, 1), date(2026, 1, 30))
        datetime.date(2026, 1, 23)
        >>> told_on(date(2026, 1, 1), date(2026, 1, 9))
        datetime.date(2026, 1, 5)
    """
    return max(ends_on - TOLD_BEFORE, starts_on + (ends_on - starts_on) // 2)


def held_by(guard: Guard, facts: Mapping[str, Any], one: Certificate) -> Protection | None:
    """Return the rule for certificates that protects supply by this one today."""
    found = protections(guard, facts, one.facts)
    mine = [each for each in found if each.kind == RULE and each.step == "disconnect"]
    return mine[0] if mine else None


def renewals(guard: Guard, facts: Mapping[str, Any], day: date, last: int) -> Renewals:
    """Return how many certificates may follow the last one, by the rule of the place.

    Args:
        facts: A proposal of today without its action.
        last: Which renewal the last one was; -1 where there was none.
    """
    first = held_by(guard, facts, Certificate(day, written_on=day, cannot_pay=True))
    if first is None:
        return Renewals()
    for left, renewal in enumerate(range(last + 1, MOST_COUNTED)):
        one = Certificate(day, renewal=renewal, written_on=day, cannot_pay=True)
        if held_by(guard, facts, one) is None:
            return Renewals(True, left, first.citation)
    return Renewals(False, None, first.citation)
