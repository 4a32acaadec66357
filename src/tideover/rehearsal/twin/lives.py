"""The lives of one block of accounts, lived: all that its tables are written from."""

from __future__ import annotations

from dataclasses import dataclass

from tideover.rehearsal.twin.ledger import Ledger
from tideover.rehearsal.twin.people import Chance, People, Span
from tideover.rehearsal.twin.place import Place
from tideover.rehearsal.twin.reach import Reach


@dataclass(frozen=True)
class Lives:
    """Who they are, how they are reached, and what happened to them; chance for what is left."""

    who: People
    how: Reach
    ledger: Ledger
    span: Span
    place: Place
    chance: Chance
