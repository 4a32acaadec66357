"""To hand somebody on: with their consent, and followed until it has ended, whatever came of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from tideover.casework.cases import asking
from tideover.casework.cases.deeds import Doing
from tideover.casework.cases.models import Referral, Request
from tideover.terms.faults import Refused

PROGRAMME, COUNSELLOR = "programme", "counsellor"
HANDED_OVER, TAKEN_UP, ENDED = "handed_over", "taken_up", "ended"
GRANTED = "granted"
# How it may end, in words for staff.
OUTCOMES = {
    GRANTED: "Money came", "advised": "Was advised", "not_helped": "They could not help",
    "not_reached": "Could not be reached", "withdrawn": "The customer took the consent back",
}  # fmt: skip
_AFTER = {HANDED_OVER: ("consented",), TAKEN_UP: (HANDED_OVER,),
          ENDED: ("consented", HANDED_OVER, TAKEN_UP)}  # fmt: skip


@transaction.atomic
def refer(doing: Doing, kind: str, to: str, *, request: Request) -> Referral:
    """Note that somebody agreed to be handed on; once to each at a time."""
    doing.lock()
    running = Referral.objects.filter(account=doing.account_id, kind=kind, to=to, ended_at=None)
    found = running.first()
    if found is not None:
        return found
    made = Referral.objects.create(account_id=doing.account_id, kind=kind, to=to, request=request,
                                   consented_at=doing.at)  # fmt: skip
    _tell(doing, made)
    return made


@transaction.atomic
def advance(doing: Doing, referral_id: int, step: str, outcome: str = "") -> Referral:
    """Say that a referral went a step further; what was handed over is an answered request.

    Raises:
        Refused: It is at another step by now, or ended in no way that there is.
    """
    doing.lock()
    found = Referral.objects.filter(pk=referral_id, account=doing.account_id).first()
    if found is None or found.step not in _AFTER.get(step, ()):
        raise Refused("This went on meanwhile", mend="Look at how far it is now")
    if step == ENDED and outcome not in OUTCOMES:
        raise Refused("Say how it ended", mend=f"One of {', '.join(OUTCOMES)}")
    setattr(found, f"{step}_at", doing.at)
    found.outcome = outcome if step == ENDED else ""
    found.save()
    waiting = found.request_id and Request.objects.filter(pk=found.request_id, answered_at=None)
    if waiting and waiting.exists():
        asking.answer(doing, int(found.request_id or 0))
    _tell(doing, found)
    return found


@transaction.atomic
def grant_came(doing: Doing, on: date, amount_minor: int) -> None:
    """Note that a grant was posted to an account: what was asked of a programme has ended well."""
    asked = Referral.objects.filter(account=doing.account_id, kind=PROGRAMME, ended_at=None,
                                    consented_at__date__lte=on)  # fmt: skip
    found = asked.order_by("consented_at").first()
    if found is None:
        return
    found.ended_at, found.outcome, found.granted_minor = doing.at, GRANTED, amount_minor
    found.save()
    _tell(doing, found)


def waiting_for_grants() -> list[str]:
    """Return the accounts that asked a programme and have no answer yet."""
    rows = Referral.objects.filter(kind=PROGRAMME, ended_at=None)
    return sorted(set(rows.values_list("account_id", flat=True)))


def grants_came(grants: Iterable[tuple[str, date, int]], *, by: str, at: datetime) -> None:
    """Note the grants of an export, an account, a day and minor units each."""
    waiting = set(waiting_for_grants())
    for account_id, on, minor in sorted(grants):
        if account_id in waiting:
            grant_came(Doing(account_id, by, at), on, minor)


def _tell(doing: Doing, one: Referral) -> None:
    more = {"outcome": one.outcome} if one.outcome else {}
    amount = {"amount_minor": one.granted_minor} if one.granted_minor else {}
    doing.tell("referred", {"referral_id": one.pk, "kind": one.kind, "step": one.step,
                            **more, **amount})  # fmt: skip
