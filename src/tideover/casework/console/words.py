"""What happened, in words for staff: events, and what became of messages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.numbers import format_currency

from tideover.casework.cases.asking import ASKED
from tideover.casework.cases.deeds import CARE, HOLD_REASONS, OUTCOMES
from tideover.casework.cases.models import Event
from tideover.casework.cases.referring import OUTCOMES as OUTCOMES_OF_REFERRALS
from tideover.casework.outreach.confirming import MEANINGS
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.models.calls import PERSON
from tideover.rules.care.kinds import said_as
from tideover.terms import money as amounts
from tideover.terms.events import KINDS

CHANNELS = {"sms": "SMS", "email": "e-mail", "whatsapp": "WhatsApp", "letter": "letter",
            "voice": "telephone", "push": "push message", "visit": "visit"}  # fmt: skip
_MOVED = re.compile(";(?=helps: |hinders: )")  # what moved the score stands behind the reason
_SPEAKS = {"helps": "speaks for paying", "hinders": "speaks against it"}


def money(minor: int | None, currency: str) -> str:
    """Return an amount as staff read it."""
    if minor is None:
        return ""
    return format_currency(Decimal(amounts.text(minor, currency)), currency, locale="en")


def zone_of(name: str) -> ZoneInfo:
    """Return the customer's time zone; UTC where nobody knows it by that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def channel(name: Any) -> str:
    """Return a channel's name for staff."""
    return CHANNELS.get(str(name), str(name))


def plain(name: Any) -> str:
    """Return a word of ours as one reads it: `day_after_due` as day after due."""
    return str(name).replace("_", " ")


def among(names: str) -> str:
    """Return what something was drawn from, as one reads it.

    >>> among("plain;social_norm")
    'plain, social norm'
    """
    return plain(names.replace(";", ", "))


def piece(name: str) -> str:
    """Return which text a piece is of, without what names its exact words.

    >>> piece("help/short/nl/direct/plain@0ac5")
    'help/short/nl/direct/plain'
    """
    return name.partition("@")[0]


def because(reasons: str) -> str:
    """Return why a strategy decided so, without what moved the score.

    >>> because("owes little;helps: pays on the day;hinders: two months behind")
    'owes little'
    """
    return _MOVED.split(reasons)[0].replace(";", "; ")


def moved(reasons: str) -> str:
    """Return what moved the score, as one reads it; empty where nothing did.

    >>> moved("owes little;helps: pays on the day;hinders: two months behind")
    'pays on the day (speaks for paying); two months behind (speaks against it)'
    """
    parts = (part.partition(": ") for part in _MOVED.split(reasons)[1:])
    return "; ".join(f"{said} ({_SPEAKS[way]})" for way, _, said in parts)


def day(value: Any) -> str:
    """Return a day as one reads it; what is no day stays as it is."""
    try:
        found = date.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return f"{found.day} {found:%B %Y}"


def meaning(name: Any) -> str:
    """Return what a reply means, in words."""
    known = MEANINGS.get(str(name))
    return known.label if known else plain(name) or "unknown"


def event_words(event: Event, *, currency: str, notes: Mapping[str, str]) -> str:
    """Return what an event says, in a sentence.

    Args:
        notes: What people wrote, by the id of the note.
    """
    said = _SAID.get(event.kind)
    text = said(event.facts, currency) if said else KINDS[event.kind].meaning
    note = notes.get(str(event.facts.get("note", "")))
    return f"{text}: {note}" if note else text


Facts = Mapping[str, Any]


def _promised(facts: Facts, currency: str) -> str:
    amount = money(int(facts.get("amount_minor") or 0), currency)
    by = day(facts.get("due_on", ""))
    return (f"Promised {amount} by {by}" if facts.get("confirmed", True)
            else f"Seems to promise {amount} by {by}; nobody confirmed it yet")  # fmt: skip


def _contacted(facts: Facts, currency: str) -> str:
    what = plain(facts.get("notice") or facts.get("purpose") or "message")
    if facts.get("channel") == "voice" and facts.get("automated") is False:
        return f"Put on the list of calls to make: {what}"
    left = "Sent" if facts.get("sure", True) else "Perhaps sent"
    return f"{left} by {channel(facts.get('channel'))}: {what}"


def _not_sent(facts: Facts, currency: str) -> str:
    return f"Not sent by {channel(facts.get('channel'))}: {facts.get('reason') or 'no reason kept'}"


def _opted_out(facts: Facts, currency: str) -> str:
    by = channel(facts.get("channel")) if facts.get("scope") == "channel" else ""
    return f"Wants no more messages by {by}" if by else "Wants no more messages"


def _understood(facts: Facts, currency: str) -> str:
    now, was = facts.get("intent"), facts.get("was")
    corrected = f" (it had been read as: {meaning(was).lower()})" if was and was != now else ""
    return f"A person read the reply: {meaning(now).lower()}{corrected}"


def _held(facts: Facts, currency: str) -> str:
    until = f" until {day(facts['until_on'])}" if facts.get("until_on") else ""
    reason = str(facts.get("reason", ""))
    return f"Outreach rests{until}: {HOLD_REASONS.get(reason, reason).lower()}"


def _called(facts: Facts, currency: str) -> str:
    who = "The customer called" if facts.get("direction") == "inbound" else "Called the customer"
    outcome = str(facts.get("outcome", ""))
    return f"{who}; {OUTCOMES.get(outcome, plain(outcome)).lower()}"


def _circumstance(verb: str) -> Callable[[Facts, str], str]:
    def said(facts: Facts, currency: str) -> str:
        kind = said_as(str(facts.get("kind", "")), may_see=False)
        return f"{verb}: {CARE.get(kind, plain(kind)).lower()}"

    return said


def _plan(facts: Facts, currency: str) -> str:
    total = money(int(facts.get("total_minor") or 0), currency)
    return f"Agreed to pay {total} in {facts.get('instalments', 'some')} parts"


_SAID: dict[str, Callable[[Facts, str], str]] = {
    "promised": _promised,
    "promise_ended": lambda f, c: "Kept their promise" if f.get("how") == "kept" else
                     "The day of the promise passed without the money",
    "contacted": _contacted,
    "not_sent": _not_sent,
    "opted_out": _opted_out,
    "understood": _understood,
    "held": _held,
    "called": _called,
    "circumstance_noted": _circumstance("Noted"),
    "circumstance_ended": _circumstance("No longer so"),
    "certificate_received": lambda f, c: "A certificate was " + (
        "seen in writing" if f.get("in_writing") else "announced") + (
        f": renewal {f['renewal']}" if f.get("renewal") else ""),
    "hardship_agreed": lambda f, c: "Agreed on hardship: " + (
        f"{money(int(f['monthly_minor']), c)} a month" if f.get("monthly_minor") else "a pause"
    ) + f" until {day(f.get('until_on'))}",
    "hardship_reviewed": lambda f, c: "Looked at the agreement again; next "
                                      f"{day(f.get('review_on'))}",
    "hardship_ended": lambda f, c: f"The agreement on hardship ended: {plain(f.get('how'))}",
    "plan_agreed": _plan,
    "plan_changed": lambda f, c: f"Plan {plain(f.get('what')).lower()}",
    "plan_ended": lambda f, c: f"Plan ended: {plain(f.get('how')).lower()}",
    "paid": lambda f, c: f"Paid {money(int(f.get('amount_minor') or 0), c)}",
    "payment_reversed": lambda f, c: f"{money(int(f.get('amount_minor') or 0), c)} went back",
    "replied": lambda f, c: f"Replied by {channel(f.get('channel'))}; it reads as: "
                            f"{meaning(f.get('intent')).lower()}",
    "receipt": lambda f, c: f"The {channel(f.get('channel'))} message: {plain(f.get('outcome'))}",
    "decided": lambda f, c: f"Decided: {plain(f.get('treatment'))}",
    "referred": lambda f, c: f"Handed on to a {plain(f.get('kind'))}: {plain(f.get('step'))}" + (
        f" ({OUTCOMES_OF_REFERRALS.get(str(f['outcome']), '').lower()})" if f.get("outcome") else ""
    ),
    "asked": lambda f, c: ASKED.get(str(f.get("kind")), "Asked something"),
    "answered": lambda f, c: f"Answered: {ASKED.get(str(f.get('kind')), '').lower()}",
    "rated": lambda f, c: f"Rated us {f.get('score')} of 10",
    "noted": lambda f, c: "Note",
}  # fmt: skip


def message_words(message: Message, zone: ZoneInfo) -> str:
    """Return what became of a message, in words that claim no more than is known."""
    tried = _clock(message.first_try_at or message.ended_at, zone)
    by_person = message.provider == PERSON
    said = {
        "queued": f"Waits to be sent, not before {_clock(message.send_after, zone)}",
        "claimed": "Is about to be sent",
        "sending": "Is being sent",
        "held": "Waits: the outbox is held",
        "sent": f"Put on the list of calls at {tried}" if by_person else f"Sent at {tried}",
        "unknown": f"May have been sent at {tried}; not repeated",
        "failed": "Did not arrive",
        "cancelled": "Taken back before it left",
        "suppressed": "Not sent",
        "expired": "Not sent: it would have come too late",
    }.get(message.status, plain(message.status))
    return f"{said} ({message.reason})" if message.reason else said


def _clock(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%H:%M on %-d %B") if at else "an unknown time"


def guard_words(evidence: Mapping[str, Any]) -> str:
    """Return what the guard said of an attempt, from the evidence that was kept."""
    told = evidence.get("verdict")
    verdict = told.get("verdict") if isinstance(told, Mapping) else told
    said = {"allow": "The guard allowed it", "defer": "The guard put it off",
            "deny": "The guard did not allow it"}  # fmt: skip
    if verdict not in said:
        return "No verdict was kept"
    books = evidence.get("rulebooks") or {}
    asked = ", ".join(sorted(map(str, books)))
    by = "; ".join(map(str, evidence.get("blocking") or []))
    return said[verdict] + (f" by {by}" if by else "") + (f" (rulebooks: {asked})" if asked else "")
