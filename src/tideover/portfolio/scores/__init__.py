"""Calibrated likelihoods of repayment, with reasons in words, and curves of when people pay.

`train` learns from history; `save` and `load` keep what was learnt; `apply` scores accounts.
"""

from tideover.portfolio.scores.apply import SCORES, apply, why
from tideover.portfolio.scores.card import card_markdown
from tideover.portfolio.scores.drift import Drift, drift, needs_training, outcome_errors
from tideover.portfolio.scores.measures import evaluate
from tideover.portfolio.scores.models import Models, load, save
from tideover.portfolio.scores.train import train

__all__ = [
    "SCORES", "Drift", "Models", "apply", "card_markdown", "drift", "evaluate", "load",
    "needs_training", "outcome_errors", "save", "train", "why",
]  # fmt: skip
