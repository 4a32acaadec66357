"""A strategy tried on the past: the same days under it and under another, side by side."""

from tideover.rehearsal.replay.beside import AFTER, BEFORE
from tideover.rehearsal.replay.ledger import Ledger, proposed
from tideover.rehearsal.replay.rehearsed import PastDay, Side, rehearse, unit_costs

__all__ = ["AFTER", "BEFORE", "Ledger", "PastDay", "Side", "proposed", "rehearse",
           "unit_costs"]  # fmt: skip
