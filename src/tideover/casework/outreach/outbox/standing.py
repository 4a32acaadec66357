"""Why nothing may leave to an account at all, before the law is even asked."""

from __future__ import annotations

from tideover.casework.outreach.models import Message
from tideover.casework.outreach.outbox.known import Known
from tideover.casework.outreach.outbox.since import UpToDate

# Answers to what the customer asked for; they ask for nothing.
ANSWERS = ("opt_out_confirmation", "plan_reminder")


def standing_reason(message: Message, known: Known, true_now: UpToDate) -> str:
    """Return why a message may not leave as the account stands; empty where it may be asked about.

    A payment that we saw first holds outreach at once, long before the export tells of it.
    """
    if message.purpose == "opt_out_confirmation":
        return "" if _reachable(message) else "the address leads nowhere"
    if known.standing is None:
        return "no night has published this account"
    if known.holds:
        return f"on hold: {known.holds[0]}"
    if true_now.opted_out & {"everything", message.channel}:
        return "the customer wants no messages"
    if true_now.calls_for_care:
        return f"people look at this first: {true_now.calls_for_care[0]}"
    owed = known.standing.balance_minor - true_now.paid_minor
    if message.purpose != "before_due":
        owed = min(owed, known.standing.arrears_minor - true_now.paid_minor)
    if owed <= 0:
        return "nothing is owed any more"
    if true_now.planned and message.purpose not in ANSWERS:
        return "a payment plan was agreed"
    if not _reachable(message):
        return "the address leads nowhere"
    if message.point is not None and message.point.consent == "withdrawn":
        return "the customer withdrew consent"
    return ""


def _reachable(message: Message) -> bool:
    return message.point is not None and message.point.failed_at is None
