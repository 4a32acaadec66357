"""Why nothing may leave to an account at all, before the law is even asked."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from tideover.casework.cases.models import OpenDebit, Standing
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.outbox.known import Known, LastNight
from tideover.casework.outreach.outbox.since import UpToDate
from tideover.casework.outreach.outbox.waiting import Waiting
from tideover.casework.outreach.portal_mail import CODE, LINK
from tideover.casework.outreach.reminding import CARE
from tideover.rules.care.kinds import said_as
from tideover.rules.message import BEFORE_DUE

# About what the customer agreed to, shortly before its day.
REMINDERS = ("plan_reminder", "promise_reminder")
ANSWERS = ("opt_out_confirmation", *REMINDERS)  # to what the customer asked for
ASKED_FOR = ("opt_out_confirmation", LINK, CODE)  # by the customer, just now
NO_MORE, NOWHERE = "the customer wants no messages", "the address leads nowhere"


def standing_reason(message: Waiting, known: Known, true_now: UpToDate) -> str:
    """Return why a message may not leave as the account stands; empty where it may be asked about.

    A payment that we saw first holds outreach at once, long before the export tells of it.
    """
    reachable = message.point is not None and message.point.failed_at is None
    if message.purpose in ASKED_FOR:
        return "" if reachable else NOWHERE
    reason = account_reason(known, true_now, purpose=message.purpose)
    if reason and not (message.notice and reason == NO_MORE):
        return reason
    if message.notice:  # whether what the law wants served may leave, the guard says
        return "" if reachable else NOWHERE
    if message.channel in true_now.opted_out:
        return NO_MORE
    if not reachable:
        return NOWHERE
    if message.point is not None and message.point.consent == "withdrawn":
        return "the customer withdrew consent"
    return ""


def account_reason(known: Known, true_now: UpToDate, *, purpose: str) -> str:
    """Return why nobody is to be written to about an account at all, whatever the channel."""
    if known.standing is None:
        return "no night has published this account"
    if purpose == CARE:  # it asks for nothing, and may keep somebody's supply on
        return NO_MORE if "everything" in true_now.opted_out else _people_first(true_now)
    if known.holds:
        return f"on hold: {known.holds[0]}"
    if "everything" in true_now.opted_out:
        return NO_MORE
    if looked_at := _people_first(true_now):
        return looked_at
    paid = true_now.paid_minor
    owed = known.standing.balance_minor - paid
    if purpose != BEFORE_DUE:
        owed = min(owed, _past_due_minor(known.standing) - paid)
    if owed <= 0:
        return "nothing is owed any more"
    if true_now.planned and purpose not in ANSWERS:
        return "a payment plan was agreed"
    return ""


def _people_first(true_now: UpToDate) -> str:
    if not true_now.calls_for_care:
        return ""
    return f"people look at this first: {said_as(true_now.calls_for_care[0], may_see=False)}"


def _past_due_minor(standing: LastNight) -> int:
    """Return what is past due since the night: its arrears, or what fell due on its very day."""
    if standing.arrears_minor:
        return standing.arrears_minor
    due = OpenDebit.objects.filter(account=standing.account_id, due_on__lte=standing.as_of)
    return due.aggregate(unpaid=Sum("unpaid_minor"))["unpaid"] or 0


def about_nothing_owed(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Return of messages those that are about money no longer owed, as `account_reason` asks it.

    What was paid since the night is left aside: whatever waits heeds it at once.
    """
    owing = Standing.objects.filter(pk=OuterRef("account_id"), balance_minor__gt=0)
    due = OpenDebit.objects.filter(account=OuterRef("pk"), due_on__lte=OuterRef("as_of"))
    fell_due = Q(arrears_minor=0) & Exists(due.filter(unpaid_minor__gt=0))
    late = owing.filter(Q(arrears_minor__gt=0) | fell_due)
    early = Q(purpose=BEFORE_DUE) & Exists(owing)
    return messages.exclude(early | Exists(late) | Q(purpose__in=(CARE, *ASKED_FOR)))
