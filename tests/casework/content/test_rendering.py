"""Values go into a text as they are, and do nothing there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from babel import Locale
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from tideover.casework.outreach.content import Money, Utility, Values, chosen, rendered, shipped
from tideover.casework.outreach.content.personas import made_up
from tideover.casework.outreach.content.template import Template
from tideover.casework.outreach.content.variables import VARIABLES, formatted, said
from tideover.terms.faults import Refused
from tideover.terms.money import MINOR_DIGITS, text

LONG = chosen("plan_reminder", "long", language="en", tone="empathetic")
NOOR = made_up("en")["a small bill, just forgotten"]
NASTY = ("{{7*7}}", "<script>alert(1)</script>", "{% include 'x' %}", "${jndi:x}", "{amount}",
         "Ann\r\nBcc: all@list.example", "\u202etxt.exe", "\\1\\g<0>", "#eval(1)")  # fmt: skip


class Tags(HTMLParser):
    """What a mail reader would make of a page: its tags and the words between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


def called(name: str) -> Values:
    """Return a case of someone who is called this."""
    return replace(NOOR, address_as=name, utility=replace(NOOR.utility, name=name or "X"))


@given(st.one_of(st.sampled_from(NASTY), st.text(min_size=1, max_size=300)))
def test_no_name_changes_the_shape_of_a_mail(name: str) -> None:
    try:
        message = rendered(LONG, called(name))
    except Refused:  # nothing is left of a name of hidden marks alone
        return
    plain = Tags(rendered(LONG, NOOR).html)
    assert Tags(message.html).tags == plain.tags
    assert len(message.subject.splitlines()) == 1
    assert message.text.count("\n\n") == rendered(LONG, NOOR).text.count("\n\n")


@pytest.mark.parametrize("name", NASTY[:5])
def test_what_looks_like_a_template_is_shown_as_it_is(name: str) -> None:
    message = rendered(LONG, called(name))
    assert f"Dear {name}," in message.text
    assert f"Dear {name}," in Tags(message.html).words


@given(st.text(min_size=1, max_size=200))
def test_no_value_starts_a_header_of_its_own(name: str) -> None:
    text = replace(LONG, subject="For {address_as}: {utility_name}")
    try:
        subject = rendered(text, called(name)).subject
    except Refused:
        return
    mail = EmailMessage()
    mail["Subject"] = subject  # the standard library refuses a line break here
    assert [header for header, _ in mail.items()] == ["Subject"]


def test_marks_that_hide_or_turn_a_text_are_taken_out() -> None:
    assert called("\u202eann\u200b\ufeff").address_as == "ann"
    assert called("a" * 5_000_000).address_as == "a" * 120


def test_names_keep_their_accents_apostrophes_and_joined_letters() -> None:
    for name in ("Şule O'Neil-van 't Hoff", "نیلوفر می\u200cخواهم", "👩\u200d🚒"):
        assert called(name).address_as == name


@pytest.mark.parametrize("text", shipped().values(), ids=[key.name for key in shipped()])
def test_every_variable_of_a_text_is_in_what_it_renders(text: Template) -> None:
    values = made_up(text.key.language)["a new start after losing a job"]
    message = rendered(text, values)
    for name in text.variables:
        written = said(name, values, language=text.key.language, form=text.key.form)
        shown = written.replace("\u00a0", " ").replace("\u202f", " ")
        everything = f"{message.subject}\n{message.text}"
        assert shown in everything.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_value_that_a_case_does_not_have_is_named() -> None:
    with pytest.raises(Refused, match="'instalment_on'"):
        rendered(LONG, replace(NOOR, instalment_on=None))


@pytest.mark.parametrize(("language", "territory", "amount", "day"), [
    ("en", "US", "$1,287.50", "August\u00a01, 2026"),
    ("en", "NL", "US$\u00a01.287,50", "1\u00a0August 2026"),
    ("nl", "NL", "US$\u00a01.287,50", "1\u00a0augustus 2026"),
    ("es", "US", "$1,287.50", "1\u00a0de agosto de 2026"),
    ("fr", "FR", "1\u202f287,50\u00a0$US", "1er\u00a0août 2026"),
])  # fmt: skip
def test_amounts_and_days_are_written_as_the_reader_writes_them(
    language: str, territory: str, amount: str, day: str
) -> None:
    values = replace(NOOR, territory=territory, amount=Money(1_287_50, "USD"),
                     due_on=date(2026, 8, 1))  # fmt: skip
    assert said("amount", values, language=language, form="long") == amount
    assert said("due_on", values, language=language, form="long") == day


@pytest.mark.parametrize("place", ["nl_NL", "fr_FR", "es_ES", "en_US", "en_IN"])
def test_an_amount_is_written_as_its_locale_has_it_in_every_currency(place: str) -> None:
    locale = Locale.parse(place)
    for currency in MINOR_DIGITS:
        for minor in (0, 1, 99, 100, 10_000, 123_450, 100_000_000, -5):
            amount = Decimal(text(minor, currency))
            asked = format_currency(amount, currency, locale=locale)
            assert formatted(Money(minor, currency), locale, "long") == asked


def test_a_mail_has_one_link_and_it_is_the_button() -> None:
    message = rendered(LONG, NOOR)
    assert Tags(message.html).tags.count("a") == 1
    assert f'<a href="{NOOR.pay_link}"' in message.html
    assert '<html lang="en"' in message.html


def test_french_printed_texts_bind_their_marks_and_text_messages_do_not() -> None:
    values = made_up("fr")["a small bill, just forgotten"]
    long = rendered(chosen("help", "long", language="fr", tone="direct"), values)
    short = rendered(chosen("help", "short", language="fr", tone="direct"), values)
    assert "moment\u202f?" in long.text
    assert "’" in long.text
    assert "\u202f" not in short.text
    assert "'" in short.text


@pytest.mark.parametrize("link", [
    "https://bit.ly/3xYzAbC1", "http://pay.rivierland.example/p/7Q2M4XPD",
    "https://rivierland.example.attacker.test/p/7Q2M4XPD",
    "https://pay.rivierland.example/p/7Q2M4XPD?name=noor",
    "https://pay.rivierland.example/noor@mail.example", "https://u:p@rivierland.example/p/7Q2M4XPD",
    "javascript:alert(1)",
])  # fmt: skip
def test_a_link_that_leads_elsewhere_or_tells_of_a_person_is_refused(link: str) -> None:
    with pytest.raises(Refused, match="A link in a message"):
        replace(NOOR, pay_link=link)


def test_every_variable_says_what_it_means_and_has_a_value_in_the_previews() -> None:
    for name, variable in VARIABLES.items():
        assert variable.meaning
        assert said(name, NOOR, language="en", form="long")
    assert isinstance(NOOR.utility, Utility)


def test_someone_who_did_not_say_how_to_be_addressed_is_a_customer() -> None:
    assert "Dear customer," in rendered(LONG, replace(NOOR, address_as="\u200b")).text
