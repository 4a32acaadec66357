"""A letter on paper: tagged, in its language, for a window, with a slip that a bank can read."""

from __future__ import annotations

import io
import sys
from typing import Any

import pypdf
import pytest

from tideover.casework.outreach.content import LANGUAGES, chosen, rendered, under_event
from tideover.casework.outreach.content.letters import Press, Slip, epc_code
from tideover.casework.outreach.content.letters.handoff import pages
from tideover.casework.outreach.content.letters.press import windows
from tideover.casework.outreach.content.values import Money
from tideover.terms.faults import Refused, StepMissing
from tideover.terms.reference import is_iban, is_rf_reference, rf_reference

POINTS_A_MM = 72 / 25.4


def read(pdf: bytes) -> pypdf.PdfReader:
    """Return a PDF as another library reads it."""
    return pypdf.PdfReader(io.BytesIO(pdf))


def words(pdf: bytes) -> str:
    """Return a PDF's words, with every space a plain one."""
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_is_tagged_titled_and_in_its_language(
    press: Press, letter: Any, language: str
) -> None:
    made = letter(language)
    root = read(press.pdf(made)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert read(press.pdf(made)).metadata.title == made.message.subject


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_says_amount_help_check_and_stop(press: Press, letter: Any, language: str) -> None:
    made = letter(language)
    printed = words(press.pdf(made)).replace("\u00a0", " ").replace("\u202f", " ")
    for value in ("64,34", "7Q2M-4XPD", "rivierland.example/check", "0800 555 0100",
                  "RF18 5390 0754 7034", "NL91 ABNA 0417 1643 00", "Noor Example"):  # fmt: skip
        assert value in printed


def test_the_same_letter_is_the_same_bytes(press: Press, letter: Any) -> None:
    first = press.pdf(letter())
    press.pdf(letter("fr"))
    assert press.pdf(letter()) == first


def test_a_hostile_name_is_printed_as_it_is(press: Press, letter: Any) -> None:
    name = '#read("x") $7*7$ <script> {{7*7}} */'
    assert name.replace(" ", "") in words(
        press.pdf(letter(addressee=(name, "Kerkstraat 12")))
    ).replace(" ", "")


@pytest.mark.parametrize("window", ["a4_left", "a4_right", "us_10"])
def test_the_address_stands_in_the_window(press: Press, letter: Any, window: str) -> None:
    seen: list[tuple[float, float]] = []

    def visit(text: str, placed: Any, *_: Any) -> None:
        if "Kerkstraat" in text:
            seen.append((placed[4], placed[5]))

    page = read(press.pdf(letter(window=window))).pages[0]
    page.extract_text(visitor_text=visit)
    place = windows()[window]
    across = seen[0][0] / POINTS_A_MM
    down = (float(page.mediabox.height) - seen[0][1]) / POINTS_A_MM
    assert abs(across - place["x"]) < 1
    assert place["y"] < down < place["y"] + place["height"]


def test_large_print_is_larger(press: Press, letter: Any) -> None:
    assert pages(press.pdf(letter(large_print=True))) > pages(press.pdf(letter()))


@pytest.mark.parametrize("purpose", ["help", "statutory_notice", "yellow_zone"])
def test_pages_are_counted_as_another_library_counts_them(
    press: Press, letter: Any, purpose: str
) -> None:
    pdf = press.pdf(letter("nl", purpose, slip=None))
    assert pages(pdf) == len(read(pdf).pages)


def test_a_letter_that_asks_for_nothing_has_no_slip(letter: Any, noor: Any) -> None:
    with pytest.raises(Refused, match="no payment slip"):
        letter(purpose="help")
    text = chosen("day_after_due", "letter", language="en", tone="direct")
    with pytest.raises(Refused, match="no payment slip"):
        letter(message=rendered(under_event(text, "outage"), noor))


def test_a_mail_is_not_printed(letter: Any, noor: Any) -> None:
    mail = rendered(chosen("help", "long", language="en", tone="direct"), noor)
    with pytest.raises(Refused, match="form of a letter"):
        letter(message=mail)


def test_a_letter_without_typst_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(StepMissing, match=r"tideover\[letters\]"):
        Press()


def test_the_code_of_a_slip_holds_what_the_slip_says(monkeypatch: pytest.MonkeyPatch) -> None:
    import segno.helpers

    said: list[Any] = []
    whole = segno.helpers.segno.make_qr
    monkeypatch.setattr(
        segno.helpers.segno,
        "make_qr",
        lambda content, **how: said.append(content) or whole(content, **how),
    )
    svg = epc_code(slip(Money(64_30, "EUR")))
    assert svg.startswith("<svg")
    assert said[0].decode().split("\n")[:10] == [
        "BCD", "002", "1", "SCT", "", "Rivierland Water NV", "NL91ABNA0417164300", "EUR64.3", "",
        "RF18539007547034",
    ]  # fmt: skip


@pytest.mark.parametrize(("amount", "iban", "has_code"), [
    (Money(1, "EUR"), "NL91ABNA0417164300", True), (Money(1, "USD"), "NL91ABNA0417164300", False),
    (Money(1, "EUR"), "", False),
])  # fmt: skip
def test_only_euros_to_an_account_have_a_code(amount: Money, iban: str, has_code: bool) -> None:
    assert slip(amount, iban).has_code is has_code


def test_a_slip_with_a_wrong_digit_is_refused() -> None:
    with pytest.raises(Refused, match="account number"):
        slip(Money(1, "EUR"), "NL91ABNA0417164301")
    with pytest.raises(Refused, match="reference"):
        slip(Money(1, "EUR"), reference="RF19539007547034")


@pytest.mark.parametrize(("body", "reference"), [
    ("539007547034", "RF18539007547034"),  # the standard's own example
    ("2348231", "RF712348231"), ("G72UUR", "RF45G72UUR"), ("000000000000000000001", None),
])  # fmt: skip
def test_a_reference_has_the_check_digits_of_the_standard(body: str, reference: str) -> None:
    assert is_rf_reference(rf_reference(body))
    assert reference in (None, rf_reference(body))


def test_every_wrong_digit_of_a_reference_or_account_is_noticed() -> None:
    for right, check in (
        ("RF18539007547034", is_rf_reference),
        ("GB82WEST12345698765432", is_iban),
    ):
        assert check(right)
        for at, digit in enumerate(right):
            wrong = right[:at] + ("1" if digit != "1" else "2") + right[at + 1 :]
            assert not check(wrong), wrong


def slip(amount: Money, iban: str = "NL91ABNA0417164300", reference: str = "") -> Slip:
    """Return a slip for an amount."""
    from datetime import date

    made = reference or rf_reference("539007547034")
    return Slip("Rivierland Water NV", iban, made, amount, date(2026, 3, 17))
