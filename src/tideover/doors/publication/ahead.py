"""One piece ahead: while the database takes a piece in, the next is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Piece = TypeVar("Piece")


def ahead(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield pieces in order; two are in memory at a time.

    Args:
        pieces: Made on a thread of its own, which has no connection to the database.

    >>> list(ahead(letter.upper() for letter in "abc"))
    ['A', 'B', 'C']
    """
    waiting, end = iter(pieces), object()
    with ThreadPoolExecutor(1, "ahead") as thread:
        coming = thread.submit(next, waiting, end)
        while (piece := coming.result()) is not end:
            coming = thread.submit(next, waiting, end)
            yield piece  # type: ignore[misc]
