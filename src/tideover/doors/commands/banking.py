"""Bank statements and settlement reports at the command line."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tideover.doors.commands.arguments import AsJson, WorkspacePath
from tideover.portfolio.workspace import Workspace
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


def take(
    workspace: WorkspacePath,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A camt.053 or camt.054 file.")],
    as_json: AsJson = False,
) -> None:
    """Take a bank statement in: each transaction goes to its account, or waits for a person."""
    from tideover.casework.payments.camt.lines import Line
    from tideover.doors import statements
    from tideover.doors.operations import open_casework

    open_casework(Workspace.open(workspace))
    from tideover.casework.payments.matching import take_lines

    found: list[Line] = []
    statements.read(file, found.append)  # a file that cannot be trusted takes nothing in
    counts = take_lines(found, now=datetime.now(UTC))
    if as_json:
        print(json.dumps(counts))
        return
    told = ", ".join(f"{count:,} {what}" for what, count in counts.items()) or "none"
    print(f"{len(found):,} transactions: {told}.")


def settle(
    workspace: WorkspacePath,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A provider's report, as CSV.")],
    provider: Annotated[str, typer.Option("--provider", help="Whose it is: stripe, mollie.")],
    as_json: AsJson = False,
) -> None:
    """Take a provider's settlement report in, and say on what it and we do not agree."""
    from tideover.doors import settlements
    from tideover.doors.operations import open_casework

    open_casework(Workspace.open(workspace))
    from tideover.casework.payments.settling import differences, match_payouts, take_report

    lines = settlements.read(file)  # a file that cannot be trusted takes nothing in
    now = datetime.now(UTC)
    told = {"lines": len(lines), "new": take_report(provider, lines),
            "paid_out": match_payouts(provider, now=now),
            "differences": sum(1 for _ in differences(provider, now.date()))}  # fmt: skip
    if as_json:
        print(json.dumps(told))
        return
    print(f"{told['lines']:,} lines, {told['new']:,} of them new; {told['paid_out']:,} payouts "
          f"found on the bank; {told['differences']:,} differences.")  # fmt: skip
