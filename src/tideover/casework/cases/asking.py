"""What customers ask for, wish and say of us: deeds like those of `deeds.py`."""

from __future__ import annotations

import base64
from datetime import date, timedelta

from django.db import transaction

from tideover.casework.cases.deeds import Doing, new_id
from tideover.casework.cases.models import Evidence, Note, Rating, Request, Wish
from tideover.terms.faults import Refused

# What may be asked of people, in words for staff.
ASKED = {
    "plan": "Asks for a plan outside what is agreed at once",
    "plan_change": "Asks to change the plan that runs",
    "more_time": "Asks for more time than is given at once",
    "level_bill": "Asks for the same amount every month",
    "hardship": "Cannot pay, and asks for help",
    "circumstance": "Told something that calls for care",
    "certificate": "Told of a doctor's certificate",
    "programme": "Asks for help from a programme",
    "counsellor": "Agreed that a debt counsellor calls",
    "dispute": "Does not agree with the bill",
    "paid_already": "Says it was paid already",
    "moved": "Says they moved out",
    "not_mine": "Says the account is not theirs",
    "wrong_person": "Somebody else gets the messages",
    "complaint": "Complains",
    "contact": "Gave a new phone number or address",
    "evidence": "Sent papers",
    "call_me": "Asks to be called",
}
A_QUARTER = timedelta(days=91)
KEPT_FOR = timedelta(days=180)
LARGEST_BYTES, MOST_PAPERS = 5_000_000, 10


@transaction.atomic
def ask(doing: Doing, kind: str, text: str = "") -> Request:
    """Ask people for something.

    Raises:
        Refused: There is no such thing to ask for.
    """
    if kind not in ASKED:
        raise Refused("That cannot be asked for", mend=f"One of {', '.join(ASKED)}")
    doing.lock()
    kept = _note(doing, text)
    made = Request.objects.create(
        account_id=doing.account_id, kind=kind, note=kept, asked_at=doing.at
    )
    said = {"note": kept.note_id} if kept else {}
    doing.tell("asked", {"request_id": made.pk, "kind": kind, **said})
    return made


@transaction.atomic
def answer(doing: Doing, request_id: int) -> None:
    """Say that a person answered.

    Raises:
        Refused: It was answered already.
    """
    doing.lock()
    waiting = Request.objects.filter(pk=request_id, account=doing.account_id, answered_at=None)
    if not waiting.update(answered_at=doing.at, answered_by=doing.by):
        raise Refused("This was answered already")
    kind = Request.objects.values_list("kind", flat=True).get(pk=request_id)
    doing.tell("answered", {"request_id": request_id, "kind": kind})


@transaction.atomic
def hand_in(doing: Doing, kind: str, content: bytes, *, of: Request) -> Evidence:
    """Keep a paper, sealed, with what it is for.

    Raises:
        Refused: It is too large, or there are too many of them.
    """
    doing.lock()
    if len(content) > LARGEST_BYTES:
        raise Refused("This file is too large", mend="Send a smaller picture of it")
    if Evidence.objects.filter(request__account=doing.account_id).count() >= MOST_PAPERS:
        raise Refused("There are too many papers already", mend="Call us about the others")
    return Evidence.objects.create(
        request=of, kind=kind, bytes=len(content), content=base64.b64encode(content).decode(),
        sent_at=doing.at, keep_until=doing.at.date() + KEPT_FOR,
    )  # fmt: skip


@transaction.atomic
def wish(doing: Doing, *, language: str = "", hour: str = "", named: str = "") -> Wish:
    """Note how somebody wants to be written to; what is empty stays as it was."""
    person = doing.lock().person_id
    said = {name: value for name, value in
            (("language", language), ("hour", hour), ("named", named)) if value}  # fmt: skip
    kept, _ = Wish.objects.update_or_create(
        person_id=person, defaults={**said, "said_at": doing.at}
    )
    told = {**said, "named": True} if named else said  # how they are called is in no event
    doing.tell("preferred", told)
    return kept


def may_rate(account_id: str, today: date) -> bool:
    """Say whether somebody may be asked how we did: once a quarter at most."""
    last = Rating.objects.filter(account=account_id).order_by("-at").first()
    return last is None or last.at.date() <= today - A_QUARTER


@transaction.atomic
def rate(doing: Doing, score: int, text: str = "") -> Rating:
    """Keep how somebody says they were treated.

    Raises:
        Refused: They said so in this quarter already.
    """
    doing.lock()
    if not may_rate(doing.account_id, doing.at.date()):
        raise Refused("Thank you, we have your answer of this quarter already")
    kept = _note(doing, text)
    made = Rating.objects.create(account_id=doing.account_id, score=score, note=kept, at=doing.at)
    doing.tell("rated", {"score": score, **({"note": kept.note_id} if kept else {})})
    return made


def _note(doing: Doing, text: str) -> Note | None:
    if not text.strip():
        return None
    return Note.objects.create(
        note_id=new_id("note"), account_id=doing.account_id, text=text.strip(), by=doing.by,
        at=doing.at,
    )  # fmt: skip
