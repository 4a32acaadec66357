"""Writes a message's words from what is true now: the text, the case's values, the approvals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from tideover.casework.cases.models import OpenDebit
from tideover.casework.outreach.content import (
    LANGUAGES,
    Money,
    Rendered,
    Template,
    Values,
    chosen,
    rendered,
    unapproved,
    under_event,
    with_offer,
)
from tideover.casework.outreach.content.approval import pieces
from tideover.casework.outreach.content.letters import Letter, Press, Slip
from tideover.casework.outreach.content.links import check_code
from tideover.casework.outreach.content.shelf import wording
from tideover.casework.outreach.content.values import LINES
from tideover.casework.outreach.content.variables import said as variable
from tideover.casework.outreach.house import House, house
from tideover.casework.outreach.links import code_of, secret, token_of
from tideover.casework.outreach.models import Message, TextVersion
from tideover.casework.outreach.outbox.sender import Written
from tideover.casework.outreach.outbox.since import UpToDate
from tideover.casework.outreach.portal_mail import CODE, LINK
from tideover.rules.message import language_of
from tideover.terms.faults import Refused
from tideover.terms.reference import rf_reference

SHIPPED_BY = "Tideover"
# Answers to what was asked just now: they wait for no approval. Each by its file of words.
AT_ONCE = {"opt_out_confirmation": "stopped", CODE: "code", LINK: "link"}
LETTER, REFERENCE = "letter.pdf", 16
WINDOWS = {"NL": "a4_left", "US": "us_10"}
UNREVIEWED = "nobody who speaks the language approved its words"
NOBODY = "the utility has not said who it is (casework.toml)"
WINDOW = timedelta(hours=24)  # in which WhatsApp takes free words
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
        message = _as_wished(message)
        if self.live and not written.stated:
            return Written("", blocked=NOBODY)
        if message.purpose in AT_ONCE:
            return _at_once(message, written)
        today = at.astimezone(ZoneInfo(message.account.timezone)).date()
        try:
            values = _values(message, true_now, today, written)
            said = rendered(_template(message, true_now.situation, today), values)
        except Refused as why:
            return Written("", blocked=f"its words: {why.what}"[:200])
        if self.live and unapproved(said, approved()):
            return Written("", blocked=UNREVIEWED)
        return Written(
            said.text, said.subject, said.html, carries=said.content_items,
            version=f"{said.key.name}@{said.version}"[:80], check_code=_code(message),
            enclosed=partial(_enclosed, message, said, values),
            template=_approved_form(message, values, true_now.situation, at),
        )  # fmt: skip


def _as_wished(message: Message) -> Message:
    """Return a message in the language that its customer wished, where they said one."""
    wish = getattr(message.account.person, "wish", None)
    if wish and wish.language in LANGUAGES:
        message.language = wish.language
    return message


def _named(message: Message) -> str:
    """Return how a customer is addressed: as they wished, else by the name in the export."""
    wish = getattr(message.account.person, "wish", None)
    return (wish.named if wish else "") or message.account.person.name or ""


def _at_once(message: Message, written: House) -> Written:
    """Return what confirms an opt-out, a code or a link: asked for just now."""
    utility = written.utilities[language_of(message.language, message.account.jurisdiction)]
    words = wording(message.language, AT_ONCE[message.purpose])
    code = code_of(message)
    for name, value in (("utility_name", utility.name), ("phone", utility.phone),
                        ("code", f"{code[:3]} {code[3:]}"), ("check_code", _code(message)),
                        ("check_address", utility.check_address),
                        ("link", f"{written.portal}/p/{token_of(message)}")):  # fmt: skip
        words = {part: text.replace(f"{{{name}}}", value) for part, text in words.items()}
    return Written(
        words["text"], subject=words.get("subject", utility.name),
        carries=("business_name", "phone_number"), version=message.purpose,
        check_code="" if message.purpose == "opt_out_confirmation" else _code(message),
    )  # fmt: skip


def lay_out() -> int:
    """Lay every piece of the shipped texts before whoever may approve it; return how many are new.

    A changed word makes another piece, so what was approved stays approved and no more than that.
    """
    known = set(TextVersion.objects.values_list("name", flat=True))
    new = [TextVersion(name=name, number=1, source=source, author=SHIPPED_BY)
           for language in LANGUAGES for name, source in pieces(language)
           if name not in known]  # fmt: skip
    TextVersion.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def approved() -> frozenset[str]:
    """Return the pieces of text that a second person approved, as `name@version`."""
    named = TextVersion.objects.exclude(approver="").values_list("name", flat=True)
    return frozenset(named)


@cache
def _press() -> Press:
    """Return the one press: making it costs a hundred letters' time."""
    return Press()


def _approved_form(
    message: Message, values: Values, situation: Mapping[str, Any], at: datetime
) -> tuple[str, tuple[str, ...]] | None:
    """Return the form that WhatsApp wants approved, and what goes in its places.

    Within a day of what the customer wrote there, words of our own may go.
    """
    if message.channel != "whatsapp" or _wrote_lately(situation, at):
        return None
    in_words = partial(variable, values=values, language=message.language, form="short")
    places = ("address_as", "amount", "due_on", "pay_link")
    return f"{message.purpose}_{message.tone}", tuple(in_words(name) for name in places)


def _wrote_lately(situation: Mapping[str, Any], at: datetime) -> bool:
    return any(
        event.get("channel") == "whatsapp" and event.get("direction") == "inbound"
        and at - datetime.fromisoformat(event["at"]) < WINDOW
        for event in situation.get("history") or ()
    )  # fmt: skip


def _enclosed(message: Message, said: Rendered, values: Values) -> Mapping[str, bytes]:
    return {LETTER: _printed(message, said, values)} if message.form == "letter" else {}


def _printed(message: Message, said: Rendered, values: Values) -> bytes:
    """Return a letter as PDF, with a payment slip where something is asked for."""
    account, written, today = message.account, house(), values.pay_by
    assert message.point is not None
    assert today is not None
    slip = None
    if not said.key.event and message.purpose != "help" and values.amount.minor > 0:
        reference = rf_reference(message.key.hex[:REFERENCE].upper())
        slip = Slip(values.utility.name, written.iban, reference, values.amount, today)
    lines = [account.person.name, *message.point.address.replace(", ", "\n").splitlines()]
    return _press().pdf(
        Letter(message.key.hex, said, values.utility, tuple(filter(None, lines))[:LINES],
               today - A_WEEK, values.territory, WINDOWS.get(values.territory, "a4_left"), slip)
    )  # fmt: skip


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
    account, _person = message.account, message.account.person
    unpaid = [debit for debit in account.open_debits.all() if debit.unpaid_minor > 0]
    debit = min(unpaid, key=lambda one: (one.due_on, one.pk), default=None)
    amount = _amount(message, true_now, debit)
    token = token_of(message)
    values = Values(
        written.utilities[message.language], account.jurisdiction[:2], _named(message),
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
