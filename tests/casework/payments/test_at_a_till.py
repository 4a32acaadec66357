"""In cash, with a code: our own reference, shown for a till to read, brought by the bank."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.casework import cast
from tests.casework.portal.phone import bills, inside
from tideover.casework.payments.camt.lines import Line
from tideover.casework.payments.codes import _WIDTHS, CODE_128, QR, code_of, values
from tideover.casework.payments.matching import take_lines
from tideover.casework.payments.methods import parse_methods
from tideover.casework.payments.models import Payment
from tideover.casework.payments.owed import owed
from tideover.terms.faults import Usage

CASH = """
[[method]]
name = "cash"
kind = "voucher"
contract = "cash"
code = "%s"
names = { en = "In cash, at a post office", nl = "Contant", es = "En efectivo", fr = "En espèces" }
"""


def by_till(place: Path, code: str) -> Any:
    """Return the phone of somebody who chose to pay 25.00 in cash."""
    (place / "methods.toml").write_text(CASH % code)
    case = cast.payer()
    bills(case)
    phone = inside(case)[0].open("/my/pay/").press(amount="other").press(other="25")
    return phone.press(way="cash").press()


@pytest.mark.django_db
@pytest.mark.parametrize("code", [QR, CODE_128])
def test_the_reference_is_shown_with_a_code_and_the_banks_line_pays(place: Path, code: str) -> None:
    phone = by_till(place, code)
    made = Payment.objects.get()
    assert phone.title == "Pay in cash"
    assert made.reference in phone.text
    assert 'class="till" src="data:image/svg+xml' in phone.page
    take_lines([Line("NL91ABNA0417164300", cast.TODAY, 2_500, "EUR", made.reference, "", "A till",
                     False)], now=cast.NOW)  # fmt: skip
    assert owed("A-payer").arrears_minor == 12_050 - 2_500
    assert phone.open("/my/pay/go/").title == "Thank you. We have € 25,00"


def test_a_code_of_128_has_bars_of_eleven_modules_a_sign_and_its_check() -> None:
    assert {sum(map(int, widths)) for widths in _WIDTHS} == {11}
    assert len(set(_WIDTHS)) == 106
    assert values("RF18539007547034")[:3] == [104, 50, 38]
    drawn = unquote(code_of(CODE_128, "RF18539007547034"))
    assert drawn.count("M") == 1 + 3 * 18 + 4  # the ground; start, 16 signs, check; the stop
    with pytest.raises(ValueError, match="letters"):
        values("RF18\n")


@pytest.mark.parametrize(("kind", "code"), [("page", "qr"), ("voucher", "aztec")])
def test_a_code_that_cannot_be_is_refused(kind: str, code: str) -> None:
    with pytest.raises(Usage):
        parse_methods((CASH % code).replace('"voucher"', f'"{kind}"'), "methods.toml")
