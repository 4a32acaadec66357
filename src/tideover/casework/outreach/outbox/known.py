"""All that is known of the accounts of some messages, read inside the transaction of the intent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from tideover.casework.cases.models import Account, Event, Hold, Standing
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.models.outbox import CLAIMED, QUEUED, SENDING
from tideover.casework.outreach.outbox.since import UNHEARD, Happening
from tideover.casework.payments.books import pending_minor
from tideover.casework.payments.paying import OURS


@dataclass
class Known:
    """What is known of one account.

    Args:
        happened: What the night's situation does not hold yet, oldest first, of all accounts of
            the same person.
        holds: Reasons of holds in force.
        household: What is known of every account of the same person, this one among them.
        paid_before_minor: What was paid before `happened` begins and the export has not brought.
    """

    account: Account
    standing: Standing | None
    happened: list[Happening] = field(default_factory=list)
    holds: list[str] = field(default_factory=list)
    household: list[Known] = field(default_factory=list, repr=False)
    paid_before_minor: int = 0


def known_of(
    people: Collection[str], now: datetime, *, but: Sequence[int] = ()
) -> dict[str, Known]:
    """Return what is known of all accounts of some people; their rows are locked until the commit.

    Accounts of one person are locked together, in order, for they share what may be sent.

    Args:
        but: Messages that do not count as leaving: those that this is about.
    """
    accounts = {
        account.pk: account
        for account in Account.objects.select_for_update(no_key=True, of=("self",))
        .filter(person__in=people)
        .select_related("person__wish")
        .prefetch_related("open_debits")
        .order_by("pk")
    }
    of_person: dict[str, list[str]] = defaultdict(list)
    for account in accounts.values():
        of_person[account.person_id].append(account.pk)
    standings = {
        found.pk: found
        for found in Standing.objects.filter(pk__in=accounts).prefetch_related("night")
    }
    known = {pk: Known(account, standings.get(pk)) for pk, account in accounts.items()}
    for theirs in of_person.values():
        household = [known[pk] for pk in theirs]
        for one in household:
            one.household = household
    _add_events(known, of_person, accounts)
    _add_paid(known)
    in_force = Q(released_at__isnull=True, starts_at__lte=now) & (
        Q(until_on__isnull=True) | Q(until_on__gte=now.date())
    )
    for hold in Hold.objects.filter(in_force, account__in=accounts):
        known[hold.account_id].holds.append(hold.reason)
    _add_leaving(known, of_person, accounts, but)
    return known


def _add_events(
    known: dict[str, Known], of_person: dict[str, list[str]], accounts: dict[str, Account]
) -> None:
    """Add what happened since the lake last heard of it; a person's accounts hear of each other."""
    through = {pk: k.standing.night.journal_through for pk, k in known.items() if k.standing}
    least = min(through.values(), default=0)
    rows = Event.objects.filter(account__in=accounts, id__gt=least, kind__in=UNHEARD)
    for event in rows.order_by("at", "id"):
        for pk in of_person[accounts[event.account_id].person_id]:
            if event.id > through.get(pk, 0):
                known[pk].happened.append(
                    Happening(event.kind, event.at, event.facts, own=pk == event.account_id)
                )


def _add_paid(known: dict[str, Known]) -> None:
    """Add what the ledger of money holds and neither the night nor the events since it do."""
    for pk, pending in pending_minor(list(known)).items():
        told = {"paid": 1, "payment_reversed": -1}
        since = sum(
            told.get(one.kind, 0) * int(one.facts["amount_minor"])
            for one in known[pk].happened
            if one.own and str(one.facts.get("payment_id", "")).startswith(OURS)
        )
        known[pk].paid_before_minor = max(pending - since, 0)


def _add_leaving(
    known: dict[str, Known], of_person: dict[str, list[str]], accounts: dict[str, Account],
    but: Sequence[int],
) -> None:  # fmt: skip
    """Add what is being handed over by others, or may have arrived and is tried again: sent."""
    perhaps = Q(status=SENDING) | Q(status__in=(QUEUED, CLAIMED), first_try_at__isnull=False)
    leaving = Message.objects.filter(perhaps, account__in=accounts).exclude(pk__in=but)
    for message in leaving:
        for pk in of_person[accounts[message.account_id].person_id]:
            known[pk].happened.append(contact_of(message, own=pk == message.account_id))


def contact_of(message: Message, *, own: bool) -> Happening:
    """Return a message that leaves now as something that happened."""
    facts = {"channel": message.channel, "purpose": message.purpose, "notice": message.notice}
    return Happening("contacted", message.first_try_at or message.send_after, facts, own=own)
