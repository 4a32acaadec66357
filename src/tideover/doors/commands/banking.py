"""Bank statements at the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tideover.doors.commands.arguments import AsJson
from tideover.terms import money


def read(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A camt.053 or camt.054 file.")],
    as_json: AsJson = False,
) -> None:
    """Show every transaction of a bank statement, each of a batch on its own."""
    from tideover.casework.payments.camt.lines import Line
    from tideover.doors import statements

    if as_json:
        statements.write_json(file, sys.stdout)
        return
    shown: list[Line] = []
    statements.read(file, shown.append)
    for line in shown:
        amount = "?" if line.amount is None else money.text(line.amount, line.currency)
        print(f"{line.booked_on or '?'!s:10}  {amount:>14} {line.currency}  {line.reference:25}  "
              f"{line.counterparty}{'  (taken back)' if line.reversal else ''}")  # fmt: skip
    print(f"{len(shown):,} transactions")
