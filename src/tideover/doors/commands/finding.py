"""What works: what followed decisions, and what a policy would have been worth."""

from __future__ import annotations

from typing import Annotated

import typer

from tideover.doors.commands.arguments import OutFile, WorkspacePath, day
from tideover.portfolio.workspace import Workspace

First = Annotated[str, typer.Option("--from", metavar="DATE", help="The first day.")]
Last = Annotated[str, typer.Option("--to", metavar="DATE", help="The last day.")]
Until = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="The last day that is known.")
]


def outcomes(
    workspace: WorkspacePath, first: First, last: Last, out: OutFile, as_of: Until = None
) -> None:
    """Write what followed the decisions of some nights, in windows of 7, 14, 30 and 60 days."""
    # What is heavy is imported where it is used: see doors/commands.
    from tideover.doors.files import rows_of, write_csv
    from tideover.doors.findings.followed import followed

    found = followed(Workspace.open(workspace), day(first, "--from"), day(last, "--to"),
                     until=day(as_of) if as_of else None)  # fmt: skip
    columns = [name.removesuffix("_minor") for name in found.column_names if name != "account_no"]
    write_csv(out, columns, rows_of(found, columns))
    decisions = found.num_rows // 4
    print(f"Wrote what followed {decisions:,} decisions, in four windows each, to {out}")
