"""A case as one page shows it: the facts, what happened, what was sent and why."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q

from tideover.casework.cases.asking import ASKED
from tideover.casework.cases.deeds import HOLD_REASONS
from tideover.casework.cases.models import Case, Event, Note, Standing
from tideover.casework.cases.referring import OUTCOMES
from tideover.casework.console.caring import agreement_of, cares_of
from tideover.casework.console.words import (
    channel,
    event_words,
    guard_words,
    message_words,
    money,
    plain,
    zone_of,
)
from tideover.casework.outreach.models import Attempt, Inbound, Message
from tideover.casework.outreach.portal_mail import reachable
from tideover.casework.payments.keeping import how_it_stands
from tideover.casework.payments.models import Arrangement

EVENTS_A_PAGE, MESSAGES, DECISIONS = 60, 30, 15


@dataclass(frozen=True)
class Line:
    """One entry of the timeline."""

    at: datetime
    text: str
    by: str
    kind: str


@dataclass(frozen=True)
class Shown:
    """A message, what became of it, and what the guard said each time."""

    message: Message
    became: str
    receipts: list[str] = field(default_factory=list)
    attempts: list[tuple[Attempt, str, str]] = field(default_factory=list)


def case_page(case: Case, *, now: datetime, before: int | None = None) -> dict[str, Any]:
    """Return all that the page of a case shows.

    Args:
        before: Events older than this one; none for the newest.
    """
    account = case.account
    zone = zone_of(account.timezone)
    lines, older = _timeline(case, before)
    return {
        "case": case, "account": account, "person": account.person, "zone": zone,
        "points": account.person.points.order_by("channel"),
        "linkable": {point.pk for point in reachable(list(account.person.points.all()))},
        "lines": lines, "older": older, "before": before,
        "messages_shown": [_shown(message, zone) for message in _messages(case)],
        "decisions": account.decisions.order_by("-as_of", "-pk")[:DECISIONS],
        "replies": Inbound.objects.filter(account=account).order_by("-received_at")[:MESSAGES],
        **_facts(case, now),
    }  # fmt: skip


def _facts(case: Case, now: datetime) -> dict[str, Any]:
    """Return what holds of the account today."""
    account, today = case.account, now.date()
    standing = Standing.objects.filter(pk=account.pk).first()
    holds = account.holds.filter(Q(until_on__isnull=True) | Q(until_on__gte=today),
                                 released_at=None)  # fmt: skip
    return {
        "standing": standing,
        "sums": _sums(standing, account.currency),
        "debits": [(debit, money(debit.unpaid_minor, account.currency))
                   for debit in account.open_debits.order_by("due_on")[:24]],
        "circumstances": cares_of(account, now),
        "agreement": agreement_of(account, now),
        "asked": [(one, ASKED.get(one.kind, plain(one.kind)))
                  for one in account.requests.filter(answered_at=None)
                  .select_related("note").prefetch_related("evidence").order_by("asked_at")],
        "holds": [(one, HOLD_REASONS.get(one.reason, one.reason)) for one in holds],
        "referrals": [(one, plain(one.to), OUTCOMES.get(one.outcome, ""))
                      for one in account.referrals.order_by("-consented_at")[:6]],
        "outcomes": OUTCOMES.items(),
        "plan": _plan(account.pk, now),
        "promises": [(one, money(one.amount_minor, account.currency))
                     for one in account.promises.filter(withdrawn_at=None).order_by("-due_on")[:6]],
    }  # fmt: skip


def _plan(account_id: str, now: datetime) -> dict[str, Any] | None:
    """Return the plan that runs, and how it stands; none where none does."""
    rows = Arrangement.objects.filter(account=account_id, ended_at=None)
    found = rows.select_related("account").first()
    if found is None:
        return None
    how = how_it_stands(found, now.astimezone(zone_of(found.account.timezone)).date())
    currency = found.account.currency
    part = how.next
    return {
        "covers_use": bool(found.use_minor), "state": how.state,
        "left": money(how.left_minor, currency), "forgiven": len(how.forgiven),
        "next": money(part.amount_minor, currency) if part else "",
        "next_on": part.due_on if part else None,
    }  # fmt: skip


def _sums(standing: Standing | None, currency: str) -> list[tuple[str, str]]:
    """Return what the last night says of the account."""
    if standing is None:
        return []
    likely = standing.p_paid_in_full_30d
    return [
        ("Balance", money(standing.balance_minor, currency)),
        ("In arrears", money(standing.arrears_minor, currency)),
        ("Days past due", str(standing.days_past_due)),
        ("Zone", standing.zone or "-"),
        ("Stage", plain(standing.stage) or "-"),
        ("Pays in full within 30 days", f"{likely:.0%}" if likely is not None else "-"),
    ]


def _timeline(case: Case, before: int | None) -> tuple[list[Line], int | None]:
    """Return what happened, newest first, and the event from which older ones follow."""
    rows = Event.objects.filter(account=case.account).order_by("-id")
    found = list((rows.filter(id__lt=before) if before else rows)[: EVENTS_A_PAGE + 1])
    shown = found[:EVENTS_A_PAGE]
    notes = _notes(shown)
    currency = case.account.currency
    lines = [
        Line(one.at, event_words(one, currency=currency, notes=notes), _who(one.by), one.kind)
        for one in shown
    ]
    return lines, (shown[-1].id if len(found) > EVENTS_A_PAGE else None)


def _notes(events: Iterable[Event]) -> dict[str, str]:
    named = [str(event.facts["note"]) for event in events if event.facts.get("note")]
    erased = "(erased)"
    return {note.note_id: note.text or erased for note in Note.objects.filter(pk__in=named)}


def _who(by: str) -> str:
    return {"customer": "the customer"}.get(by, channel(by))


def _messages(case: Case) -> Iterable[Message]:
    tries = Prefetch("tries", Attempt.objects.order_by("number"))
    rows = Message.objects.filter(account=case.account).order_by("-created_at", "-id")
    return rows.prefetch_related(tries, "receipts")[:MESSAGES]


def _shown(message: Message, zone: ZoneInfo) -> Shown:
    receipts = [f"{plain(one.outcome)} at {one.at.astimezone(zone):%H:%M on %-d %B}"
                for one in sorted(message.receipts.all(), key=lambda one: one.at)]  # fmt: skip
    attempts = [(one, guard_words(one.evidence), _kept(one)) for one in message.tries.all()]
    return Shown(message, message_words(message, zone), receipts, attempts)


def _kept(attempt: Attempt) -> str:
    """Return the evidence as it was kept, to be read."""
    return json.dumps(attempt.evidence, indent=2, sort_keys=True, ensure_ascii=False)
