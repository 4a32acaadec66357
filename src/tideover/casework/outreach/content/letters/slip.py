"""The payment slip of a letter: who is paid, how much, and a reference that a bank can match."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import segno.helpers

from tideover.casework.outreach.content.values import Money
from tideover.terms.faults import Refused
from tideover.terms.money import text as decimal_text
from tideover.terms.reference import is_iban, is_rf_reference

LONGEST_PAYEE = 70  # of an EPC code


@dataclass(frozen=True)
class Slip:
    """What a customer copies into a bank transfer, or scans.

    Args:
        payee: Whose account it is; at most 70 letters.
        iban: The account, without spaces; empty where there are none, and then no code is printed.
        reference: An ISO 11649 reference, see `rf_reference`; no name and no plain account number.
        pay_by: The day we ask for.
    """

    payee: str
    iban: str
    reference: str
    amount: Money
    pay_by: date

    def __post_init__(self) -> None:
        if self.iban and not is_iban(self.iban):
            raise Refused("The account number of the slip fails its check digits",
                          mend="Copy the IBAN again")  # fmt: skip
        if not is_rf_reference(self.reference):
            raise Refused("The reference of the slip fails its check digits",
                          mend="Make it with rf_reference")  # fmt: skip
        if self.amount.minor <= 0 or not 0 < len(self.payee) <= LONGEST_PAYEE:
            raise Refused("A slip needs an amount above zero and a payee of at most 70 letters")

    @property
    def has_code(self) -> bool:
        """Return whether a bank's app could read it: euros, to an account."""
        return bool(self.iban) and self.amount.currency == "EUR"


def epc_code(slip: Slip) -> str:
    """Return a slip's QR code as SVG, for the apps of European banks.

    Source: European Payments Council, EPC069-12 (version 2, SEPA credit transfer).
    """
    code = segno.helpers.make_epc_qr(
        slip.payee, slip.iban, Decimal(decimal_text(slip.amount.minor, "EUR")),
        reference=slip.reference, encoding="utf-8",
    )  # fmt: skip
    drawn = io.BytesIO()
    code.save(drawn, kind="svg", border=2, xmldecl=False, nl=False, unit="")
    return drawn.getvalue().decode()
