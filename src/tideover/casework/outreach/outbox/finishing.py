"""Finish: what the provider said is written down, where the claim still holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import UUIDField

from tideover.casework.bulk import Many
from tideover.casework.cases.ledger import Entry, record_all
from tideover.casework.cases.models import Account
from tideover.casework.outreach.call_list import take_off
from tideover.casework.outreach.channels.contract import (
    KEY,
    LOOKUP,
    NONE,
    Lost,
    Outcome,
    Refused,
    Sent,
)
from tideover.casework.outreach.models import Attempt, Message
from tideover.casework.outreach.models.calls import PERSON
from tideover.casework.outreach.models.outbox import FAILED, QUEUED, SENDING, SENT, UNKNOWN
from tideover.casework.outreach.outbox import bounds
from tideover.casework.outreach.outbox.claiming import Claim
from tideover.casework.outreach.outbox.fallback import fall_back
from tideover.casework.outreach.outbox.intent import Ready, contacted, not_sent
from tideover.casework.outreach.outbox.rows import write
from tideover.casework.outreach.outbox.sender import Sender
from tideover.casework.outreach.outbox.waiting import AnyMessage
from tideover.casework.prepared import Prepared

_HELD = Prepared(
    lambda ids, token: Message.objects.select_for_update().filter(
        pk__among=ids, claim_token=token, status=SENDING
    ).values_list("pk"), token=UUIDField(),
)  # fmt: skip
NOBODY_CALLED = "the worker had slept, or could not note what it hands over"
MEANWHILE = "something happened while the call was put on the list"
Ending = tuple[dict[str, Any], Entry | None]


@transaction.atomic
def finish(
    sender: Sender, claim: Claim, ready: Sequence[Ready], outcomes: Mapping[str, Outcome] | None
) -> None:
    """Write what became of messages. Those whose claim was lost meanwhile are others' to end."""
    now = sender.clock.now()
    moved = _moved(ready) if sender.channel.name == PERSON else set()
    still = _holds(claim, ready)
    rows, told = [], []
    for one in ready:
        if one.message.pk in still:
            outcome = outcomes[one.outgoing.key] if outcomes else None
            row, event = _ending(sender, one, outcome, now)
            rows.append((one.message.pk, row))
            told += [event] if event else []
            _end_attempt(one, row, now)
    write(rows, token=claim.token, status=SENDING)
    record_all(told)
    if moved & still:
        take_off(Message.objects.filter(pk__among=Many(moved & still)), MEANWHILE, now)
    _tell_circuit(sender, outcomes, now)


def _moved(ready: Sequence[Ready]) -> set[int]:
    """Return the messages to whose person something happened since the intent.

    Their accounts are locked, as the intent locked them. While a call was on its way to the list
    nobody could take it off: who did not want it any more, or paid, is not to be called.
    """
    of = {one.message.pk: one.message.account.household for one in ready}
    accounts = Account.objects.filter(pk__among=Many({a.pk for each in of.values() for a in each}))
    locked = accounts.order_by("pk").select_for_update(no_key=True)
    now = dict(locked.values_list("pk", "facts_version"))
    return {pk for pk, each in of.items() if any(now.get(a.pk) != a.facts_version for a in each)}


def _holds(claim: Claim, ready: Sequence[Ready]) -> set[int]:
    """Return which messages this claim still holds: the fence."""
    held = _HELD.rows(ids=Many(one.message.pk for one in ready), token=claim.token)
    return {pk for (pk,) in held}


def _end_attempt(one: Ready, row: Mapping[str, Any], now: datetime) -> None:
    """Close an attempt that did not simply succeed; an open one of a sent message did."""
    if row["status"] != SENT:
        Attempt.objects.filter(message=one.message.pk, number=one.number).update(
            outcome=row["status"], detail=row["reason"][:300], ended_at=now
        )


def _ending(sender: Sender, one: Ready, outcome: Outcome | None, now: datetime) -> Ending:
    message = one.message
    if outcome is None:
        return _again(message, now + sender.policy.first_rest, NOBODY_CALLED,
                      first_try_at=one.earlier), None  # fmt: skip
    if isinstance(outcome, Sent):
        row = _over(SENT, "", now, provider_id=outcome.provider_id[:200])
        return row, contacted(message, now=now, sure=True)
    if isinstance(outcome, Refused):
        return _refused(sender, one, outcome, now)
    return ambiguous(sender, message, now, outcome.why)


def _refused(sender: Sender, one: Ready, said: Refused, now: datetime) -> Ending:
    message, policy, reason = one.message, sender.policy, f"refused: {said.why}"[:200]
    if said.permanent or one.number >= policy.most_attempts:
        if one.earlier:
            return _over(UNKNOWN, reason, now), contacted(message, now=now, sure=False)
        fall_back(message, now)
        return _over(FAILED, reason, now), not_sent(message, FAILED, reason, now)
    rest = said.retry_after or policy.rest(one.number, str(message.key))
    # This try did not arrive; an earlier one without an answer still may have.
    return _again(message, now + rest, reason, first_try_at=one.earlier), None


def ambiguous(sender: Sender, message: AnyMessage, now: datetime, why: str) -> Ending:
    """Return what becomes of a message that may or may not have arrived."""
    reason = f"no word: {why}"[:200]
    theirs = message.provider == sender.channel.name  # another provider knows nothing of it
    dedupe = sender.channel.terms.dedupe if theirs else NONE
    life = sender.policy.key_life(sender.channel.terms.key_ttl)
    first = message.first_try_at or now
    rest = sender.policy.rest(message.attempts + 1, str(message.key))
    if dedupe == KEY and now + rest < min(first + life, message.expires_at):
        return _again(message, now + rest, reason, first_try_at=first), None
    found = sender.channel.find(str(message.key)) if dedupe == LOOKUP else None
    if isinstance(found, Sent):
        row = _over(SENT, "", now, provider_id=found.provider_id[:200])
        return row, contacted(message, now=now, sure=True)
    if isinstance(found, Refused):
        return _again(message, now + rest, reason, first_try_at=None), None
    return _over(UNKNOWN, reason, now), contacted(message, now=now, sure=False)


def _over(status: str, reason: str, now: datetime, provider_id: str = "") -> dict[str, Any]:
    return {"status": status, "reason": reason, "provider_id": provider_id, "ended_at": now,
            "claim_token": None, "lease_until": None}  # fmt: skip


def _again(
    message: AnyMessage, after: datetime, reason: str, *, first_try_at: datetime | None
) -> dict[str, Any]:
    return {"status": QUEUED, "reason": reason, "send_after": max(after, message.send_after),
            "first_try_at": first_try_at, "claim_token": None, "lease_until": None}  # fmt: skip


def _tell_circuit(sender: Sender, outcomes: Mapping[str, Outcome] | None, now: datetime) -> None:
    said = list((outcomes or {}).values())
    if not said:
        return
    failed = all(isinstance(o, Lost) or (isinstance(o, Refused) and not o.permanent) for o in said)
    asked = [o.retry_after for o in said if isinstance(o, Refused) and o.retry_after]
    bounds.told(sender.line, failed=failed, now=now, policy=sender.policy,
                retry_after=max(asked, default=None))  # fmt: skip
