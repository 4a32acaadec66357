"""A person says what a reply means, and what follows from that follows at once.

Whatever was guessed before, only what is confirmed here changes money or status; an opt-out alone
is heeded before anyone looks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tideover.casework.cases import asking, deeds
from tideover.casework.cases.deeds import Doing
from tideover.casework.cases.models import Promise
from tideover.casework.outreach.inbox.resting import WILL_PAY, let_go_on
from tideover.casework.outreach.models import Inbound
from tideover.terms.faults import Refused


@dataclass(frozen=True)
class Meaning:
    """What a reply can mean, and what follows when a person says so.

    Args:
        label: For the person who chooses.
        follows: What is done at once, in words for that person.
    """

    label: str
    follows: str


MEANINGS = {
    "opt_out": Meaning("Wants no more messages", "All messages stop, or those of one channel"),
    "already_paid": Meaning("Says it is paid",
                            "Outreach rests for five days, for the money to come"),
    "will_pay": Meaning("Will pay on a day", "The promise is confirmed"),
    "cannot_pay": Meaning("Cannot pay", "Noted: cannot pay at present"),
    "lost_job": Meaning("Lost their job", "Noted: lost work"),
    "ill": Meaning("Is ill", "Outreach rests until somebody has spoken with them"),
    "bereaved": Meaning("Somebody has died", "Noted: a death in the family"),
    "dispute": Meaning("Says the bill is wrong", "Noted: the bill is disputed"),
    "wrong_person": Meaning("Is not the customer", "The address is no longer used"),
    "moved": Meaning("Has moved", "Outreach rests until the address is right"),
    "wants_call": Meaning("Wants a call", "Stands under what customers ask until it is answered"),
    "wants_plan": Meaning("Wants to pay in parts", "Outreach rests while a plan is made"),
    "at_risk": Meaning("May be in danger", "Outreach rests; follow the steps for danger"),
    "abusive": Meaning("Is abusive", "Nothing by itself"),
    "thanks": Meaning("Says thank you", "Nothing by itself"),
    "other": Meaning("Something else", "Nothing by itself"),
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What the person who confirms adds to a meaning.

    Args:
        channel: Of an opt-out: the one channel it is for; empty for all.
        amount_minor, due_on: Of a promise.
    """

    meaning: str
    channel: str = ""
    amount_minor: int | None = None
    due_on: date | None = None


@transaction.atomic
def confirm(inbound_id: int, said: Said, doing: Doing) -> None:
    """Write down what a reply means, and do what follows.

    Raises:
        Refused: There is no such meaning, it lacks what it needs, or somebody was quicker.
    """
    if said.meaning not in MEANINGS:
        raise Refused("A reply cannot mean that", where=said.meaning)
    reply = Inbound.objects.select_for_update().get(pk=inbound_id, account=doing.account_id)
    if reply.confirmed_at is not None:
        raise Refused("Somebody else said what this reply means meanwhile",
                      where=reply.confirmed_by)  # fmt: skip
    Inbound.objects.filter(pk=reply.pk).update(
        meaning=said.meaning, confirmed_by=doing.by, confirmed_at=doing.at
    )
    facts = {"inbound_id": reply.pk, "intent": said.meaning, "was": reply.intent}
    doing.tell("understood", facts)
    follow = FOLLOWS.get(said.meaning)
    if follow:
        follow(reply, said, doing)
    if said.meaning != WILL_PAY:
        _forget_promise(reply, doing)
    let_go_on(doing)


def _stop(reply: Inbound, said: Said, doing: Doing) -> None:
    deeds.opt_out(doing, channel=said.channel, via=f"reply by {reply.channel}")


def _promise(reply: Inbound, said: Said, doing: Doing) -> None:
    amount = said.amount_minor or reply.amount_minor
    due_on = said.due_on or reply.promise_on
    proposed = _proposed(reply)
    if proposed and not said.amount_minor:
        amount = proposed.amount_minor
    if not amount or not due_on:
        raise Refused("A promise needs an amount and a day", mend="Fill in both")
    if proposed and (proposed.amount_minor, proposed.due_on) == (amount, due_on):
        if not proposed.confirmed_by:  # else somebody confirmed the promise itself meanwhile
            deeds.confirm_promise(doing, proposed.pk)
        return
    if proposed:
        deeds.withdraw_promise(doing, proposed.pk)
    deeds.promise(doing, amount_minor=amount, due_on=due_on)


def _forget_promise(reply: Inbound, doing: Doing) -> None:
    """Take back a promise that was read out of a reply which means something else."""
    proposed = _proposed(reply)
    if proposed and not proposed.confirmed_by:
        deeds.withdraw_promise(doing, proposed.pk)


def _proposed(reply: Inbound) -> Promise | None:
    """Return the promise that was read out of this reply, where one was proposed."""
    if reply.promise_on is None:
        return None
    since = Promise.objects.filter(account=reply.account_id, made_at__gte=reply.received_at)
    return since.filter(due_on=reply.promise_on, withdrawn_at=None).order_by("made_at").first()


def _circumstance(kind: str) -> Callable[[Inbound, Said, Doing], None]:
    def follow(reply: Inbound, said: Said, doing: Doing) -> None:
        deeds.note_circumstance(doing, kind, starts_on=reply.received_at.date(), source="reply")

    return follow


def _rest(reason: str, *, days: int | None = None) -> Callable[[Inbound, Said, Doing], None]:
    def follow(reply: Inbound, said: Said, doing: Doing) -> None:
        until = date.fromordinal(doing.at.date().toordinal() + days) if days else None
        deeds.hold(doing, reason=reason, until_on=until)

    return follow


def _not_theirs(reply: Inbound, said: Said, doing: Doing) -> None:
    deeds.address_failed(doing, channel=reply.channel)


def _call(reply: Inbound, said: Said, doing: Doing) -> None:
    asking.ask(doing, "call_me")


FOLLOWS: dict[str, Callable[[Inbound, Said, Doing], None]] = {
    "opt_out": _stop,
    "already_paid": _rest("payment", days=5),
    "will_pay": _promise,
    "cannot_pay": _circumstance("hardship"),
    "lost_job": _circumstance("unemployed"),
    "ill": _rest("care"),
    "bereaved": _circumstance("bereavement"),
    "dispute": _circumstance("dispute"),
    "wrong_person": _not_theirs,
    "moved": _rest("review"),
    "wants_call": _call,
    "wants_plan": _rest("asked", days=14),
    "at_risk": _rest("care"),
}
