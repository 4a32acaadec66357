"""Replies: each stored once, linked to its account, understood; an opt-out counts at once."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import Account, Suppression
from tideover.casework.outreach.addresses import marked
from tideover.casework.outreach.channels.contract import Heard
from tideover.casework.outreach.inbox.hearing import Hearing, Understood, only_stop
from tideover.casework.outreach.inbox.linking import accounts_of, answered, everyone_at, points_of
from tideover.casework.outreach.inbox.receipts import Taken, Waiting
from tideover.casework.outreach.inbox.resting import rest_until_read
from tideover.casework.outreach.inbox.stopping import opt_out
from tideover.casework.outreach.models import Inbound


def take_reply(waiting: Waiting, hearing: Hearing) -> Taken:
    """Apply what a customer wrote; call it inside a transaction."""
    event, channel = waiting.event, waiting.channel
    points = points_of(channel, event.address)
    message = answered(waiting.provider, event)
    sharing = accounts_of(points)
    accounts = [message.account] if message else sharing
    stopping = {a.pk for a in (*accounts, *sharing, *(everyone_at(message) if message else ()))}
    locked = {a.pk: a for a in Account.objects.select_for_update(of=("self",)).filter(
        pk__in=stopping).select_related("person").order_by("pk")}  # fmt: skip
    # where several people share the address, nobody can tell whose reply it is
    account = locked[accounts[0].pk] if len(accounts) == 1 else None
    understood = _understood(hearing, event, account)
    inbound, new = _stored(waiting, account, understood)
    if not new:
        return Taken("ignored", "heard before")
    if account is not None:
        record(account.pk, "replied", at=event.at, by="customer",
               facts={"inbound_id": inbound.pk, "channel": channel, "intent": understood.intent,
                      "confidence": round(understood.confidence, 3)})  # fmt: skip
        if inbound.to_person:
            rest_until_read(inbound, inbound.received_at)
    if understood.opt_out:
        _stop(list(locked.values()), inbound, hearing)
        if not locked:
            _keep_silent(inbound)
    return Taken("applied", "opt_out" if understood.opt_out else understood.intent)


def _understood(hearing: Hearing, event: Heard, account: Account | None) -> Understood:
    language = account.person.language if account else ""
    on: date = event.at.astimezone(ZoneInfo(account.timezone if account else "UTC")).date()
    try:
        return hearing.understand(event.text, language, on)
    except Exception:  # a reply that cannot be read is no reason to lose it, or a STOP
        return only_stop(event.text, language, on)


def _stored(waiting: Waiting, account: Account | None, said: Understood) -> tuple[Inbound, bool]:
    event = waiting.event
    return Inbound.objects.get_or_create(
        provider=waiting.provider, provider_id=event.provider_id or event.event_id,
        defaults={
            "account": account, "channel": waiting.channel, "text": event.text,
            "from_mark": marked(waiting.channel, event.address), "received_at": event.at,
            "address": "" if account else event.address,
            "language": said.language[:5], "intent": said.intent[:40],
            "confidence": said.confidence, "sentiment": said.sentiment, "opt_out": said.opt_out,
            "to_person": said.to_person or account is None,
            "danger": said.danger, "promise_on": said.promise_on,
            "amount_minor": said.amount_minor,
        },
    )  # fmt: skip


def _keep_silent(inbound: Inbound) -> None:
    """Remember that an address wants no messages, though nobody has it now: somebody may later."""
    if inbound.from_mark:
        Suppression.objects.get_or_create(
            mark=inbound.from_mark, channel=inbound.channel, defaults={"since": inbound.received_at}
        )


def _stop(accounts: list[Account], inbound: Inbound, hearing: Hearing) -> None:
    """Stop for everyone whom the address may belong to, and confirm it once."""
    confirmed = False
    for account in accounts:
        event = opt_out(account.pk, inbound.channel, at=inbound.received_at, via=inbound.channel)
        if event is not None and not confirmed:
            hearing.confirm(event, inbound)
            confirmed = True
