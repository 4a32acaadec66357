"""Writes a message's words from what is true now: the text, the case's values, the approvals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache, lru_cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from tideover.casework.outreach.approving import approved
from tideover.casework.outreach.content import (
    LANGUAGES,
    Answers,
    Money,
    Rendered,
    Template,
    Values,
    answers,
    chosen,
    rendered,
    spoken_by,
    unapproved,
    under_event,
    with_offer,
)
from tideover.casework.outreach.content.events import OF_NO_BILL
from tideover.casework.outreach.content.letters import Letter, Press, Slip
from tideover.casework.outreach.content.links import check_code
from tideover.casework.outreach.content.shelf import wording
from tideover.casework.outreach.content.template import Key
from tideover.casework.outreach.content.values import LINES
from tideover.casework.outreach.content.variables import said as variable
from tideover.casework.outreach.content.variants import drawn, variants
from tideover.casework.outreach.house import House, house
from tideover.casework.outreach.links import code_of, secret, token_of
from tideover.casework.outreach.models.calls import PERSON
from tideover.casework.outreach.outbox.sender import Written
from tideover.casework.outreach.outbox.since import UpToDate
from tideover.casework.outreach.outbox.standing import REMINDERS
from tideover.casework.outreach.outbox.waiting import Waiting
from tideover.casework.outreach.portal_mail import CODE, LINK
from tideover.casework.outreach.reminding import CARE, agreed_of, care_until
from tideover.rules.message import language_of
from tideover.terms.faults import Refused
from tideover.terms.reference import rf_reference

# Answers to what was asked just now: they wait for no approval. Each by its file of words.
AT_ONCE = {"opt_out_confirmation": "stopped", CODE: "code", LINK: "link"}
LETTER, REFERENCE = "letter.pdf", 16
WINDOWS = {"NL": "a4_left", "US": "us_10"}
UNREVIEWED = "nobody who speaks the language approved its words"
NOBODY = "the utility has not said who it is (casework.toml)"
LOOK_AGAIN = timedelta(minutes=1)
WITH_BUTTONS = {"whatsapp"}
WINDOW = timedelta(hours=24)  # in which WhatsApp takes free words
# What a form that WhatsApp approved has places for.
OF_A_BILL = ("address_as", "amount", "due_on", "pay_link")
OF_AGREED = ("address_as", "instalment", "instalment_on", "pay_link")
OF_CARE = ("address_as", "care_until", "help_link")
OF_AN_EVENT = ("address_as", "help_link")  # nothing is asked of anybody there
A_WEEK, TO_ANSWER, THEN = timedelta(days=7), timedelta(days=14), timedelta(days=20)
EVENT_DAYS = 3  # so long what happened there changes what is said, its own day among them
# The gravest first: where two happened, it is the one that is spoken of.
EVENTS = {"disaster_dates": "disaster", "outage_dates": "outage",
          "rate_change_dates": "tariff_change"}  # fmt: skip


@dataclass(frozen=True)
class ContentAuthor:
    """Writes from the shelf of texts.

    Args:
        live: It leaves for real people; only approved words may.
    """

    live: bool
    _approved: set[str] = field(default_factory=set)
    _looked: list[datetime] = field(default_factory=list)  # when the approvals were last read

    def write(self, message: Waiting, true_now: UpToDate, at: datetime) -> Written:
        """Return the words of a message as they are true now."""
        written = house()
        message = _as_wished(message)
        if self.live and not written.stated:
            return Written("", blocked=NOBODY)
        if message.purpose in AT_ONCE:
            return _at_once(message, written)
        today = at.astimezone(ZoneInfo(message.account.timezone)).date()
        event = "" if message.purpose in OF_NO_BILL else _event(true_now.situation, today)
        free = _in_free_words(message, true_now.situation, at)
        try:
            values = _values(message, true_now, today, written)
            among = self._variants(message, at) if free and not event else ()
            variant = drawn(message.account_id, message.purpose, among)
            template = _template(_wanted(message, variant, event))
            spoken = spoken_by(template, machine=message.provider != PERSON)
            said = rendered(spoken, values)
        except Refused as why:
            return Written("", blocked=f"its words: {why.what}"[:200])
        if self.live and self._unapproved(said):
            return Written("", blocked=UNREVIEWED)
        return Written(
            said.text, said.subject, said.html, carries=said.content_items,
            version=f"{said.key.name}@{said.version}", check_code=values.check_code,
            variant=variant, drawn_of=";".join(among) if len(among) > 1 else "",
            enclosed=partial(_enclosed, message, said, values),
            template=None if free else _approved_form(message, values, event),
            buttons=self._buttons(message, template, values) if free else (),
        )  # fmt: skip

    def _buttons(self, message: Waiting, template: Template, values: Values) -> tuple[str, ...]:
        """Return answers to tap, where the channel has buttons; none that nobody approved."""
        if message.channel not in WITH_BUTTONS:
            return ()
        said = answers(template, values.utility.stop_word)
        return () if self.live and self._unapproved(said) else said.labels

    def _variants(self, message: Waiting, at: datetime) -> tuple[str, ...]:
        """Return what is drawn from: of the variants that are written, those that may leave.

        Where an earlier try may have arrived, it was of those that were there then.
        """
        if message.first_try_at and message.variant:
            return tuple((message.drawn_of or message.variant).split(";"))
        written = variants(message.purpose, message.form, message.language, message.tone)
        if self.live and len(written) > 1:
            self._look_again(at)
        return tuple(text.key.variant for text in written
                     if not (self.live and unapproved(text, self._approved)))  # fmt: skip

    def _look_again(self, at: datetime) -> None:
        """Read the approvals anew, once in a while: what was approved since is drawn as well."""
        if not self._looked or abs(at - self._looked[-1]) >= LOOK_AGAIN:
            self._looked[:] = [at]
            self._approved.update(approved())

    def _unapproved(self, said: Rendered | Answers) -> bool:
        """Say whether words may not leave; no approval is ever taken back, so each is read once."""
        if unapproved(said, self._approved):
            self._approved.update(approved())
        return bool(unapproved(said, self._approved))


def _as_wished(message: Waiting) -> Waiting:
    """Return a message in the language that its customer wished, where they said one."""
    wished = message.account.person.wished_language
    if wished in LANGUAGES:
        message.language = wished
    return message


def _named(message: Waiting) -> str:
    """Return how a customer is addressed: as they wished, else by the name in the export."""
    person = message.account.person
    return person.wished_name or person.name or ""


def _at_once(message: Waiting, written: House) -> Written:
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


@cache
def _press() -> Press:
    """Return the one press: making it costs a hundred letters' time."""
    return Press()


def _approved_form(message: Waiting, values: Values, event: str) -> tuple[str, tuple[str, ...]]:
    """Return the form that WhatsApp wants approved, and what goes in its places.

    It says what the words of our own say: where something happened it is another form, which asks
    for nothing.
    """
    in_words = partial(variable, values=values, language=message.language, form="short")
    places = {CARE: OF_CARE, **dict.fromkeys(REMINDERS, OF_AGREED)}.get(message.purpose, OF_A_BILL)
    name = f"{message.purpose}_{message.tone}"
    if event:
        name, places = f"{name}_{event}", OF_AN_EVENT
    return name, tuple(in_words(place) for place in places)


def _in_free_words(message: Waiting, situation: Mapping[str, Any], at: datetime) -> bool:
    """Say whether words of our own may go: by WhatsApp within a day of what was written there."""
    return message.channel != "whatsapp" or any(
        event.get("channel") == "whatsapp" and event.get("direction") == "inbound"
        and at - datetime.fromisoformat(event["at"]) < WINDOW
        for event in situation.get("history") or ()
    )  # fmt: skip


def _enclosed(message: Waiting, said: Rendered, values: Values) -> Mapping[str, bytes]:
    return {LETTER: _printed(message, said, values)} if message.form == "letter" else {}


def _printed(message: Waiting, said: Rendered, values: Values) -> bytes:
    """Return a letter as PDF, with a payment slip where something is asked for."""
    account, written, today = message.account, house(), values.pay_by
    assert message.point is not None
    assert today is not None
    slip = None
    if not said.key.event and message.purpose not in ("help", CARE) and values.amount.minor > 0:
        reference = rf_reference(message.key.hex[:REFERENCE].upper())
        slip = Slip(values.utility.name, written.iban, reference, values.amount, today)
    lines = [account.person.name or "", *message.point.address.replace(", ", "\n").splitlines()]
    return _press().pdf(
        Letter(message.key.hex, said, values.utility, tuple(filter(None, lines))[:LINES],
               today - A_WEEK, values.territory, WINDOWS.get(values.territory, "a4_left"), slip)
    )  # fmt: skip


def _event(situation: Mapping[str, Any], today: date) -> str:
    """Return what happened lately where the customer lives; empty where nothing did."""
    context = situation.get("context") or {}
    for fact, event in EVENTS.items():
        days = [date.fromisoformat(day) for day in context.get(fact, ())]
        if any(timedelta(0) <= today - day < timedelta(days=EVENT_DAYS) for day in days):
            return event
    return ""


def _wanted(message: Waiting, variant: str, event: str) -> Key:
    """Return which text a message is to be."""
    return Key(message.purpose, message.form, message.language, message.tone, variant,
               message.offer, event)  # fmt: skip


@lru_cache(maxsize=1024)  # they are few, and putting one together costs as much as filling it
def _template(key: Key) -> Template:
    template = with_offer(chosen(key.purpose, key.form, language=key.language, tone=key.tone,
                                 variant=key.variant), key.offer)  # fmt: skip
    return under_event(template, key.event) if key.event else template


def _code(message: Waiting) -> str:
    return check_code(message.key.hex, secret())


def _values(message: Waiting, true_now: UpToDate, today: date, written: House) -> Values:
    account, debit = message.account, message.account.unpaid
    amount = _amount(message, true_now)
    token = token_of(message)
    values = Values(
        written.utilities[message.language], account.jurisdiction[:2], _named(message),
        Money(amount, account.currency), debit.issued_on if debit else today,
        debit.due_on if debit else today, f"{written.portal}/p/{token}", _code(message),
        f"{written.portal}/h/{token}", today + A_WEEK,
    )  # fmt: skip
    if message.purpose == "statutory_notice":
        values = replace(values, answer_by=today + TO_ANSWER, action_from=today + THEN)
    if message.purpose in REMINDERS:
        due = agreed_of(message.purpose, message.cycle, today)
        values = replace(values, instalment=Money(due.amount_minor, account.currency),
                         instalment_on=due.due_on, instalments_left=due.follow)  # fmt: skip
    if message.purpose == CARE:
        values = replace(values, care_until=care_until(account.person_id, message.cycle))
    return values


def _amount(message: Waiting, true_now: UpToDate) -> int:
    """Return what is asked for: the arrears now; before the due date, the bill to come."""
    standing, debit = message.account.standing, message.account.unpaid
    assert standing is not None
    if message.purpose == "before_due" or not standing.arrears_minor:
        open_minor = debit.unpaid_minor if debit else standing.balance_minor
        return max(0, open_minor - true_now.paid_minor)
    return max(0, standing.arrears_minor - true_now.paid_minor)
