"""What calls for care, as staff see it: what it protects from for all, what it is for a few."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tideover.casework.cases.caring import in_force
from tideover.casework.cases.certifying import may_follow
from tideover.casework.cases.deeds import CARE
from tideover.casework.cases.models import Account, Certificate, Circumstance
from tideover.casework.cases.protecting import protected_from
from tideover.casework.console.words import day, money
from tideover.casework.payments import hardship
from tideover.rules.care.hardship import TALK
from tideover.rules.care.kinds import AGREED, SPECIAL, UNNAMED
from tideover.rules.care.protection import Protection

STEPS = {"disconnect": "Ending supply", "reminders": "Automatic reminders",
         "prepayment": "A prepayment meter", "court": "Going to court",
         "credit_file": "A credit file"}  # fmt: skip
TERMS = {"pause": "nothing for now", "lower": "{amount} a month",
         "use_only": "new bills only, about {amount} a month"}  # fmt: skip


@dataclass(frozen=True)
class Care:
    """A circumstance as a case shows it.

    Args:
        what: What it is; of health or harm only that it is something.
        special: Whether it is one of those.
        protects: What it protects from, each a line.
        asks: The person was not asked yet whether we may keep it.
        certificate: Which certificate it is and whether it was seen, where it is one.
    """

    one: Circumstance
    what: str
    special: bool
    protects: list[str]
    asks: bool
    certificate: str = ""
    unseen: bool = False


def cares_of(account: Account, now: datetime) -> list[Care]:
    """Return what calls for care on an account today."""
    return [care_of(account, one, now) for one in in_force(account.person_id, now.date())]


def care_of(account: Account, one: Circumstance, now: datetime) -> Care:
    """Return one circumstance as a case shows it."""
    special = one.kind in SPECIAL
    paper = Certificate.objects.filter(pk=one.pk).first()
    return Care(
        one, UNNAMED.capitalize() if special else CARE.get(one.kind, UNNAMED.capitalize()), special,
        [_protects(each) for each in protected_from(account, one, now)],
        asks=one.kind in AGREED and one.consented_at is None and bool(one.purpose),
        certificate=_certificate(account, paper, now) if paper else "",
        unseen=paper is not None and paper.written_on is None,
    )  # fmt: skip


def _protects(one: Protection) -> str:
    until = f" until {day(one.until)}" if one.until else ""
    return f"{STEPS[one.step]}{until}: {one.title} ({one.citation})"


def _certificate(account: Account, paper: Certificate, now: datetime) -> str:
    """Return which renewal it is and how many may follow, by the rule of the place."""
    which = f"Renewal {paper.renewal}" if paper.renewal else "The first"
    seen = f"seen in writing {day(paper.written_on)}" if paper.written_on else "not seen yet"
    found = may_follow(account, now, paper.renewal)
    follow = f"; {found.left} may follow ({found.by})" if found.bound else ""
    return f"{which}, {seen}{follow}"


def agreement_of(account: Account, now: datetime) -> dict[str, Any] | None:
    """Return the agreement on hardship that runs, and how it stands; none where none does."""
    made = hardship.running(account.pk)
    if made is None:
        return None
    stands = hardship.stands(made, now.astimezone(ZoneInfo(account.timezone)).date())
    return {
        "made": made, "stands": stands, "talk": stands.state == TALK,
        "terms": TERMS[made.terms].format(amount=money(made.monthly_minor, account.currency)),
    }  # fmt: skip
