"""What casework keeps of accounts, people, cases and what happened."""

from tideover.casework.cases.models.accounts import (
    Account,
    ContactPoint,
    Night,
    OpenDebit,
    Person,
    Standing,
    UsageSeen,
)
from tideover.casework.cases.models.asking import Evidence, Rating, Referral, Request, Wish
from tideover.casework.cases.models.caring import Certificate, Circumstance, HardshipAgreement
from tideover.casework.cases.models.cases import Case, Decision, Hold, Promise
from tideover.casework.cases.models.events import Event, Seal
from tideover.casework.cases.models.keeping import Erasure, Note, SealKey, Suppression

__all__ = [
    "Account", "Case", "Certificate", "Circumstance", "ContactPoint", "Decision", "Erasure",
    "Event", "Evidence", "HardshipAgreement", "Hold", "Night", "Note", "OpenDebit", "Person",
    "Promise", "Rating", "Referral", "Request", "Seal", "SealKey", "Standing", "Suppression",
    "UsageSeen", "Wish",
]  # fmt: skip
