"""Writes a message's words from what is true now: the text, the case's values, the approvals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tideover.casework.cases.models import OpenDebit
from tideover.casework.outreach.content import (
    Money,
    Template,
    Values,
    chosen,
    rendered,
    unapproved,
    under_event,
    with_offer,
)
from tideover.casework.outreach.content.links import check_code
from tideover.casework.outreach.content.shelf import wording
from tideover.casework.outreach.house import House, house
from tideover.casework.outreach.links import secret, token_of
from tideover.casework.outreach.models import Message, TextVersion
from tideover.casework.outreach.outbox.sender import Written
from tideover.casework.outreach.outbox.since import UpToDate
from tideover.rules.message import language_of
from tideover.terms.faults import Refused

STOPPED = "opt_out_confirmation"
UNREVIEWED = "nobody who speaks the language approved its words"
NOBODY = "the utility has not said who it is (casework.toml)"
A_WEEK, TO_ANSWER, THEN = timedelta(days=7), timedelta(days=14), timedelta(days=20)
EVENT_DAYS = 3  # so long an outage or a disaster changes what is said there
EVENTS = {"disaster_dates": "disaster", "outage_dates": "outage"}


@dataclass(frozen=True)
class ContentAuthor:
    """Writes from the shelf of texts.

    Args:
        live: It leaves for real people; only approved words may.
    """

    live: bool

    def write(self, message: Message, true_now: UpToDate, at: datetime) -> Written:
        """Return the words of a message as they are true now."""
        written = house()
        if self.live and not written.stated:
            return Written("", blocked=NOBODY)
        if message.purpose == STOPPED:
            return _stopped(message, written)
        today = at.astimezone(ZoneInfo(message.account.timezone)).date()
        try:
            said = rendered(_template(message, true_now.situation, today),
                            _values(message, true_now, today, written))  # fmt: skip
        except Refused as why:
            return Written("", blocked=f"its words: {why.what}"[:200])
        if self.live and unapproved(said, approved()):
            return Written("", blocked=UNREVIEWED)
        return Written(
            said.text, said.subject, said.html, carries=said.content_items,
            version=f"{said.key.name}@{said.version}"[:80], check_code=_code(message),
        )  # fmt: skip


def _stopped(message: Message, written: House) -> Written:
    """Return what confirms an opt-out: the law wants it at once, so it waits for no approval."""
    utility = written.utilities[language_of(message.language, message.account.jurisdiction)]
    text = wording(message.language, "stopped")["text"]
    said = text.replace("{utility_name}", utility.name).replace("{phone}", utility.phone)
    return Written(said, subject=utility.name, carries=("business_name", "phone_number"),
                   version=STOPPED)  # fmt: skip


def approved() -> frozenset[str]:
    """Return the pieces of text that a second person approved, as `name@version`."""
    named = TextVersion.objects.exclude(approver="").values_list("name", flat=True)
    return frozenset(named)


def _template(message: Message, situation: Mapping[str, Any], today: date) -> Template:
    template = with_offer(
        chosen(message.purpose, message.form, language=message.language, tone=message.tone),
        message.offer,
    )
    context = situation.get("context") or {}
    for fact, event in EVENTS.items():
        days = [date.fromisoformat(day) for day in context.get(fact, ())]
        if any(timedelta(0) <= today - day <= timedelta(days=EVENT_DAYS) for day in days):
            return under_event(template, event)
    return template


def _code(message: Message) -> str:
    return check_code(message.key.hex, secret())


def _values(message: Message, true_now: UpToDate, today: date, written: House) -> Values:
    account, person = message.account, message.account.person
    debit = OpenDebit.objects.filter(account=account, unpaid_minor__gt=0).order_by("due_on").first()
    amount = _amount(message, true_now, debit)
    token = token_of(message)
    values = Values(
        written.utilities[message.language], account.jurisdiction[:2], person.name or "",
        Money(amount, account.currency), debit.issued_on if debit else today,
        debit.due_on if debit else today, f"{written.portal}/p/{token}", _code(message),
        f"{written.portal}/h/{token}", today + A_WEEK,
    )  # fmt: skip
    if message.purpose == "statutory_notice":
        values = replace(values, answer_by=today + TO_ANSWER, action_from=today + THEN)
    return values


def _amount(message: Message, true_now: UpToDate, debit: OpenDebit | None) -> int:
    """Return what is asked for: the arrears now; before the due date, the bill to come."""
    standing = message.account.standing
    if message.purpose == "before_due" or not standing.arrears_minor:
        open_minor = debit.unpaid_minor if debit else standing.balance_minor
        return max(0, open_minor - true_now.paid_minor)
    return max(0, standing.arrears_minor - true_now.paid_minor)
