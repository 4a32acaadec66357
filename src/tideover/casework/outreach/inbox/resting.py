"""Until somebody has read what a customer wrote nothing is sent; what it promises is proposed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from tideover.casework.cases import deeds
from tideover.casework.cases.deeds import Doing
from tideover.casework.cases.models import Hold, Standing
from tideover.casework.outreach.models import Inbound

UNREAD = "reply"  # the reason of such a hold
READ_WITHIN = timedelta(days=7)  # then outreach goes on, but not where somebody may be in danger
WILL_PAY = "will_pay"


def rest_until_read(reply: Inbound, since: datetime) -> None:
    """Take back what is queued for whoever wrote, and send nothing until a person has read it.

    A promise that was read out of it is proposed; where it names no sum it is of all that is past
    due.

    Args:
        since: When it was known whose it is: as it came in, or as a person said so.
    """
    account_id = str(reply.account_id)
    doing = Doing(account_id, "reply", since)
    until = None if reply.danger else since.date() + READ_WITHIN
    as_long = Q(until_on=None) if until is None else Q(until_on=None) | Q(until_on__gte=until)
    if not _holds(account_id).filter(as_long).exists():
        deeds.hold(doing, reason=UNREAD, until_on=until)
    amount = reply.amount_minor or _past_due_minor(account_id)
    due_on = reply.promise_on
    if reply.intent == WILL_PAY and amount and due_on and due_on >= doing.at.date():
        deeds.promise(doing, amount_minor=amount, due_on=due_on, confirmed=False)


def let_go_on(doing: Doing) -> None:
    """Let outreach go on once every reply of an account was read."""
    unread = Inbound.objects.filter(account=doing.account_id, to_person=True, confirmed_at=None)
    if not unread.exists():
        for held in _holds(doing.account_id):
            deeds.release(doing, held.pk)


def _holds(account_id: str) -> QuerySet[Hold]:
    return Hold.objects.filter(account=account_id, reason=UNREAD, released_at=None)


def _past_due_minor(account_id: str) -> int:
    standing = Standing.objects.filter(pk=account_id).first()
    return standing.arrears_minor if standing else 0
