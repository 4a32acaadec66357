"""A hardship agreement: who may have one, how it goes, and how it leads back to ordinary terms.

For a time somebody pays what they can instead of what is due. It is looked at again on days that
are said, and it ends in one of four ways; a month that was missed is a talk before it is an end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tideover.rules.arrangement.schedule import stepped
from tideover.terms.calendar import days
from tideover.terms.faults import Refused

# What is agreed for the time: pay nothing, pay an amount, or pay what is used and no arrears.
PAUSE, LOWER, USE_ONLY = "pause", "lower", "use_only"
TERMS = (PAUSE, LOWER, USE_ONLY)
# How it ends: back to ordinary terms, its time is over, the customer left, or it was not kept.
GRADUATED, ENDED, LEFT, NOT_KEPT = "graduated", "ended", "left", "not_kept"
HOWS = (GRADUATED, ENDED, LEFT, NOT_KEPT)
AFTER = days(14)  # so long outreach rests once it ended
RUNNING, BEHIND, TALK = "running", "behind", "talk"
# Circumstances any of which is reason enough; the person's own word, `hardship`, is one of them.
ENOUGH = frozenset(("hardship", "unemployed", "low_income", "life_support", "medical_certificate",
                    "disability", "bereavement", "domestic_abuse", "debt_respite"))  # fmt: skip


@dataclass(frozen=True)
class Policy:
    """What the utility decides itself: `[hardship]` of `casework.toml`.

    Args:
        review_months: It is looked at again after so many months, and each time after.
        longest_months: It is agreed for so long at most; after that it can be agreed anew.
        graduate_months: After so many months kept, ordinary terms are proposed.
        missed: So many missed months call for a talk; before that one nothing ends.
        grace_days: So long after its day the money of a month may still come in.
    """

    review_months: int = 3
    longest_months: int = 12
    graduate_months: int = 3
    missed: int = 2
    grace_days: int = 5


def parse_policy(stated: Mapping[str, Any], file: str) -> Policy:
    """Return a utility's policy; what it leaves out keeps its default.

    Raises:
        Refused: A name is not known, or a number cannot be.

    Examples:
        >>> parse_policy({"review_months": 6}, "casework.toml").review_months
        6
    """
    known = Policy.__dataclass_fields__
    for name, said in stated.items():
        if name not in known:
            raise Refused(f"{name!r} is no part of the policy on hardship", where=file,
                          mend=f"Known are {', '.join(known)}")  # fmt: skip
        if type(said) is not int or not (0 if name == "grace_days" else 1) <= said <= 120:
            raise Refused(f"{name} cannot be {said!r}", where=file, mend="Write a whole number")
    return Policy(**dict(stated))


@dataclass(frozen=True)
class Entry:
    """Whether somebody may have an agreement at once.

    Args:
        because: What is reason enough, by name; empty where a person has to say why.
    """

    because: tuple[str, ...]

    @property
    def at_once(self) -> bool:
        """Say whether no further reason is wanted."""
        return bool(self.because)


def entry(circumstances: frozenset[str], *, residential: bool, beyond_means: bool = False) -> Entry:
    """Return who may enter an agreement: nobody is turned away, some need a person's reason.

    Args:
        circumstances: Kinds that hold today.
        beyond_means: A budget showed that no plan can be carried.

    Examples:
        >>> entry(frozenset({"unemployed", "elderly"}), residential=True).because
        ('unemployed',)
        >>> entry(frozenset(), residential=True).at_once
        False
    """
    found = sorted(circumstances & ENOUGH) if residential else []
    return Entry((*found, *(("beyond_means",) if beyond_means and residential else ())))


@dataclass(frozen=True)
class Agreed:
    """What was agreed.

    Args:
        terms: pause, lower or use_only.
        monthly_minor: What is paid each month, in minor units; 0 with a pause.
        until_on: The last day.
        review_on: When it is looked at next.
    """

    agreed_on: date
    terms: str
    monthly_minor: int
    until_on: date
    review_on: date


def agreed(terms: str, monthly_minor: int, months: int, *, day: date, policy: Policy) -> Agreed:
    """Return an agreement for some months.

    Raises:
        Refused: It is longer than the policy has it, or its amount does not fit its terms.

    Examples:
        >>> agreed("lower", 2000, 6, day=date(2026, 1, 31), policy=Policy()).review_on
        datetime.date(2026, 4, 30)
    """
    if terms not in TERMS:
        raise Refused("There are no such terms", mend=f"One of {', '.join(TERMS)}")
    if not 1 <= months <= policy.longest_months:
        raise Refused("It cannot be agreed for so long", where=f"{months} months",
                      mend=f"Up to {policy.longest_months}, and then anew")  # fmt: skip
    if (monthly_minor > 0) == (terms == PAUSE):
        raise Refused("The amount does not fit", mend="A pause has none; the others have one")
    until = stepped(day, months) - days(1)
    return Agreed(day, terms, monthly_minor, until, next_review(day, until, policy))


def next_review(day: date, until_on: date, policy: Policy) -> date:
    """Return when an agreement is looked at again, no later than its last day."""
    return min(stepped(day, policy.review_months), until_on)


@dataclass(frozen=True)
class Standing:
    """How an agreement stands on a day.

    Args:
        state: running, behind (a month is missed), or talk (as many as call for a talk).
        kept, missed: Months that are over, by whether their money had come in.
        review_due: It is to be looked at.
        may_graduate: It was kept as long as the policy asks, or nothing is past due any more.
        over: Its time is over.
        next_on: When the next amount is due; none with a pause or where none is to come.
    """

    state: str
    kept: int
    missed: int
    review_due: bool
    may_graduate: bool
    over: bool
    next_on: date | None = None


def standing(
    one: Agreed, paid: Sequence[tuple[date, int]], day: date, *, policy: Policy, arrears_minor: int
) -> Standing:
    """Return how an agreement stands: months count by what came in until their day, in all.

    Args:
        paid: Days and minor units of money that came in and stayed.
        arrears_minor: What is past due today.

    Examples:
        >>> one = agreed("lower", 2000, 6, day=date(2026, 1, 1), policy=Policy())
        >>> standing(one, [(date(2026, 1, 30), 2000)], date(2026, 3, 20), policy=Policy(),
        ...          arrears_minor=9000)
        Standing(state='behind', kept=1, missed=1, review_due=False, may_graduate=False, \
over=False, next_on=datetime.date(2026, 4, 1))
    """
    dues = _dues(one)
    past = [due for due in dues if due + days(policy.grace_days) < day]
    came = sum(minor for on, minor in paid if one.agreed_on <= on <= day)
    kept = len(past) if not one.monthly_minor else min(len(past), came // one.monthly_minor)
    missed = len(past) - kept
    state = TALK if missed >= policy.missed else BEHIND if missed else RUNNING
    fine = not missed and kept >= policy.graduate_months
    return Standing(
        state, kept, missed, review_due=day >= one.review_on,
        may_graduate=fine or arrears_minor <= 0, over=day > one.until_on,
        next_on=next((due for due in dues if due >= day), None) if one.monthly_minor else None,
    )  # fmt: skip


def _dues(one: Agreed) -> list[date]:
    """Return the days on which a month's amount is due: each a month after the other."""
    found: list[date] = []
    while (due := stepped(one.agreed_on, len(found) + 1)) <= one.until_on + days(1):
        found.append(due)
    return found


def may_end(how: str, stands: Standing, *, reason: str) -> None:
    """See that an agreement may end in some way; a customer may always leave.

    Raises:
        Refused: It is not so yet: a missed month is a talk first, and ordinary terms are for
            whoever can carry them.
    """
    if how not in HOWS:
        raise Refused("It cannot end like that", mend=f"One of {', '.join(HOWS)}")
    if how == NOT_KEPT and (stands.state != TALK or not reason.strip()):
        raise Refused("Talk about the missed months first, and say what came of it",
                      mend="Agree a lower amount, or a pause")  # fmt: skip
    if how == GRADUATED and not (stands.may_graduate or reason.strip()):
        raise Refused("It was not kept long enough for ordinary terms", mend="Say why it is time")
    if how == ENDED and not stands.over:
        raise Refused("Its time is not over", mend="Review it, or end it in another way")
