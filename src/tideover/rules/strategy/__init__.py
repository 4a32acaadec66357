"""Strategies: decision tables and ladders of notices as data, checked, and made a function."""

from tideover.rules.strategy.folder import Strategy, hash_of, parse_strategy
from tideover.rules.strategy.head import HEAD_FILE
from tideover.rules.strategy.policy import Policy
from tideover.rules.strategy.proposal import OFFERS, SILENCE, TONES, Proposal

__all__ = ["HEAD_FILE", "OFFERS", "SILENCE", "TONES", "Policy", "Proposal", "Strategy", "hash_of",
           "parse_strategy"]  # fmt: skip
