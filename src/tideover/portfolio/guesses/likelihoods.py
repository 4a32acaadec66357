"""How usual each piece of evidence is for each reason not to have paid: stated, not learnt.

The figures are opinions, rounded, held against a made-up utility; put better ones in their place
once interviews or visits have said what was really the matter. Nothing here is a fact about
anyone.
"""

from __future__ import annotations

from typing import NamedTuple

CAUSES = ("forgot", "payday", "stretched", "crisis", "avoids", "disputes", "moved")
SAID = {
    "forgot": "forgot", "payday": "waits for payday", "stretched": "is stretched",
    "crisis": "is in a crisis", "avoids": "avoids it", "disputes": "disputes it",
    "moved": "has moved",
}  # fmt: skip
OVERLAP = 0.8  # pieces of evidence tell partly the same, so each counts for so much of itself


class Piece(NamedTuple):
    """One piece of evidence.

    Args:
        words: Of each level, what is seen, as one reads it.
        shares: Of each level, how many of a hundred have it, in the order of `CAUSES`.
    """

    words: tuple[str, ...]
    shares: tuple[tuple[float, ...], ...]


def _two(here: str, not_here: str, shares: tuple[float, ...]) -> Piece:
    return Piece((not_here, here), (tuple(100 - share for share in shares), shares))


#                                     forgot payday stretched crisis avoids disputes moved
PIECES: dict[str, Piece] = {
    "supply": _two("supply has ended", "supply goes on", (2, 2, 2, 2, 3, 3, 95)),
    "dispute": _two("a dispute or complaint is open", "no dispute is known",
                    (0.5, 0.5, 0.5, 0.5, 0.5, 60, 0.5)),
    "hardship": _two("hardship is known", "no hardship is known", (2, 2, 6, 25, 2, 2, 2)),
    "autopay": _two("pays by direct debit", "pays by hand", (2, 2, 2, 15, 1, 2, 30)),
    "parts": Piece(
        ("hardly ever pays in round parts", "now and then pays a round part",
         "mostly pays in round parts"),
        ((36, 57, 7, 45, 8, 45, 75), (46, 35, 35, 43, 37, 45, 12), (18, 8, 58, 12, 55, 10, 13)),
    ),
    "regular": _two("pays about the same day of the month", "pays on no fixed day",
                    (50, 97, 95, 55, 36, 55, 50)),
    "after_due": _two("the usual day to pay comes some days after the bill is due",
                      "the usual day to pay would have been in time",
                      (10, 96, 36, 20, 22, 10, 15)),
    "age": Piece(
        ("past due for under two weeks", "past due for some weeks", "past due for over six weeks"),
        ((47, 55, 43, 22, 22, 15, 22), (28, 32, 35, 38, 30, 27, 13), (25, 13, 22, 40, 48, 58, 65)),
    ),
    "behind": Piece(
        ("was seldom behind in the last year", "was behind for some months of the last year",
         "was behind for most of the last year"),
        ((22, 23, 5, 30, 5, 33, 40), (40, 36, 19, 33, 12, 48, 43), (38, 41, 76, 37, 83, 19, 17)),
    ),
    "notices": Piece(
        ("got no notice in the last year", "got a notice in the last year",
         "got several notices in the last year"),
        ((44, 57, 34, 50, 18, 72, 72), (29, 23, 34, 30, 29, 18, 19), (27, 20, 32, 20, 53, 10, 9)),
    ),
    "lately": _two("much less came in of late than before", "as much came in of late as before",
                   (21, 11, 10, 27, 31, 52, 60)),
    "answers": _two("writes or calls back", "seldom answers", (9, 6, 14, 26, 10, 52, 5)),
}  # fmt: skip
