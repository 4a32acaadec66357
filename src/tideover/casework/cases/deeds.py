"""What people do on a case: each deed changes the facts and tells the ledger in one transaction.

The console and the API both come here. Words that people write in their own way go to notes, which
are sealed and can be erased; the ledger names the note.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import (
    Account,
    Circumstance,
    ContactPoint,
    Event,
    Hold,
    Note,
    Promise,
)
from tideover.rules.care.kinds import AGREED, SPECIAL, kept
from tideover.terms.faults import Refused

PORTAL = "portal"  # who tells something there agrees that it is kept, or does not tell it

# What may keep outreach to an account at rest; words of a person's own go to a note beside it.
HOLD_REASONS = {
    "dispute": "The bill is disputed",
    "complaint": "A complaint is open",
    "payment": "A payment is on its way",
    "assistance": "Assistance is awaited",
    "care": "The situation calls for care",
    "asked": "The customer asked for time",
    "review": "Somebody looks at the whole case",
    "reply": "What the customer wrote waits to be read",
}
CARE = {
    "life_support": "Depends on medical equipment", "medical_certificate": "Medical certificate",
    "disability": "Disability", "elderly": "Old age", "young_child": "Young child at home",
    "low_income": "Low income", "hardship": "Cannot pay at present", "unemployed": "Lost work",
    "bereavement": "A death in the family", "domestic_abuse": "Domestic abuse",
    "language_barrier": "Needs another language", "dispute": "Disputes the bill",
    "complaint": "Complaint is open", "bankruptcy": "Bankruptcy", "debt_respite": "Debt respite",
    "deceased": "Has died", "active_military": "On military duty",
    "representative": "Somebody acts for them", "assistance_pending": "Assistance is awaited",
    "tampering": "Tampering is looked into",
}  # fmt: skip
OUTCOMES = {
    "spoke": "Spoke with the customer", "somebody_else": "Somebody else answered",
    "no_answer": "Nobody answered", "left_word": "Left word to call back",
    "wrong_number": "The number is somebody else's",
}  # fmt: skip


@dataclass(frozen=True)
class Doing:
    """Who does something, to which account, and when."""

    account_id: str
    by: str
    at: datetime

    def tell(self, kind: str, facts: dict[str, Any] | None = None) -> Event:
        """Write it down."""
        return record(self.account_id, kind, at=self.at, by=self.by, facts=facts)

    def lock(self) -> Account:
        """Lock every account of the person, in order, and return this one."""
        person = Account.objects.only("person_id").get(pk=self.account_id).person_id
        locked = Account.objects.select_for_update(no_key=True)  # a message may end meanwhile
        rows = locked.filter(person=person).order_by("pk")
        return {row.pk: row for row in rows}[self.account_id]


def new_id(kind: str) -> str:
    """Return an id that nothing else has."""
    return f"{kind}-{uuid.uuid4().hex}"


@transaction.atomic
def note(doing: Doing, text: str) -> Note:
    """Write something down."""
    kept = _keep(doing, text)
    doing.tell("noted", {"note": kept.note_id})
    return kept


def _keep(doing: Doing, text: str) -> Note:
    return Note.objects.create(
        note_id=new_id("note"), account_id=doing.account_id, text=text, by=doing.by, at=doing.at
    )


@transaction.atomic
def log_call(
    doing: Doing, *, outcome: str, inbound: bool, text: str = "",
    listed: dict[str, Any] | None = None,
) -> Event:  # fmt: skip
    """Write down that somebody spoke, or tried to, by telephone.

    Args:
        listed: Which message it was, of a call that stood on the list.
    """
    known = {"note": _keep(doing, text).note_id} if text else {}
    direction = "inbound" if inbound else "outbound"
    facts = {"direction": direction, "outcome": outcome, "reached": outcome == "spoke", **known,
             **(listed or {})}  # fmt: skip
    return doing.tell("called", facts)


@transaction.atomic
def promise(doing: Doing, *, amount_minor: int, due_on: date, confirmed: bool = True) -> Promise:
    """Note a promise to pay; unconfirmed it is what a reply seemed to say.

    Raises:
        Refused: It is not of money, or its day is over.
    """
    if amount_minor <= 0:
        raise Refused("A promise is of money", mend="Name an amount above nothing")
    if due_on < doing.at.date():
        raise Refused("That day is over", where=due_on.isoformat(), mend="Name a day to come")
    doing.lock()
    made = Promise.objects.create(
        promise_id=new_id("promise"), account_id=doing.account_id, made_at=doing.at,
        amount_minor=amount_minor, due_on=due_on, confirmed_by=doing.by if confirmed else "",
    )  # fmt: skip
    doing.tell("promised", _promised(made, confirmed))
    return made


def _promised(made: Promise, confirmed: bool) -> dict[str, Any]:
    return {
        "promise_id": made.promise_id, "amount_minor": made.amount_minor,
        "due_on": made.due_on.isoformat(), "confirmed": confirmed,
    }  # fmt: skip


@transaction.atomic
def confirm_promise(doing: Doing, promise_id: str) -> Promise:
    """Confirm what a reply seemed to promise.

    Raises:
        Refused: Somebody else confirmed or withdrew it meanwhile.
    """
    doing.lock()
    open_ones = Promise.objects.filter(
        pk=promise_id, account=doing.account_id, confirmed_by="", withdrawn_at=None
    )
    if not open_ones.update(confirmed_by=doing.by):
        raise Refused("This promise was confirmed or withdrawn already")
    made = Promise.objects.get(pk=promise_id)
    doing.tell("promised", _promised(made, confirmed=True))
    return made


@transaction.atomic
def withdraw_promise(doing: Doing, promise_id: str) -> None:
    """Take a promise back, or say that it was never made.

    Raises:
        Refused: It was withdrawn already.
    """
    doing.lock()
    standing = Promise.objects.filter(pk=promise_id, account=doing.account_id, withdrawn_at=None)
    if not standing.update(withdrawn_at=doing.at):
        raise Refused("This promise was withdrawn already")
    doing.tell("promise_withdrawn", {"promise_id": promise_id})


@transaction.atomic
def hold(doing: Doing, *, reason: str, until_on: date | None = None) -> Hold:
    """Let outreach to the account rest; what is queued is taken back.

    Raises:
        Refused: The reason is none of those there are.
    """
    if reason not in HOLD_REASONS:
        raise Refused("That is no reason for a hold", mend=f"One of {', '.join(HOLD_REASONS)}")
    doing.lock()
    held = Hold.objects.create(
        account_id=doing.account_id, reason=reason, starts_at=doing.at, until_on=until_on,
        placed_by=doing.by,
    )  # fmt: skip
    until = {"until_on": until_on.isoformat()} if until_on else {}
    doing.tell("held", {"hold_id": held.pk, "reason": reason, **until})
    return held


@transaction.atomic
def release(doing: Doing, hold_id: int) -> None:
    """Let outreach to the account go on.

    Raises:
        Refused: The hold was released already.
    """
    doing.lock()
    standing = Hold.objects.filter(pk=hold_id, account=doing.account_id, released_at=None)
    if not standing.update(released_at=doing.at):
        raise Refused("This hold was released already")
    doing.tell("hold_released", {"hold_id": hold_id})


@transaction.atomic
def note_circumstance(
    doing: Doing, kind: str, *, starts_on: date, ends_on: date | None = None, source: str = "staff"
) -> Circumstance:
    """Note something about the person that calls for care; a dispute also says so by itself.

    Raises:
        Refused: There is no such kind.
    """
    if kind not in CARE:
        raise Refused("There is no such circumstance", where=kind, mend=f"One of {', '.join(CARE)}")
    account = doing.lock()
    agreed = source == PORTAL and kind in AGREED  # there nothing is told without agreeing to it
    keeping = kept(kind, starts_on, ends_on, agreed=agreed)
    found = Circumstance.objects.create(
        circumstance_id=new_id("circumstance"), person_id=account.person_id, account=account,
        kind=kind, starts_on=starts_on, ends_on=ends_on, source=source, noted_by=doing.by,
        purpose=keeping.purpose, review_on=keeping.review_on,
        consented_at=doing.at if agreed else None,
    )  # fmt: skip
    ends = {"ends_on": ends_on.isoformat()} if ends_on else {}
    facts = {**named(found), "starts_on": starts_on.isoformat(), **ends}
    doing.tell("circumstance_noted", facts)
    if kind == "dispute":
        doing.tell("disputed", {"circumstance_id": found.pk, "in_writing": source == "reply"})
    return found


@transaction.atomic
def end_circumstance(doing: Doing, circumstance_id: str) -> None:
    """Say that something that called for care is over.

    Raises:
        Refused: It is none of this person's, or is over already.
    """
    account = doing.lock()
    today = doing.at.date()
    found = Circumstance.objects.filter(pk=circumstance_id, person=account.person_id).first()
    if found is None or (found.ends_on is not None and found.ends_on < today):
        raise Refused("This is over already")
    Circumstance.objects.filter(pk=found.pk).update(ends_on=today, review_on=None)
    doing.tell("circumstance_ended", named(found))


def named(found: Circumstance) -> dict[str, Any]:
    """Return which circumstance it is, as the ledger says it: of special kinds the id alone."""
    unsaid = found.kind in SPECIAL or not found.kind
    return {"circumstance_id": found.pk, **({} if unsaid else {"kind": found.kind})}


@transaction.atomic
def opt_out(doing: Doing, *, channel: str = "", via: str) -> None:
    """Heed that the customer wants no more messages, on one channel or, without one, at all."""
    account = doing.lock()
    points = ContactPoint.objects.filter(person=account.person_id)
    (points.filter(channel=channel) if channel else points).update(consent="withdrawn")
    named = {"scope": "channel", "channel": channel} if channel else {"scope": "everything"}
    doing.tell("opted_out", {**named, "via": via})


@transaction.atomic
def address_failed(doing: Doing, *, channel: str) -> int:
    """Say that the person's addresses on a channel lead nowhere, or to somebody else."""
    account = doing.lock()
    points = ContactPoint.objects.filter(person=account.person_id, channel=channel, failed_at=None)
    for point in points:
        _fail(doing, point)
    return len(points)


@transaction.atomic
def address_of_another(doing: Doing, point: ContactPoint) -> None:
    """Say that one address belongs to somebody else: nothing more goes there."""
    doing.lock()
    if ContactPoint.objects.filter(pk=point.pk, failed_at=None).exists():
        _fail(doing, point)


def _fail(doing: Doing, point: ContactPoint) -> None:
    ContactPoint.objects.filter(pk=point.pk).update(failed_at=doing.at)
    facts = {"contact_point_id": point.pk, "channel": point.channel, "status": "failed"}
    doing.tell("address_changed", facts)
