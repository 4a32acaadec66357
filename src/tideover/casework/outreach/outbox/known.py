"""All that is known of the accounts of some messages, read inside the transaction of the intent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import DateField, DateTimeField, Q

from tideover.casework.bulk import Many
from tideover.casework.cases.caring import kinds_of, with_kind
from tideover.casework.cases.models import Account, Event, Hold, OpenDebit, Person, Standing
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.models.calls import PERSON
from tideover.casework.outreach.models.outbox import CLAIMED, QUEUED, SENDING
from tideover.casework.outreach.outbox.since import UNHEARD, Happening
from tideover.casework.outreach.outbox.waiting import AnyMessage
from tideover.casework.payments.books import pending_minor
from tideover.casework.payments.owed import moved_minor, unknown_minor
from tideover.casework.prepared import Prepared

_OF_ACCOUNT = ("pk", "person_id", "currency", "jurisdiction", "timezone", "commodity",
               "facts_version")  # fmt: skip
_OF_PERSON = ("name", "wish__named", "wish__language", "wish__hour")
_OF_NIGHT = ("account_id", "as_of", "balance_minor", "arrears_minor", "situation",
             "night__journal_through")  # fmt: skip


class Addressed(NamedTuple):
    """How a person is addressed: by the export, and as they wished themselves, where they did."""

    name: str | None = ""
    wished_name: str | None = None
    wished_language: str | None = None
    wished_hour: str | None = None


class LastNight(NamedTuple):
    """What the last night says of an account."""

    account_id: str
    as_of: date
    balance_minor: int
    arrears_minor: int
    situation: Mapping[str, Any]
    journal_through: int


class Debit(NamedTuple):
    """A debit with an unpaid part."""

    issued_on: date
    due_on: date
    unpaid_minor: int


@dataclass
class Known:
    """What is known of one account.

    Args:
        unpaid: Its oldest debit with an unpaid part.
        happened: What the night's situation does not hold yet, oldest first, of all accounts of
            the same person.
        holds: Reasons of holds in force.
        household: What is known of every account of the same person, this one among them.
        paid_before_minor: What came in before `happened` begins and the night does not know of;
            below zero where the export brought already what `happened` tells.
    """

    pk: str
    person_id: str
    currency: str
    jurisdiction: str
    timezone: str
    commodity: str
    facts_version: int
    person: Addressed = field(default_factory=Addressed)
    standing: LastNight | None = None
    unpaid: Debit | None = None
    happened: list[Happening] = field(default_factory=list)
    holds: list[str] = field(default_factory=list)
    household: list[Known] = field(default_factory=list, repr=False)
    paid_before_minor: int = 0


_ACCOUNTS = Prepared(
    lambda people: Account.objects.filter(person__among=people).order_by("pk")
    .select_for_update(no_key=True).values_list(*_OF_ACCOUNT)
)  # fmt: skip
_PEOPLE = Prepared(
    lambda people: Person.objects.filter(pk__among=people).values_list("pk", *_OF_PERSON)
)
_STANDINGS = Prepared(
    lambda accounts: Standing.objects.filter(pk__among=accounts).values_list(*_OF_NIGHT)
)
_DEBITS = Prepared(
    lambda accounts: OpenDebit.objects.filter(account__among=accounts, unpaid_minor__gt=0)
    .order_by("-due_on", "-pk").values_list("account_id", *Debit._fields)
)  # fmt: skip
_HOLDS = Prepared(
    lambda accounts, now, today: Hold.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=today), account__among=accounts,
        released_at__isnull=True, starts_at__lte=now,
    ).values_list("account_id", "reason"), now=DateTimeField(), today=DateField(),
)  # fmt: skip
_EVENTS = Prepared(
    lambda accounts, least: Event.objects.filter(
        account__among=accounts, id__gt=least, kind__in=UNHEARD
    ).order_by("at", "id").values_list("id", "account_id", "kind", "at", "facts")
)  # fmt: skip


def known_of(
    people: Collection[str], now: datetime, *, but: Collection[int] = ()
) -> dict[str, Known]:
    """Return what is known of all accounts of some people; their rows are locked until the commit.

    Accounts of one person are locked together, in order, for they share what may be sent.

    Args:
        but: Messages that do not count as leaving: those that this is about.
    """
    known = {row[0]: Known(*row) for row in _ACCOUNTS.rows(people=Many(people))}
    of_person: dict[str, list[Known]] = defaultdict(list)
    for one in known.values():
        of_person[one.person_id].append(one)
        one.household = of_person[one.person_id]
    for pk, *named in _PEOPLE.rows(people=Many(people)):
        for one in of_person[pk]:
            one.person = Addressed(*named)
    accounts = Many(known)
    for row in _STANDINGS.rows(accounts=accounts):
        known[row[0]].standing = LastNight(*row)
    for pk, issued_on, due_on, unpaid in _DEBITS.rows(accounts=accounts):
        known[pk].unpaid = Debit(issued_on, due_on, unpaid)
    for pk, reason in _HOLDS.rows(accounts=accounts, now=now, today=now.date()):
        known[pk].holds.append(reason)
    _add_events(known)
    _add_paid(known)
    _add_leaving(known, but)
    return known


def _add_events(known: Mapping[str, Known]) -> None:
    """Add what happened since the lake last heard of it; a person's accounts hear of each other."""
    least = min((k.standing.journal_through for k in known.values() if k.standing), default=0)
    found = _EVENTS.rows(accounts=Many(known), least=least)
    unsaid = kinds_of([facts for *_, facts in found])
    for number, pk, kind, at, told in found:
        facts = with_kind(told, unsaid)
        for one in known[pk].household:
            if number > (one.standing.journal_through if one.standing else 0):
                one.happened.append(Happening(kind, at, facts, own=one.pk == pk))


def _add_paid(known: Mapping[str, Known]) -> None:
    """Add what was paid besides what happened since, so that both are what `owed` takes off."""
    pending = pending_minor(list(known))
    for pk, one in known.items():
        own = [(each.kind, each.facts) for each in one.happened if each.own]
        one.paid_before_minor = unknown_minor(pending.get(pk, 0), own) - moved_minor(own)


def _add_leaving(known: Mapping[str, Known], but: Collection[int]) -> None:
    """Add what is being handed over by others, or may have arrived and is tried again: sent."""
    perhaps = Q(status=SENDING) | Q(status__in=(QUEUED, CLAIMED), first_try_at__isnull=False)
    for message in Message.objects.filter(perhaps, account__among=Many(known)):
        if message.pk not in but:
            for one in known[message.account_id].household:
                one.happened.append(contact_of(message, own=one.pk == message.account_id))


def contact_of(message: AnyMessage, *, own: bool) -> Happening:
    """Return a message that leaves now as something that happened."""
    facts = {"channel": message.channel, "purpose": message.purpose, "notice": message.notice,
             "automated": message.provider != PERSON}  # fmt: skip
    return Happening("contacted", message.first_try_at or message.send_after, facts, own=own)
