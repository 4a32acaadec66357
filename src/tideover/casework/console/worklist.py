"""The worklist: what needs a person, and why. No names and no texts: those are a page further.

Each kind of work is a query for the cases that the visitor may see: what has waited longest comes
first, and of calls and proposals those who owe most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case as Either
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.urls import reverse

from tideover.casework.access.permissions import may
from tideover.casework.access.scope import in_scope
from tideover.casework.cases.asking import ASKED
from tideover.casework.cases.deeds import CARE, HOLD_REASONS
from tideover.casework.cases.models import (
    Case,
    Circumstance,
    ContactPoint,
    Decision,
    Event,
    Hold,
    Promise,
    Request,
)
from tideover.casework.console import care_work
from tideover.casework.console.words import because, channel, meaning, money, plain
from tideover.casework.outreach.call_list import on_the_list
from tideover.casework.outreach.models import Inbound, Message, TextVersion
from tideover.casework.outreach.models.outbox import UNKNOWN
from tideover.casework.payments.models import SettlementDifference
from tideover.rules.care.kinds import said_as
from tideover.rules.left_to_people import DISCONNECTION, QUIET, TRAINED_ONLY

MOST = 50  # of a kind, on one page
A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Task:
    """One thing that needs a person."""

    what: str
    why: str
    since: datetime | date | None
    url: str
    urgent: bool = False


@dataclass(frozen=True)
class Section:
    """Tasks of one kind, and how many there are in all."""

    kind: str
    title: str
    tasks: list[Task]
    count: int

    @property
    def more(self) -> int:
        """Return how many are not shown."""
        return self.count - len(self.tasks)


@dataclass(frozen=True)
class Kind:
    """A kind of work: which rows it is, and how a row reads."""

    title: str
    rows: Callable[[Any, datetime], QuerySet[Any]]
    task: Callable[[Any], Task]
    page: str = "console:case"


def sections(user: Any, roles: frozenset[str], now: datetime, only: str = "") -> list[Section]:
    """Return what needs a person, by kind; kinds with nothing to do are left out."""
    return [
        section
        for name, kind in KINDS.items()
        if only in ("", name) and may(kind.page, roles)
        for section in _section(name, kind, kind.rows(user, now))
    ]


def _section(name: str, kind: Kind, rows: QuerySet[Any]) -> Iterator[Section]:
    count = rows.count()
    if count:
        yield Section(name, kind.title, [kind.task(row) for row in rows[:MOST]], count)


# --- which rows --------------------------------------------------------------------------------

NEWEST_CASE = Subquery(
    Case.objects.filter(account=OuterRef("account_id")).order_by("-opened_on").values("pk")[:1]
)


def _with_case(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Return rows of accounts the visitor may see, each with its case."""
    mine = rows.filter(in_scope(user, to="account"))
    found: QuerySet[Any] = mine.annotate(case=NEWEST_CASE).exclude(case=None)
    return found


def _replies(user: Any, now: datetime) -> QuerySet[Any]:
    waiting = Inbound.objects.filter(to_person=True, confirmed_at=None)
    mine = in_scope(user, to="account")
    urgent = Either(When(danger=True, then=0), default=1)
    return waiting.filter(mine).annotate(rank=urgent).order_by("rank", "received_at")


def _promises(user: Any, now: datetime) -> QuerySet[Any]:
    proposed = Promise.objects.filter(confirmed_by="", withdrawn_at=None)
    return _with_case(proposed.select_related("account"), user).order_by("made_at")


def _asked(user: Any, now: datetime) -> QuerySet[Any]:
    return _with_case(Request.objects.filter(answered_at=None), user).order_by("asked_at")


def _unknown(user: Any, now: datetime) -> QuerySet[Any]:
    return _with_case(Message.objects.filter(status=UNKNOWN), user).order_by("-first_try_at")


def _addresses(user: Any, now: datetime) -> QuerySet[Any]:
    case = Case.objects.filter(
        in_scope(user, to="account"), account__person=OuterRef("person_id"), closed_on=None
    )
    found = ContactPoint.objects.filter(failed_at__isnull=False)
    return (
        found.annotate(case=Subquery(case.values("pk")[:1]),
                       account_id=Subquery(case.values("account_id")[:1]))
        .exclude(case=None).order_by("-failed_at")
    )  # fmt: skip


def _left_to_people(user: Any, now: datetime, *, peace: timedelta = timedelta()) -> QuerySet[Any]:
    """Return decisions of the last month about which nobody has called since, nor for some time.

    Those come first who owe most.
    """
    lately = Q(at__date__gte=OuterRef("as_of")) | Q(at__gte=now - peace)
    called = Event.objects.filter(lately, account=OuterRef("account_id"), kind="called")
    newer = Decision.objects.filter(account=OuterRef("account_id"), as_of__gt=OuterRef("as_of"))
    recent = Decision.objects.filter(as_of__gte=now.date() - timedelta(days=31))
    found = _with_case(recent.exclude(Exists(newer)).exclude(Exists(called)), user)
    owing = found.annotate(owed=F("account__standing__arrears_minor")).select_related("account")
    first: QuerySet[Any] = owing.order_by(F("owed").desc(nulls_last=True), "account_id")
    return first


def _calls(user: Any, now: datetime) -> QuerySet[Any]:
    quiet = Q(treatment__in=QUIET) | Q(treatment__contains=DISCONNECTION)
    for_people = Q(arm="none", channel="", blocked_by__in=("", TRAINED_ONLY)) & ~quiet
    # of a drawn call only what the guard let onto the call list; without a message it has no number
    listed = Q(message=None) | Q(message__in=on_the_list(now).values("pk"))
    found = _left_to_people(user, now, peace=A_WEEK)
    return found.filter(Q(channel="voice") & listed | for_people)


def _disconnections(user: Any, now: datetime) -> QuerySet[Any]:
    return _left_to_people(user, now).filter(treatment__contains=DISCONNECTION)


def _holds(user: Any, now: datetime) -> QuerySet[Any]:
    """Return holds without an end, and those that end within two days."""
    soon = now.date() + timedelta(days=2)
    standing = Hold.objects.filter(released_at=None)
    ending = Q(until_on__isnull=True) | Q(until_on__range=(now.date(), soon))
    return _with_case(standing.filter(ending), user).order_by("starts_at")


def _care(user: Any, now: datetime) -> QuerySet[Any]:
    """Return circumstances noted in the last fortnight, still in force."""
    today = now.date()
    fresh = Circumstance.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), account__isnull=False,
        starts_on__gte=today - timedelta(days=14), withdrawn_at=None,
    )  # fmt: skip
    return _with_case(fresh, user).order_by("-starts_on")


def _settlements(user: Any, now: datetime) -> QuerySet[Any]:
    return SettlementDifference.objects.order_by("since", "pk")


def _texts(user: Any, now: datetime) -> QuerySet[Any]:
    return TextVersion.objects.filter(approver="").exclude(
        author=user.get_username()
    ).order_by("name", "number").annotate(since=F("written_at"))  # fmt: skip


# --- how a row reads -----------------------------------------------------------------------------


def _case(row: Any) -> str:
    return reverse("console:case", args=[row.case])


def _reply_task(row: Any) -> Task:
    seems = meaning(row.intent).lower() if row.intent else "nobody could say"
    return Task(
        row.account_id or "sender unknown",
        f"Replied by {channel(row.channel)}; it reads as: {seems} ({row.confidence:.0%} sure)",
        row.received_at, reverse("console:reply", args=[row.pk]), row.danger,
    )  # fmt: skip


def _promise_task(row: Any) -> Task:
    amount = money(row.amount_minor, row.account.currency)
    why = f"Seems to promise {amount} by {row.due_on:%-d %B}"
    return Task(row.account_id, why, row.made_at, _case(row))


def _asked_task(row: Any) -> Task:
    urgent = row.kind in ("hardship", "wrong_person")
    return Task(row.account_id, ASKED.get(row.kind, plain(row.kind)), row.asked_at, _case(row),
                urgent)  # fmt: skip


def _unknown_task(row: Any) -> Task:
    why = f"Perhaps sent by {channel(row.channel)}; it is not repeated by itself"
    return Task(row.account_id, why, row.first_try_at, _case(row))


def _address_task(row: Any) -> Task:
    why = f"The {channel(row.channel)} address leads nowhere"
    return Task(row.account_id, why, row.failed_at, _case(row))


def _decision_task(row: Any) -> Task:
    owed = f"; {money(row.owed, row.account.currency)} in arrears" if row.owed else ""
    why = plain(row.treatment).capitalize() + (f": {because(row.reasons)}" if row.reasons else "")
    return Task(row.account_id, why + owed, row.as_of, _case(row))


def _hold_task(row: Any) -> Task:
    ends = f"ends {row.until_on:%-d %B}" if row.until_on else "has no end"
    why = f"{HOLD_REASONS.get(row.reason, row.reason)}; the hold {ends}"
    return Task(row.account_id, why, row.starts_at, _case(row))


def _care_task(row: Any) -> Task:
    kind = said_as(row.kind, may_see=False)
    why = f"{CARE.get(kind, kind.capitalize())}: see whether what is planned still fits"
    return Task(row.account_id, why, row.starts_on, _case(row))


def _review_task(row: Any) -> Task:
    return Task(row.account_id, care_work.why_review(row), row.review_on, _case(row))


def _agreement_task(row: Any) -> Task:
    why = "Look at the agreement on hardship again, with the customer"
    return Task(row.account_id, why, row.review_on, _case(row))


def _sign_task(row: Any) -> Task:
    why = "A plan or promises did not work out: ask how it is going"
    return Task(row.account_id, why, row.opened_on, _case(row))


def _settlement_task(row: Any) -> Task:
    why = f"{row.what.capitalize()}: {money(row.amount_minor, row.currency)}"
    return Task(f"{row.provider} {row.where}", why, row.since, reverse("console:settlements"))


def _text_task(row: Any) -> Task:
    return Task(f"{row.name} {row.number}", "Nobody but its author has read this text", row.since,
                reverse("console:text", args=[row.pk]))  # fmt: skip


KINDS = {
    "replies": Kind("Replies to read", _replies, _reply_task),
    "asked": Kind("What customers ask", _asked, _asked_task),
    "promises": Kind("Promises to confirm", _promises, _promise_task),
    "disconnections": Kind("Proposals to look at the whole case", _disconnections, _decision_task),
    "calls": Kind("Calls to make", _calls, _decision_task),
    "care": Kind("Newly calls for care", _care, _care_task),
    "reviews": Kind("To look at again with the customer",
                    lambda user, now: _with_case(care_work.reviews(now), user), _review_task),
    "agreements": Kind("Agreements on hardship to look at again",
                       lambda user, now: _with_case(care_work.agreements(now), user),
                       _agreement_task),
    "signs": Kind("Signs to ask about",
                  lambda user, now: _with_case(care_work.signs(now), user), _sign_task),
    "unknown": Kind("Messages that may have been sent", _unknown, _unknown_task),
    "addresses": Kind("Addresses that lead nowhere", _addresses, _address_task),
    "holds": Kind("Holds to look at again", _holds, _hold_task),
    "settlements": Kind(
        "Money that does not agree", _settlements, _settlement_task, page="console:settlements"
    ),
    "texts": Kind("Texts to approve", _texts, _text_task, page="console:text_approve"),
}  # fmt: skip
