"""Addresses are made comparable or refused with why (B15); nobody here is real."""

from __future__ import annotations

import pytest

from tideover.casework.outreach.addresses import email, marked, normal, number, postal
from tideover.terms.faults import Refused

MOBILE = "+31612345678"


@pytest.mark.parametrize(
    "said",
    [
        "06 12345678",
        "06-12345678",
        "+31 6 1234 5678",
        "0031612345678",
        "+31 06 12345678",
        "+31 (0)6 12345678",
        "\u202a+31612345678\u202c",
    ],
)
def test_one_number_has_one_form_and_one_mark(said: str) -> None:
    assert normal("sms", said, "NL") == MOBILE
    assert marked("sms", said, "NL") == marked("whatsapp", MOBILE)


@pytest.mark.parametrize(("said", "country", "why"), [
    ("10 123 45 67", "NL", "landline"), ("+31101234567", "", "landline"),
    ("06 12345678", "", "no telephone"), ("call me", "NL", "no telephone"),
    ("0612", "NL", "in use"), ("", "NL", "no telephone"), ("9" * 500, "NL", "no telephone"),
])  # fmt: skip
def test_a_number_that_takes_no_text_is_refused_with_why(said: str, country: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        normal("sms", said, country)


def test_a_landline_can_be_called_and_an_american_number_texted() -> None:
    assert normal("voice", "010 123 45 67", "NL") == "+31101234567"
    assert number("(201) 555-0123", "US", textable=True) == "+12015550123"


@pytest.mark.parametrize(("said", "form"), [
    ("Anna@Customer.example", "Anna@customer.example"), (" a@b.example\u200b", "a@b.example"),
    ("a@bücher.example", "a@xn--bcher-kva.example"), ('"a b"@c.example', '"a b"@c.example'),
    ("a+b@c.example.", "a+b@c.example"),
])  # fmt: skip
def test_an_e_mail_address_has_one_form(said: str, form: str) -> None:
    assert email(said) == form
    assert marked("email", said.upper()) == marked("email", form)


@pytest.mark.parametrize("said", ["", "a", "a@", "@b.example", "a@b", "a b@c.example",
                                  "a@b..example", "a@-b.example", "a" * 65 + "@b.example",
                                  '"a"b@c.example',
                                  "a@b.example, c@d.example", "a..b@c.example"])  # fmt: skip
def test_what_is_no_e_mail_address_is_refused(said: str) -> None:
    with pytest.raises(Refused):
        email(said)


def test_a_postal_address_is_lines_that_fit_an_envelope() -> None:
    assert (
        postal(" A. Example \r\n\n Street  1;1234 AB Town") == "A. Example\nStreet 1\n1234 AB Town"
    )
    for said in ("one line", "\n".join("abcdefghi"), "x" * 61 + "\nb", "a\x07\nb"):
        with pytest.raises(Refused):
            postal(said)


def test_no_refusal_repeats_the_address() -> None:
    for channel in ("sms", "email", "letter"):
        with pytest.raises(Refused) as refused:
            normal(channel, "someone-private")
        assert "private" not in str(refused.value)
