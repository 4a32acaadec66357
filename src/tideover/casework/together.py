"""Rows that several threads bring at once are stored together: each commit waits for the disk.

SQLite writes one transaction at a time and waits for the disk in each: a hundred webhooks a second
are more than that. Whoever is first stores what the others brought meanwhile, and nobody is told
that something is stored before it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.db import DataError, IntegrityError

Rows = Sequence[dict[str, Any]]


@dataclass
class _Brought:
    """Rows of one thread, and what became of them."""

    rows: Rows
    is_over: bool = False
    fault: BaseException | None = None


class Together:
    """Stores rows of all threads of this process.

    Args:
        write: Stores rows, in one transaction.
    """

    def __init__(self, write: Callable[[Rows], None]) -> None:
        self._write = write
        self._waiting: list[_Brought] = []
        self._door, self._turn = Lock(), Lock()

    def store(self, rows: Rows) -> None:
        """Return once the rows are stored.

        Raises:
            Error: Of the database; nothing of these rows is stored then.
        """
        mine = _Brought(rows)
        with self._door:
            self._waiting.append(mine)
        with self._turn:
            if not mine.is_over:
                self._store_waiting()
        if mine.fault:
            raise mine.fault

    def _store_waiting(self) -> None:
        with self._door:
            taken, self._waiting = self._waiting, []
        try:
            self._write([row for one in taken for row in one.rows])
        except (DataError, IntegrityError):  # of some of them: the others are stored all the same
            for one in taken:
                self._by_itself(one)
        except BaseException as fault:  # the database is away, or this thread ends: for all of them
            for one in taken:
                one.fault = fault
        for one in taken:
            one.is_over = True

    def _by_itself(self, one: _Brought) -> None:
        try:
            self._write(one.rows)
        except Exception as fault:
            one.fault = fault
