"""What the printer says of letters: a CSV of letter_id, status, at."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime

from tideover.casework.outreach.content.letters.handoff import ID
from tideover.terms.faults import Refused

STATUSES = ("received", "printed", "posted", "delivered", "returned", "failed")
COLUMNS = ["letter_id", "status", "at"]


@dataclass(frozen=True)
class LetterStatus:
    """What became of a letter, and when; `returned` is a letter that found nobody."""

    letter_id: str
    status: str
    at: datetime


def statuses(text: str) -> list[LetterStatus]:
    """Return what a status file says, in its order; a line twice is said once.

    Args:
        text: CSV with the columns letter_id, status, at; `at` is ISO 8601 with its offset.

    Raises:
        Refused: A line is not that; nothing of the file counts, so that none of it counts twice.

    Examples:
        >>> statuses("letter_id,status,at\\nL1,posted,2026-03-05T16:00:00+01:00\\n")[0].status
        'posted'
    """
    rows = csv.reader(text.removeprefix("\ufeff").splitlines())
    header = next(rows, [])
    if header != COLUMNS:
        raise Refused(f"A status file has the columns {', '.join(COLUMNS)}", where="line 1",
                      mend="Not " + ", ".join(header)[:80])  # fmt: skip
    told = [_status(row, line) for line, row in enumerate(rows, 2) if row]
    return list(dict.fromkeys(told))


def _status(row: list[str], line: int) -> LetterStatus:
    where = f"line {line}"
    if len(row) != len(COLUMNS) or not ID.fullmatch(row[0]):
        raise Refused("A line of a status file is not a letter's id, its status and a time",
                      where=where)  # fmt: skip
    if row[1] not in STATUSES:
        raise Refused("A letter has a status we do not know", where=where,
                      mend=f"One of {', '.join(STATUSES)}")  # fmt: skip
    at = _instant(row[2])
    if at is None:
        raise Refused("A letter's status has no time with an offset", where=where,
                      mend="Write it like 2026-03-05T16:00:00+01:00")  # fmt: skip
    return LetterStatus(row[0], row[1], at)


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
