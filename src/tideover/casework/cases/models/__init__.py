"""What casework keeps of accounts, people, cases and what happened."""

from tideover.casework.cases.models.accounts import (
    Account,
    ContactPoint,
    Night,
    OpenDebit,
    Person,
    Standing,
)
from tideover.casework.cases.models.cases import Case, Circumstance, Decision, Hold, Promise
from tideover.casework.cases.models.events import Event, Seal

__all__ = [
    "Account", "Case", "Circumstance", "ContactPoint", "Decision", "Event", "Hold", "Night",
    "OpenDebit", "Person", "Promise", "Seal", "Standing",
]  # fmt: skip
