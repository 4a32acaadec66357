"""The call list on paper: a CSV whose cells stay text in any spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from tideover.casework.outreach.models import CallTask

HEAD = ("listed", "number", "language", "what to say", "taken by", "how it went")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def printed(tasks: Iterable[CallTask]) -> str:
    """Return calls as CSV, UTF-8, one a row, with room for how it went."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    for task in tasks:
        cells = (f"{task.listed_at:%Y-%m-%d %H:%M}", task.number, task.language, task.script,
                 task.taken_by, task.outcome)  # fmt: skip
        writer.writerow([as_text(cell) for cell in cells])
    return out.getvalue()


def as_text(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    >>> as_text("=cmd|'/c calc'!A0")
    "'=cmd|'/c calc'!A0"
    """
    return f"'{cell}" if cell.startswith(_FORMULA) or cell.lstrip().startswith(_FORMULA) else cell
