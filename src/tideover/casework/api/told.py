"""Rows of casework as the interface tells of them: amounts as text, nobody named."""

from __future__ import annotations

from typing import Any

from tideover.casework.api import shapes
from tideover.casework.cases import models
from tideover.casework.cases.caring import kinds_of, with_kind
from tideover.casework.cases.deeds import CARE
from tideover.casework.outreach.models import Message
from tideover.terms import money
from tideover.terms.events import KINDS

# Pseudonyms of addresses, and what people wrote in their own words: for nobody outside.
WITHHELD = ("address_mark", "note", "text")
OF_CARE = ("circumstance_noted", "circumstance_ended", "circumstance_reviewed",
           "consent_withdrawn", "certificate_received", "disputed")  # fmt: skip
TAKEN_BACK = "Taken back by the person"
STATUSES = {
    "queued": "It waits to be sent",
    "claimed": "It is about to be sent",
    "sending": "It is being handed over at this moment",
    "sent": "It was handed over",
    "failed": "It was refused, and will not be tried again by itself",
    "unknown": "It may have arrived; nobody can say, so it is not sent again",
    "cancelled": "It was taken back before it left",
    "suppressed": "The rules forbade it when it was to leave",
    "expired": "Its time was over before it could leave",
    "held": "It rests until somebody releases it",
}


def facts_of(event: models.Event, currency: str, *, care: bool) -> dict[str, Any]:
    """Return what an event says, for others.

    Args:
        care: Whether whoever reads it may know what a circumstance is, and not only that it is.
    """
    if event.kind in OF_CARE and not care:
        return {}
    facts = event.facts
    if event.kind in OF_CARE:
        facts = with_kind(facts, kinds_of([facts]))
    told = {name: value for name, value in facts.items() if name not in WITHHELD}
    for name in [name for name in told if name.endswith("_minor")]:
        told[name.removesuffix("_minor")] = money.text(int(told.pop(name)), currency)
    return told


def happening(event: models.Event, currency: str, *, care: bool) -> shapes.Happening:
    """Tell of an event."""
    return shapes.Happening(
        event_id=str(event.event_id), sequence=event.pk, account_id=event.account_id,
        kind=event.kind, meaning=KINDS[event.kind].meaning, at=event.at,
        recorded_at=event.recorded_at, by=event.by, currency=currency,
        facts=facts_of(event, currency, care=care),
    )  # fmt: skip


def case(found: models.Case) -> shapes.Case:
    """Tell of a case."""
    account = found.account
    standing: models.Standing | None = getattr(account, "standing", None)
    return shapes.Case(
        case_id=found.pk, account_id=account.pk, customer_id=account.person_id,
        opened_on=found.opened_on, closed_on=found.closed_on, jurisdiction=account.jurisdiction,
        commodity=account.commodity, currency=account.currency,
        as_of=standing.as_of if standing else None,
        balance=money.text(standing.balance_minor, account.currency) if standing else None,
        arrears=money.text(standing.arrears_minor, account.currency) if standing else None,
        days_past_due=standing.days_past_due if standing else None,
        zone=standing.zone if standing else "", stage=standing.stage if standing else "",
        reasons=listed(standing.reasons) if standing else [],
        p_paid_in_full_30d=standing.p_paid_in_full_30d if standing else None,
        p_cure_60d=standing.p_cure_60d if standing else None,
        p_roll_30d=standing.p_roll_30d if standing else None,
    )  # fmt: skip


def promise(found: models.Promise) -> shapes.Promise:
    """Tell of a promise."""
    currency = found.account.currency
    return shapes.Promise(
        promise_id=found.pk, account_id=found.account_id, made_at=found.made_at,
        amount=money.text(found.amount_minor, currency), currency=currency, due_on=found.due_on,
        confirmed=bool(found.confirmed_by), withdrawn_at=found.withdrawn_at,
    )  # fmt: skip


def hold(found: models.Hold) -> shapes.Hold:
    """Tell of a hold."""
    return shapes.Hold(
        hold_id=found.pk, account_id=found.account_id, reason=found.reason,
        starts_at=found.starts_at, until_on=found.until_on, placed_by=found.placed_by,
        released_at=found.released_at,
    )  # fmt: skip


def circumstance(found: models.Circumstance) -> shapes.Circumstance:
    """Tell of a circumstance."""
    return shapes.Circumstance(
        circumstance_id=found.pk, account_id=found.account_id, customer_id=found.person_id,
        kind=found.kind, meaning=CARE.get(found.kind, TAKEN_BACK), starts_on=found.starts_on,
        ends_on=found.ends_on, source=found.source, noted_by=found.noted_by,
        consented_at=found.consented_at, withdrawn_at=found.withdrawn_at,
        review_on=found.review_on,
    )  # fmt: skip


def message(found: Message) -> shapes.Message:
    """Tell of a message."""
    return shapes.Message(
        message_id=found.pk, account_id=found.account_id, decision_id=found.decision_id,
        channel=found.channel, purpose=found.purpose, language=found.language,
        status=found.status, meaning=STATUSES[found.status], reason=found.reason,
        send_after=found.send_after, expires_at=found.expires_at, ended_at=found.ended_at,
        attempts=found.attempts,
    )  # fmt: skip


def decision(found: models.Decision) -> shapes.Decision:
    """Tell of a decision."""
    same = ("account_id", "as_of", "stage", "zone", "strategy", "rule", "arm", "treatment",
            "channel", "tone", "offer", "send_at", "propensity", "defer_until")  # fmt: skip
    return shapes.Decision(
        decision_id=found.pk, reasons=listed(found.reasons), blocked_by=listed(found.blocked_by),
        **{name: getattr(found, name) for name in same},
    )  # fmt: skip


def listed(text: str) -> list[str]:
    """Return reasons one by one.

    Examples:
        >>> listed("paid late twice;no direct debit")
        ['paid late twice', 'no direct debit']
    """
    return [part.strip() for part in text.split(";") if part.strip()]
