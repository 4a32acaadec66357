"""A bank statement as JSON: whole, or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from tideover.casework.payments.camt.lines import Line, read_lines
from tideover.terms.faults import Refused

IN_MEMORY_BYTES = 16 << 20


def told(line: Line) -> dict[str, object]:
    """Return a line as other programs read it."""
    return {
        "account": line.account,
        "booked_on": line.booked_on.isoformat() if line.booked_on else None,
        "amount": line.amount, "currency": line.currency, "reference": line.reference,
        "text": line.text, "counterparty": line.counterparty, "reversal": line.reversal,
    }  # fmt: skip


def read(path: Path, give: Callable[[Line], None]) -> int:
    """Give every line of a file in its order, and return how many there were.

    Raises:
        Refused: There is no such file, or it is no statement that can be trusted.
    """
    if not path.is_file():
        raise Refused("There is no such file", where=str(path))
    with path.open("rb") as file:
        return read_lines(file, path.name, give)


def write_json(path: Path, out: IO[str]) -> int:
    """Write the lines of a file as a JSON list; nothing is written where the file is refused.

    However long it is, it is not held in memory.
    """
    with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES, "w+", encoding="utf-8") as aside:
        first = True

        def give(line: Line) -> None:
            nonlocal first
            aside.write("[" if first else ",\n ")
            aside.write(json.dumps(told(line), ensure_ascii=False))
            first = False

        count = read(path, give)
        aside.write("[]\n" if first else "]\n")
        aside.seek(0)
        shutil.copyfileobj(aside, out)
    return count
