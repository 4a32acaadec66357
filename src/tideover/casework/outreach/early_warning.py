"""Early signalling: whom the municipality may be told of, so that it can offer help with debts.

In the Netherlands a supplier of energy or water tells the municipality of customers who fall
behind, without their consent, after it has reminded them, tried to reach them and offered a plan.
The guard says of whom; what is told is a name, ways to reach them, a number and an amount.

Source:
    Wet gemeentelijke schuldhulpverlening art. 3 lid 1 onder b (rule NL-WGS-SHARE).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Prefetch

from tideover.casework.bulk import Many
from tideover.casework.cases.ledger import Entry, entry, record_all
from tideover.casework.cases.models import Account, ContactPoint, Event, Standing
from tideover.casework.outreach.outbox.known import Known, known_of
from tideover.casework.outreach.outbox.law import GuardLaw
from tideover.casework.outreach.outbox.since import UpToDate, brought_up_to_date
from tideover.casework.outreach.outbox.standing import account_reason
from tideover.terms.money import MINOR_DIGITS

PLACE, RECIPIENT = "NL", "municipality"
FIELDS = ("contact_details", "customer_number", "debt_amount")
SHARING = {"type": "share_data", "recipient": RECIPIENT, "fields": list(FIELDS)}
_REACHED = {"address": ("letter",), "phone": ("sms", "voice", "whatsapp"), "email": ("email",)}
AGAIN_AFTER = timedelta(days=28)  # municipalities take signals in once a month
_AT_ONCE = 500


@dataclass(frozen=True)
class Signal:
    """What a municipality is told of one customer, and no more.

    Args:
        reached_at: Their addresses, as the file's columns are called.
    """

    account_id: str
    area_code: str
    name: str
    postcode: str
    reached_at: Mapping[str, str]
    amount_minor: int
    currency: str


@dataclass
class Signalled:
    """Whom the municipality is told of, and by which rules it is not told of others."""

    signals: list[Signal] = field(default_factory=list)
    not_yet: Counter[str] = field(default_factory=Counter)


def signalled(law: GuardLaw, now: datetime, by: str) -> Signalled:
    """Return whom the municipality may be told of now, and write down that it was.

    Call it in a transaction that ends once the signals lie where they should.

    Args:
        by: Who tells it; the ledger keeps the name.
    """
    found, told = Signalled(), list[Entry]()
    for known, account in _behind(now):
        true_now = _true_now(known)
        # as before a message: who disputes, has paid or needs care is left in peace
        reason = account_reason(known, true_now, purpose="early_warning")
        if not reason:
            ruling = law.permits(true_now.situation, known, [SHARING], now)
            reason = "" if ruling.allowed else ";".join(ruling.blocking) or "not at this time"
        if reason:
            found.not_yet[reason] += 1
        else:
            found.signals.append(_signal(known, true_now, account))
            told.append(entry(known.pk, "data_shared", at=now, by=by,
                              facts={"recipient": RECIPIENT, "fields": list(FIELDS)}))  # fmt: skip
    record_all(told)
    found.signals.sort(key=lambda one: (one.area_code, one.account_id))
    return found


def _behind(now: datetime) -> Iterator[tuple[Known, Account]]:
    """Yield what is known of accounts past due that were not told of lately."""
    lately = Event.objects.filter(
        kind="data_shared", at__gt=now - AGAIN_AFTER, facts__recipient=RECIPIENT
    )
    behind = Standing.objects.filter(
        account__jurisdiction=PLACE, arrears_minor__gt=0
    ).exclude(pk__in=lately.values("account_id"))  # fmt: skip
    rows = iter(behind.order_by("pk").values_list("pk", "account__person_id"))
    while some := dict(islice(rows, _AT_ONCE)):
        known = known_of(set(some.values()), now)
        accounts = _with_addresses(some)
        yield from ((known[pk], accounts[pk]) for pk in some if known[pk].person.name)


def _with_addresses(accounts: Collection[str]) -> dict[str, Account]:
    """Return accounts with their people, and the addresses these are reached at."""
    reached = Prefetch("person__points", to_attr="reached",
                       queryset=ContactPoint.objects.filter(failed_at=None)
                       .order_by("-preferred", "pk"))  # fmt: skip
    rows = Account.objects.filter(pk__among=Many(accounts)).select_related("person")
    return {one.pk: one for one in rows.prefetch_related(reached)}


def _true_now(known: Known) -> UpToDate:
    situation = dict(known.standing.situation) if known.standing else {}
    now = brought_up_to_date(situation, known.happened, 10 ** MINOR_DIGITS[known.currency],
                             paid_before_minor=known.paid_before_minor)  # fmt: skip
    return replace(now, opted_out=frozenset())  # who wants no messages may need help all the same


def _signal(known: Known, true_now: UpToDate, account: Account) -> Signal:
    assert known.standing is not None
    owed = known.standing.arrears_minor - true_now.paid_minor
    person: Any = account.person
    return Signal(
        account.pk, account.area_code, str(person.name), str(person.postcode),
        {name: _first(person.reached, channels) for name, channels in _REACHED.items()},
        owed, account.currency,
    )  # fmt: skip


def _first(points: Sequence[Any], channels: Sequence[str]) -> str:
    found = (str(point.address) for point in points if point.channel in channels)
    return next(found, "")
