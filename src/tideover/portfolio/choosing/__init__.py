"""What followed earlier draws -> what each way to treat an account is worth, and how surely.

A step of the night that runs where the settings ask for it: the lessons are kept with the models.
"""

from tideover.portfolio.choosing.evidence import EVIDENCE, Terms, evidence_of, rewarded
from tideover.portfolio.choosing.lessons import Lessons, learn, load, save
from tideover.portfolio.choosing.personal import History
from tideover.portfolio.choosing.traits import COLUMNS, traits
from tideover.portfolio.choosing.weigh import Believed, Chooser

__all__ = [
    "COLUMNS", "EVIDENCE", "Believed", "Chooser", "History", "Lessons", "Terms",
    "evidence_of", "learn", "load", "rewarded", "save", "traits",
]  # fmt: skip
