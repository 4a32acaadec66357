"""Medical certificates that come in: each is a circumstance with its day, renewal and paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from tideover.casework.cases.caring import consent, in_force
from tideover.casework.cases.deeds import PORTAL, Doing, note_circumstance
from tideover.casework.cases.models import Account, Case, Certificate, Circumstance, Evidence
from tideover.casework.cases.protecting import guard_of, proposal
from tideover.rules.care import certificates as rules
from tideover.terms.calendar import days
from tideover.terms.faults import Refused

KIND = "medical_certificate"
RENEWED = (KIND, "life_support")  # what protects supply for a time, and again by a new paper
WORD_OF_MOUTH = days(30)  # so long a certificate counts for whose length nobody said


@dataclass(frozen=True)
class Said:
    """What a certificate says.

    Args:
        until_on: Its last day, where it says one.
        in_writing: It was seen; else it counts on the person's word, as far as the place lets it.
        cannot_pay: The person showed that they cannot pay, which some places ask of a renewal.
        agreed: They agreed that we keep it; who tells it in the portal does.
    """

    until_on: date | None = None
    in_writing: bool = False
    chronic: bool = False
    cannot_pay: bool = False
    agreed: bool = False


@transaction.atomic
def receive(doing: Doing, said: Said, *, source: str = PORTAL) -> Certificate:
    """Take in a certificate; it is counted as the next of the same arrears.

    Raises:
        Refused: Its last day is over.
    """
    account, today = doing.lock(), doing.at.date()
    if said.until_on is not None and said.until_on < today:
        raise Refused("The certificate is over already", mend="Ask the doctor for a new one")
    renewal = rules.renewal_of(_received(account.person_id), _behind_since(account.pk))
    one = rules.Certificate(
        today, (said.until_on - today).days + 1 if said.until_on else None, renewal,
        today if said.in_writing else None, said.chronic, said.cannot_pay,
    )  # fmt: skip
    found = note_circumstance(doing, KIND, starts_on=today, ends_on=_last_day(account, doing, one),
                              source=source)  # fmt: skip
    if said.agreed and found.consented_at is None:
        found = consent(doing, found.pk)
    made = Certificate.objects.create(
        circumstance=found, received_on=today, renewal=renewal, written_on=one.written_on,
        chronic=said.chronic, cannot_pay=said.cannot_pay,
    )  # fmt: skip
    _tell(doing, made)
    return made


def _last_day(account: Account, doing: Doing, one: rules.Certificate) -> date:
    """Return until when it is kept: its own last day, else as long as the place lets it protect."""
    if one.days_stated is not None:
        return one.received_on + days(one.days_stated - 1)
    held = rules.held_by(guard_of(account.jurisdiction), proposal(account, doing.at), one)
    return held.until if held and held.until else one.received_on + WORD_OF_MOUTH


@transaction.atomic
def seen(doing: Doing, circumstance_id: str, *, paper: int | None = None) -> Certificate:
    """Note that a certificate was seen in writing, perhaps on a paper that was sent.

    Raises:
        Refused: It is none of this person's, or was seen already.
    """
    account = doing.lock()
    mine = in_force(account.person_id, doing.at.date()).filter(pk=circumstance_id)
    found = Certificate.objects.filter(circumstance__in=mine, written_on=None).first()
    if found is None:
        raise Refused("No certificate waits to be seen in writing")
    papers = Evidence.objects.filter(request__account__person=account.person_id)
    sent = papers.filter(pk=paper or 0).first()
    found.written_on, found.paper = doing.at.date(), sent
    found.save(update_fields=["written_on", "paper"])
    _tell(doing, found)
    return found


def _tell(doing: Doing, one: Certificate) -> None:
    facts = {"circumstance_id": one.pk, "renewal": one.renewal,
             "in_writing": one.written_on is not None}  # fmt: skip
    doing.tell("certificate_received", facts)


def ending(first: date, last: date) -> Iterator[Circumstance]:
    """Yield what ends in these days of the kinds that are renewed, and that nothing follows yet."""
    rows = Circumstance.objects.filter(withdrawn_at=None, ends_on__range=(first, last))
    for one in rows.select_related("person", "account").order_by("ends_on", "pk"):
        if one.kind in RENEWED and not _followed(one):
            yield one


def _followed(one: Circumstance) -> bool:
    later = Q(ends_on__isnull=True) | Q(ends_on__gt=one.ends_on)
    rows = Circumstance.objects.filter(later, person=one.person_id, withdrawn_at=None)
    return any(other.kind == one.kind for other in rows)


def _received(person_id: str) -> list[date]:
    rows = Certificate.objects.filter(circumstance__person=person_id)
    return list(rows.values_list("received_on", flat=True))


def _behind_since(account_id: str) -> date | None:
    return Case.objects.filter(account=account_id, closed_on=None).values_list(
        "opened_on", flat=True).first()  # fmt: skip


def may_follow(account: Account, now: datetime, last: int) -> rules.Renewals:
    """Return how many certificates may follow the last one of an account."""
    return rules.renewals(guard_of(account.jurisdiction), proposal(account, now), now.date(), last)
