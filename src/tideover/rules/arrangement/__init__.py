"""Promises to pay and payment arrangements: what can be offered, when it is kept or broken."""

from tideover.rules.arrangement.limits import Owing, PlanBook, PlanFacts, Policy
from tideover.rules.arrangement.offering import (
    Asking,
    Choices,
    Offer,
    Preview,
    Wish,
    agreed_on,
    choices,
    offered,
    still_stands,
)
from tideover.rules.arrangement.schedule import Allowed, Instalment

__all__ = [
    "Allowed", "Asking", "Choices", "Instalment", "Offer", "Owing", "PlanBook", "PlanFacts",
    "Policy", "Preview", "Wish", "agreed_on", "choices", "offered", "still_stands",
]  # fmt: skip
