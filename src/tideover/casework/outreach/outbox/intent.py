"""Intent: the one transaction that decides whether a message leaves, on what is true now.

The accounts' rows are locked, their facts read, the guard asked, and the attempt written; nothing
that was read before counts. After the commit the message counts as perhaps sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import UUIDField

from tideover.casework.bulk import Many, insert
from tideover.casework.cases.ledger import Entry, entry, record_all
from tideover.casework.outreach.channels.contract import KEY, Outgoing
from tideover.casework.outreach.links import lay_links
from tideover.casework.outreach.models import Attempt, Message, SendKey
from tideover.casework.outreach.models.calls import PERSON
from tideover.casework.outreach.models.outbox import (
    CLAIMED,
    EXPIRED,
    QUEUED,
    SENDING,
    SUPPRESSED,
    UNKNOWN,
)
from tideover.casework.outreach.outbox import bounds
from tideover.casework.outreach.outbox.claiming import Claim
from tideover.casework.outreach.outbox.known import contact_of, known_of
from tideover.casework.outreach.outbox.rows import write
from tideover.casework.outreach.outbox.sender import Ruling, Sender, Written
from tideover.casework.outreach.outbox.shared import CROWDED, DAY, SharedAddresses
from tideover.casework.outreach.outbox.since import UpToDate, brought_up_to_date
from tideover.casework.outreach.outbox.standing import standing_reason
from tideover.casework.outreach.outbox.waiting import AnyMessage, Waiting, still_claimed
from tideover.casework.outreach.outbox.wished import wished_from
from tideover.casework.outreach.replying import reply_token
from tideover.casework.prepared import Prepared
from tideover.terms.money import MINOR_DIGITS

TOO_OLD = "an earlier try may have arrived, and its key is too old"


@dataclass(frozen=True)
class Ready:
    """A message that may be handed over now, and its attempt.

    Args:
        earlier: When a try before this one, that may have arrived, was made.
    """

    message: Waiting
    outgoing: Outgoing
    number: int
    earlier: datetime | None
    enclosed: Callable[[], Mapping[str, bytes]] = dict

    @property
    def whole(self) -> Outgoing:
        """The message with what goes with it."""
        attached = self.enclosed()
        return replace(self.outgoing, attached=attached) if attached else self.outgoing


@dataclass(frozen=True)
class _Verdict:
    """What becomes of a message: a status other than sending, or what to send."""

    status: str
    reason: str = ""
    until: datetime | None = None
    written: Written | None = None
    ruling: Ruling | None = None


_WHO = Prepared(
    lambda ids, token: Message.objects.filter(pk__among=ids, claim_token=token)
    .values_list("account__person_id"), token=UUIDField(),
)  # fmt: skip


@transaction.atomic
def intend(sender: Sender, claim: Claim, ids: Sequence[int]) -> list[Ready]:
    """Decide on some claimed messages, and return those that may be handed over.

    The others are suppressed, put off, expired, or unknown where an earlier try may have arrived.
    """
    now = sender.clock.now()
    people = {who for (who,) in _WHO.rows(ids=Many(ids), token=claim.token)}
    known = known_of(people, now, but=set(ids))
    messages = still_claimed(ids, claim.token, now, known)
    taken, shared = _keys_taken(messages), SharedAddresses(messages, now)
    earlier = {message.pk: message.first_try_at for message in messages}
    verdicts: list[tuple[Waiting, _Verdict]] = []
    for message in messages:
        crowded = CROWDED if not message.first_try_at and shared.crowded(message) else ""
        verdict = _verdict(sender, message, taken, crowded, now)
        verdicts.append((message, verdict))
        if verdict.status == SENDING or message.first_try_at:
            _count(message, now)
            shared.count(message)
    ready = [_ready(m, v, earlier[m.pk]) for m, v in verdicts if v.status == SENDING]
    _commit_intent(sender, claim, verdicts, now)
    return ready


def _keys_taken(messages: Sequence[Waiting]) -> set[tuple[str, str]]:
    """Return the decisions of other messages that were handed over already."""
    first = [m for m in messages if m.decision_id and not m.attempts]
    if not first:
        return set()
    keys = SendKey.objects.filter(
        account_id__among=Many({m.account_id for m in first}),
        decision_id__among=Many({m.decision_id for m in first}),
    )
    return set(keys.values_list("account_id", "decision_id"))


def _verdict(
    sender: Sender, message: Waiting, taken: set[tuple[str, str]], crowded: str, now: datetime
) -> _Verdict:
    known = message.account
    if (message.account_id, message.decision_id) in taken:
        return _Verdict(SUPPRESSED, "its decision was carried out already")
    if not _key_fresh(sender, message, now):
        return _Verdict(UNKNOWN, TOO_OLD)
    digits = MINOR_DIGITS[known.currency]
    situation = known.standing.situation if known.standing else {}
    true_now = brought_up_to_date(situation, known.happened, 10**digits,
                                  paid_before_minor=known.paid_before_minor)  # fmt: skip
    if reason := standing_reason(message, known, true_now):
        return _stopped(message, reason)
    if crowded:
        later = now + DAY
        return (_Verdict(QUEUED, crowded, until=later) if later < message.expires_at
                else _stopped(message, crowded, EXPIRED))  # fmt: skip
    written = sender.author.write(message, true_now, now)
    if written.blocked:
        return _stopped(message, written.blocked)
    return _asked(sender, message, true_now, written, now)


def _asked(
    sender: Sender, message: Waiting, true_now: UpToDate, written: Written, now: datetime
) -> _Verdict:
    ruling = sender.lawful.rule(true_now.situation, message, written.carries, now)
    wished = wished_from(message, now) if ruling.allowed else None
    if wished and not message.first_try_at:
        return _Verdict(QUEUED, "waits for the hour that was wished", until=wished)
    if ruling.allowed:
        return _Verdict(SENDING, written=written, ruling=ruling)
    by = ";".join(ruling.blocking)
    if ruling.until is None:
        return _stopped(message, f"not permitted by {by}")
    if not _key_fresh(sender, message, ruling.until):
        return _Verdict(UNKNOWN, TOO_OLD)
    if ruling.until >= message.expires_at:
        return _stopped(message, f"not before it is too late, by {by}", EXPIRED)
    return _Verdict(QUEUED, f"waits by {by}", until=ruling.until)


def _stopped(message: Waiting, reason: str, status: str = SUPPRESSED) -> _Verdict:
    """Return that it does not leave; where an earlier try may have arrived nobody can say so."""
    return _Verdict(UNKNOWN if message.first_try_at else status, reason[:200])


def _key_fresh(sender: Sender, message: Waiting, now: datetime) -> bool:
    """Say whether an earlier try, if any, may be repeated with the same key."""
    if message.first_try_at is None:
        return True
    terms = sender.channel.terms
    young = now - message.first_try_at < sender.policy.key_life(terms.key_ttl)
    return terms.dedupe == KEY and young


def _count(message: Waiting, now: datetime) -> None:
    """Have a message that leaves count for the person's other messages of the same batch."""
    message.first_try_at = message.first_try_at or now
    for other in message.account.household:
        other.happened.append(contact_of(message, own=other is message.account))


def _ready(message: Waiting, verdict: _Verdict, earlier: datetime | None) -> Ready:
    written = verdict.written
    assert written is not None
    assert message.point is not None
    message.variant, message.drawn_of = written.variant, written.drawn_of
    outgoing = Outgoing(
        key=str(message.key), to=message.point.address, text=written.text, subject=written.subject,
        html=written.html, language=message.language, reply_token=reply_token(message.key),
        headers=written.headers, template=written.template,
        buttons=written.buttons,
    )  # fmt: skip
    return Ready(message, outgoing, message.attempts + 1, earlier, written.enclosed)


def _commit_intent(
    sender: Sender, claim: Claim, verdicts: Sequence[tuple[Waiting, _Verdict]], now: datetime
) -> None:
    """Write what becomes of each message, the attempts, and what that tells the ledger."""
    leaving, others, attempts, keys, told = [], [], [], [], list[Entry]()
    for message, verdict in verdicts:
        if verdict.status == SENDING:
            leaving.append((message.pk, _leaving(message, verdict, now, sender)))
            attempts.append(_attempt(message, verdict, now))
            if message.decision_id and not message.attempts:
                keys.append({"account_id": message.account_id, "decision_id": message.decision_id})
            continue
        others.append((message.pk, _not_leaving(message, verdict, now)))
        if verdict.status != QUEUED:
            told.append(_told(message, verdict, now))
    insert(SendKey, keys)
    insert(Attempt, attempts)
    lay_links([m for m, verdict in verdicts if verdict.status == SENDING], now)
    write(leaving, token=claim.token, status=CLAIMED)
    write(others, token=claim.token, status=CLAIMED)
    record_all(told)
    bounds.give_back(
        sender.line_to(message.point and message.point.address)
        for message, verdict in verdicts
        if verdict.status != SENDING
    )


def _leaving(message: Waiting, verdict: _Verdict, now: datetime, sender: Sender) -> dict[str, Any]:
    written = verdict.written
    assert written is not None
    return {
        "status": SENDING, "attempts": message.attempts + 1, "first_try_at": message.first_try_at,
        "lease_until": now + sender.policy.lease, "subject": written.subject, "text": written.text,
        "html": written.html, "text_version": written.version, "check_code": written.check_code,
        "variant": written.variant, "drawn_of": written.drawn_of, "reason": "",
    }  # fmt: skip


def _not_leaving(message: Waiting, verdict: _Verdict, now: datetime) -> dict[str, Any]:
    later = verdict.status == QUEUED
    return {
        "status": verdict.status, "reason": verdict.reason, "claim_token": None,
        "lease_until": None, "send_after": verdict.until if later else message.send_after,
        "ended_at": None if later else now,
    }  # fmt: skip


def _attempt(message: Waiting, verdict: _Verdict, now: datetime) -> dict[str, Any]:
    assert verdict.ruling is not None
    return {
        "message_id": message.pk, "number": message.attempts + 1, "started_at": now,
        "facts_version": message.account.facts_version, "evidence": verdict.ruling.evidence,
        "outcome": "", "detail": "",
    }  # fmt: skip


def _told(message: Waiting, verdict: _Verdict, now: datetime) -> Entry:
    """Return what the ledger is told of a message that does not leave, or may have left."""
    if verdict.status == UNKNOWN:
        return contacted(message, now=now, sure=False)
    return not_sent(message, verdict.status, verdict.reason, now)


def contacted(message: AnyMessage, *, now: datetime, sure: bool) -> Entry:
    """Return the event of a message that left, or may have."""
    return entry(
        message.account_id, "contacted", at=message.first_try_at or now, by=message.channel,
        facts={
            "message_id": message.pk, "decision_id": message.decision_id or "", "sure": sure,
            "channel": message.channel, "purpose": message.purpose, "tone": message.tone,
            "offer": message.offer, "variant": message.variant, "drawn_of": message.drawn_of,
            "step": message.journey_step, "notice": message.notice,
            "address_mark": message.point.address_mark if message.point else "",
            "automated": message.provider != PERSON,
        },
    )  # fmt: skip


def not_sent(message: AnyMessage, status: str, reason: str, now: datetime) -> Entry:
    """Return the event of a message that did not leave."""
    return entry(
        message.account_id, "not_sent", at=now, by=message.channel,
        facts={"message_id": message.pk, "decision_id": message.decision_id or "",
               "channel": message.channel, "status": status, "reason": reason},
    )  # fmt: skip
