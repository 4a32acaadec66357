"""What is kept of payments, of the ledger of money, of bank statements and of arrangements."""

from tideover.casework.payments.models.arrangements import (
    Arrangement,
    ArrangementOffer,
    Holiday,
    PlannedInstalment,
)
from tideover.casework.payments.models.bank import BankLine, SettlementDifference, SettlementLine
from tideover.casework.payments.models.books import Journal, Posting
from tideover.casework.payments.models.payments import Payment, SandboxPayment

__all__ = [
    "Arrangement", "ArrangementOffer", "BankLine", "Holiday", "Journal", "Payment",
    "PlannedInstalment", "Posting", "SandboxPayment", "SettlementDifference", "SettlementLine",
]  # fmt: skip
