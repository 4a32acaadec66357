"""What is told to protect somebody, in trust: kept by consent, looked at again, taken back.

Deeds like those of `deeds.py`. What a circumstance is lies sealed in its row; whoever reads the
ledger asks here what it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from tideover.casework.cases.deeds import Doing, end_circumstance, note_circumstance
from tideover.casework.cases.models import Account, Circumstance, Evidence, Request
from tideover.rules.care.kinds import AGREED, SPECIAL, kept, next_review
from tideover.terms.calendar import days
from tideover.terms.faults import Refused

SOON = days(7)
DOCTOR = "doctor"  # what a paper is, as the portal's page of papers calls it


def in_force(person_id: str, today: date) -> QuerySet[Circumstance]:
    """Return what holds of a person today and was not taken back."""
    open_ = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    rows = Circumstance.objects.filter(open_, person=person_id, withdrawn_at=None)
    return rows.filter(starts_on__lte=today).order_by("starts_on", "pk")


def look_again(person_id: str, today: date) -> date | None:
    """Return until when what somebody told is to be looked at again, where that is soon."""
    due = in_force(person_id, today).filter(review_on__lte=today + SOON, consented_at__isnull=False)
    return min((one.ends_on or today + SOON for one in due), default=None)


def kinds_of(told: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return what the circumstances are that some events name without saying it, by their ids."""
    ids = {str(facts["circumstance_id"]) for facts in told
           if "circumstance_id" in facts and "kind" not in facts}  # fmt: skip
    rows = Circumstance.objects.filter(pk__in=ids) if ids else Circumstance.objects.none()
    return {pk: kind for pk, kind in rows.values_list("pk", "kind") if kind}


def with_kind(facts: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, Any]:
    """Return what an event says, and what its circumstance is where that is known."""
    kind = kinds.get(str(facts.get("circumstance_id", "")))
    return {**facts, "kind": kind} if kind and "kind" not in facts else dict(facts)


@transaction.atomic
def note_agreed(
    doing: Doing, kind: str, *, ends_on: date | None = None, agreed: bool = True
) -> Circumstance:
    """Note from today what somebody told a person of the utility.

    Args:
        agreed: They agreed that we keep it. Else somebody asks them within a fortnight.
    """
    found = note_circumstance(doing, kind, starts_on=doing.at.date(), ends_on=ends_on)
    return consent(doing, found.pk) if agreed and kind in AGREED else found


@transaction.atomic
def consent(doing: Doing, circumstance_id: str) -> Circumstance:
    """Note that the person agreed that we keep it, which also sets when it is looked at next.

    Raises:
        Refused: It is none of this person's, is over, or was taken back.
    """
    found = _mine(doing, circumstance_id)
    keeping = kept(found.kind, doing.at.date(), found.ends_on, agreed=True)
    Circumstance.objects.filter(pk=found.pk).update(
        consented_at=doing.at, purpose=keeping.purpose, review_on=keeping.review_on
    )
    return _reviewed(doing, found)


@transaction.atomic
def review(doing: Doing, circumstance_id: str) -> Circumstance:
    """Say that it still is so, after it was looked at again with the person.

    Raises:
        Refused: It is none of this person's, is over, or was taken back.
    """
    found = _mine(doing, circumstance_id)
    following = next_review(doing.at.date(), found.ends_on)
    Circumstance.objects.filter(pk=found.pk).update(review_on=following)
    return _reviewed(doing, found)


def _reviewed(doing: Doing, found: Circumstance) -> Circumstance:
    found.refresh_from_db()
    review_on = found.review_on.isoformat() if found.review_on else ""
    doing.tell("circumstance_reviewed", {"circumstance_id": found.pk, "review_on": review_on})
    return found


@transaction.atomic
def withdraw(doing: Doing, circumstance_id: str) -> None:
    """Heed that somebody takes back what they told: it ends, and what it was is removed.

    Words that came with it go too, and of a special kind the doctors' papers that were sent. An
    agreement that rests on it is the caller's to end.

    Raises:
        Refused: It is none of this person's, is over, was taken back, or is not theirs to take
            back: a law or the account itself needs it.
    """
    found = _mine(doing, circumstance_id)
    if found.kind not in AGREED or found.noted_by == "cis":
        raise Refused("This cannot be taken back here", mend="Call us about it")
    end_circumstance(doing, found.pk)
    _forget_words(doing, found)
    Circumstance.objects.filter(pk=found.pk).update(kind="", withdrawn_at=doing.at, review_on=None)
    doing.tell("consent_withdrawn", {"circumstance_id": found.pk})


def _forget_words(doing: Doing, found: Circumstance) -> None:
    """Take away the paper of a certificate, and what was written as it was told."""
    Evidence.objects.filter(certificate__circumstance=found).delete()
    if found.kind in SPECIAL:
        papers = Request.objects.filter(account__person=found.person_id, kind="evidence")
        doctors = [one.pk for one in papers.select_related("note")
                   if one.note is not None and one.note.text == DOCTOR]  # fmt: skip
        Evidence.objects.filter(request__in=doctors).delete()
    told = Request.objects.filter(account__person=found.person_id, kind__in=("circumstance",
                                  "hardship"), asked_at__date=found.starts_on)  # fmt: skip
    for one in told.exclude(note=None).select_related("note"):
        assert one.note is not None
        one.note.text = ""
        one.note.save(update_fields=["text"])


def _mine(doing: Doing, circumstance_id: str) -> Circumstance:
    account: Account = doing.lock()
    found = in_force(account.person_id, doing.at.date()).filter(pk=circumstance_id).first()
    if found is None:
        raise Refused("This is over already")
    return found
