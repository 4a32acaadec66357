"""What must hold of messages and of the inbox, looked at on what is really there, every night.

The numbers are those of the design's list. Laws are not judged again here: the guard was asked at
the intent, and its answer lies beside each attempt. Here stands what no setting permits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from tideover.casework.cases.models import Event
from tideover.casework.outreach.inbox.payments import unexplained
from tideover.casework.outreach.inbox.storing import told_of_payment
from tideover.casework.outreach.models import Attempt, WebhookEvent
from tideover.casework.outreach.models.outbox import SENT
from tideover.casework.outreach.outbox.standing import ANSWERS, ASKED_FOR
from tideover.casework.payments.checks import MOST, Finding, money_findings
from tideover.casework.payments.contract import PAYMENT_EVENT
from tideover.casework.payments.models import Payment
from tideover.casework.payments.seeing import APPLIED, DUPLICATE, sums_of

BACK = timedelta(days=8)  # what happened in the last days; older days were looked at before
MOST_A_WEEK = 7  # messages to one person that nobody asked for and no law wants served
WAKES, SLEEPS = 6, 22  # at their place; any rulebook's hours lie inside
AT_ONCE_HEARD = ("sms", "whatsapp", "voice", "push")


def all_findings(now: datetime) -> list[Finding]:
    """Return all that does not hold; nothing where all is well."""
    found = [*money_findings(), *unexplained()]
    for check in (sent_once, with_leave, after_a_stop, too_many, at_night, told_and_not_counted):
        found += [one for one, _ in zip(check(now), range(MOST), strict=False)]
    return found


def sent_once(now: datetime) -> Iterator[Finding]:
    """I8: a provider took each message once."""
    took = Attempt.objects.filter(outcome=SENT, started_at__gte=now - BACK).values("message")
    for row in took.annotate(times=Count("pk")).filter(times__gt=1):
        yield Finding("I8", f"message {row['message']}", "a customer got the same message twice")


def with_leave(now: datetime) -> Iterator[Finding]:
    """I9, I10, I11: nothing was handed over that the guard did not permit then."""
    lately = Attempt.objects.filter(started_at__gte=now - BACK)
    for attempt in lately.filter(evidence__has_key="verdict").exclude(evidence__verdict="allow"):
        yield Finding("I9", f"attempt {attempt.pk}", "a message left that a rule forbids")


def _unasked(now: datetime) -> QuerySet[Attempt]:
    """Return the attempts of the last days that nobody asked for and no law wants served."""
    lately = Attempt.objects.filter(started_at__gte=now - BACK, message__notice="")
    return lately.exclude(message__purpose__in={*ANSWERS, *ASKED_FOR}).select_related(
        "message__account"
    )


def after_a_stop(now: datetime) -> Iterator[Finding]:
    """I9: after a STOP nothing more was begun."""
    stopped: dict[str, datetime] = {}
    rows = Event.objects.filter(kind__in=("opted_out", "opted_in")).order_by("id")
    for account, kind, at, facts in rows.values_list("account_id", "kind", "at", "facts"):
        if kind == "opted_in":
            stopped.pop(account, None)
        elif facts.get("scope", "everything") == "everything":
            stopped[account] = at
    for attempt in _unasked(now).filter(message__account__in=list(stopped)):
        if attempt.started_at > stopped[attempt.message.account_id]:
            yield Finding("I9", f"attempt {attempt.pk}", "somebody was written to after a STOP")


def too_many(now: datetime) -> Iterator[Finding]:
    """I10: in no week was anybody written to more often than any rulebook permits."""
    times: dict[str, list[datetime]] = defaultdict(list)
    for attempt in _unasked(now).filter(number=1).order_by("started_at"):
        times[attempt.message.account.person_id].append(attempt.started_at)
    for of_one in times.values():
        if _most_in_a_week(of_one) > MOST_A_WEEK:
            yield Finding("I10", f"{len(of_one)} messages", "one person was written to too often")


def _most_in_a_week(times: Sequence[datetime]) -> int:
    week = timedelta(days=7)
    return max(sum(at <= other < at + week for other in times) for at in times)


def at_night(now: datetime) -> Iterator[Finding]:
    """I11: nothing that is heard at once left at night, at the customer's place."""
    for attempt in _unasked(now).filter(message__channel__in=AT_ONCE_HEARD):
        local = attempt.started_at.astimezone(ZoneInfo(attempt.message.account.timezone))
        if not WAKES <= local.hour < SLEEPS:
            yield Finding("I11", f"attempt {attempt.pk}", "somebody's telephone rang at night")


def told_and_not_counted(now: datetime) -> Iterator[Finding]:
    """I5, I12: what the inbox was told of a payment is in its sums, in whatever order it came."""
    taken = WebhookEvent.objects.filter(
        kind=PAYMENT_EVENT, received_at__gte=now - BACK, result__in=(APPLIED, DUPLICATE)
    )
    for row in taken.iterator():
        said = told_of_payment(row).snapshot
        if said is None:  # its provider was asked, and the answer is not kept
            continue
        one = Q(provider_id=said.provider_id) | Q(pk=said.payment_id)
        mine = Payment.objects.filter(one, provider=row.provider).first()
        if mine is None or sums_of(mine) != sums_of(mine).grown(said):
            yield Finding("I12", f"webhook {row.pk}", "money was told of and is not in the ledger")
