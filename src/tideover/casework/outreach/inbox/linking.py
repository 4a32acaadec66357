"""Whose message it is: by our reference, by the address that was written to, by who wrote."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db.models import QuerySet

from tideover.casework.cases.models import Account, ContactPoint
from tideover.casework.outreach.addresses import BY_NUMBER, marked
from tideover.casework.outreach.channels.contract import Heard
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.replying import key_of
from tideover.casework.sealed import mark


def messages_of(heard: Sequence[tuple[str, Heard]]) -> list[Message | None]:
    """Return the message that each event is about, or none; events with their provider."""
    keys = {key for _, event in heard if (key := _key(event))}
    ids = {event.provider_id for _, event in heard if event.provider_id}
    by_key: dict[uuid.UUID | None, Message] = {}
    if keys:
        by_key |= {m.key: m for m in _of(Message.objects.filter(key__in=keys))}
    by_id: dict[tuple[str, str], Message] = {}
    if ids:
        providers = {provider for provider, _ in heard}
        found = Message.objects.filter(provider__in=providers, provider_id__in=ids)
        by_id = {(m.provider, m.provider_id): m for m in _of(found)}
    return [_either(by_key.get(_key(event)), by_id.get((provider, event.provider_id)))
            for provider, event in heard]  # fmt: skip


def _of(found: QuerySet[Message]) -> list[Message]:
    return list(found.select_related("account", "point"))


def _either(first: Message | None, second: Message | None) -> Message | None:
    return first if first is not None else second


def _key(event: Heard) -> uuid.UUID | None:
    """Return our reference out of what a provider gave back; only where it is one."""
    try:
        return uuid.UUID(event.key)
    except ValueError:
        return None


def answered(provider: str, event: Heard) -> Message | None:
    """Return the message that a reply answers, where it says so."""
    key = key_of(event.reply_token) or _key(event)
    found = Message.objects.filter(key=key).first() if key else None
    if found is None and event.answers:
        found = Message.objects.filter(provider=provider, provider_id=event.answers).first()
    return found


def points_of(channel: str, address: str) -> list[ContactPoint]:
    """Return the contact points with an address, however it was written there."""
    if not address:
        return []
    marks = {mark(address), marked(channel, address)}
    channels = BY_NUMBER if channel in BY_NUMBER else (channel,)
    return list(
        ContactPoint.objects.filter(address_mark__in=marks, channel__in=channels)
        .select_related("person").order_by("contact_point_id")
    )  # fmt: skip


def everyone_at(message: Message) -> list[Account]:
    """Return an account of everyone who shares the address a message went to, its own first."""
    point = message.point
    others = accounts_of(points_of(point.channel, point.address)) if point else []
    mine = message.account
    return [mine, *(one for one in others if one.person_id != mine.person_id)]


def accounts_of(points: Sequence[ContactPoint]) -> list[Account]:
    """Return one account of each person with an address: the one last written to."""
    found = []
    for person in sorted({point.person_id for point in points}):
        theirs = Account.objects.filter(person=person)
        last = Message.objects.filter(account__in=theirs, point__in=points).order_by("id").last()
        account = last.account if last else theirs.order_by("pk").first()
        found += [account] if account else []
    return found
