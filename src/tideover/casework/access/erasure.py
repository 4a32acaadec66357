"""One person is erased: their name, addresses and every text. What is owed and what was done stays.

The ledger keeps its events and sums, and attempts keep the guard's evidence: both name accounts by
ids alone. Whoever wanted no messages is remembered by the mark of the address.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from urllib.parse import quote, quote_plus

from django.db import connection, transaction

from tideover.casework.cases.keys import Column
from tideover.casework.cases.models import (
    Account,
    Circumstance,
    ContactPoint,
    Erasure,
    Event,
    Evidence,
    Note,
    Person,
    Standing,
    Suppression,
    Wish,
)
from tideover.casework.outreach import mailbox
from tideover.casework.outreach.call_list import take_off
from tideover.casework.outreach.models import CallTask, Inbound, Message, PortalLink, WebhookEvent
from tideover.casework.payments.models import BankLine
from tideover.terms.faults import Usage

ERASED = "the person was erased"
# What else has to go, by the keys of messages: whoever keeps texts elsewhere adds a way.
also: list[Callable[[list[str]], None]] = [mailbox.forget]
# And by the ids of accounts, inside the transaction.
of_accounts: list[Callable[[list[str]], None]] = []


def erase(customer_id: str, *, by: str, at: datetime) -> None:
    """Erase a person, in one transaction; files of theirs go once it is committed.

    Raises:
        Usage: Nobody here has this id.
    """
    if connection.vendor == "sqlite":  # what is taken away is overwritten, not only let go
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")
    with transaction.atomic():
        person = Person.objects.filter(pk=customer_id).first()
        if person is None:
            raise Usage("There is no such customer", where=customer_id)
        accounts = (
            Account.objects.select_for_update(no_key=True).filter(person=person).order_by("pk")
        )
        ids = [account.pk for account in accounts]
        _remember_silence(person, ids, at)
        take_off(Message.objects.filter(account__in=ids), ERASED, at)
        _blank(person, ids)
        Erasure.objects.get_or_create(customer_id=customer_id, defaults={"by": by})
    for forget in also:
        forget(_keys(ids))


def erase_again(*, at: datetime) -> int:
    """Erase everyone again who was erased: after a backup was restored, or a night brought them."""
    found = list(Erasure.objects.values_list("customer_id", flat=True))
    here = Person.objects.filter(pk__in=found).values_list("pk", flat=True)
    for customer_id in list(here):
        erase(customer_id, by="erased before", at=at)
    return len(here)


def suppressed(marks: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which addresses, by channel and mark, want no messages though their owner is erased.

    Whoever publishes contact points asks this, and publishes those with consent withdrawn.
    """
    wanted = set(marks)
    known = Suppression.objects.filter(mark__in={mark for _, mark in wanted})
    return wanted & set(known.values_list("channel", "mark"))


def _remember_silence(person: Person, ids: list[str], at: datetime) -> None:
    stopped = {
        str(facts.get("channel")) if facts.get("scope") == "channel" else "everything"
        for facts in Event.objects.filter(account__in=ids, kind="opted_out")
        .values_list("facts", flat=True)
    }  # fmt: skip
    for point in ContactPoint.objects.filter(person=person):
        if point.consent == "withdrawn" or stopped & {point.channel, "everything"}:
            Suppression.objects.get_or_create(
                mark=point.address_mark, channel=point.channel, defaults={"since": at}
            )


def _blank(person: Person, ids: list[str]) -> None:
    """Take away what names or quotes the person."""
    forget_texts(ids)
    _blank_unplaced(person)
    Person.objects.filter(pk=person.pk).update(name="", postcode="", birth_date="", language="")
    ContactPoint.objects.filter(person=person).delete()
    Circumstance.objects.filter(person=person).delete()
    Wish.objects.filter(person=person).delete()
    Evidence.objects.filter(request__account__in=ids).delete()
    PortalLink.objects.filter(account__in=ids).delete()
    BankLine.objects.filter(account__in=ids).update(text="", counterparty="")
    for forget in of_accounts:
        forget(ids)
    Standing.objects.filter(pk__in=ids).update(situation={}, reasons="")
    Inbound.objects.filter(account__in=ids).update(from_mark="")


def _blank_unplaced(person: Person) -> None:
    """Take away what came from the person's addresses and nobody placed.

    What is still open and came from an address that somebody else has too may be theirs: it stays
    until it is closed.
    """
    points = ContactPoint.objects
    marks = list(points.filter(person=person).values_list("address_mark", flat=True))
    others = points.filter(address_mark__in=marks).exclude(person=person).values("address_mark")
    came = Inbound.objects.filter(account=None, from_mark__in=marks)
    gone = list(came.exclude(confirmed_at=None, from_mark__in=others)
                .values_list("pk", "provider_id"))  # fmt: skip
    blank_webhooks(quoted(provider_id) for _, provider_id in gone)
    Inbound.objects.filter(pk__in=[pk for pk, _ in gone]).update(text="", address="", from_mark="")


def forget_texts(ids: list[str]) -> None:
    """Take away every text of some accounts: messages, calls, replies, notes, webhooks."""
    blank_webhooks(_needles(ids))
    messages = Message.objects.filter(account__in=ids)
    messages.update(subject="", text="", html="", check_code="")
    CallTask.objects.filter(key__in=messages.values("key")).update(number="", script="")
    Inbound.objects.filter(account__in=ids).update(text="", address="")
    Note.objects.filter(account__in=ids).update(text="")


def blank_webhooks(wanted: Iterable[str]) -> None:
    """Empty what providers sent about a person: it has their address, or what they wrote.

    Args:
        wanted: What would be found in it.
    """
    needles = set(wanted)
    kept = Column(WebhookEvent, "body").as_it_lies
    for event in kept.iterator(chunk_size=500):
        if any(needle in event.body for needle in needles):
            WebhookEvent.objects.filter(pk=event.pk).update(body="")


def _needles(ids: list[str]) -> Iterator[str]:
    """Yield what would be found in a webhook of the person's."""
    people = Account.objects.filter(pk__in=ids).values("person_id")
    for point in ContactPoint.objects.filter(person__in=people):
        address = point.address
        yield from (address, quote(address, safe=""), quote_plus(address), address.lstrip("+"))
    yield from _keys(ids)
    for message in Message.objects.filter(account__in=ids).exclude(provider_id=""):
        yield message.provider_id
    replies = Inbound.objects.filter(account__in=ids).values_list("provider_id", flat=True)
    yield from map(quoted, replies)


def quoted(provider_id: str) -> str:
    """Return how a webhook that we stored names an id, whole: no other id that begins alike.

    What somebody wrote is found by this and never by their words: "ok" stands in many.
    """
    return json.dumps(provider_id, ensure_ascii=False)


def _keys(ids: list[str]) -> list[str]:
    keys = Message.objects.filter(account__in=ids).values_list("key", flat=True)
    return [text for key in keys for text in (str(key), key.hex)]
