"""What is charged for payments that followed a message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from tideover.doors.commands.arguments import AsJson, WorkspacePath
from tideover.portfolio.workspace import Workspace
from tideover.terms import money


def success(
    workspace: WorkspacePath,
    month: Annotated[str, typer.Option("--month", metavar="YYYY-MM", help="A month that is over.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where to write it.")],
    draft: Annotated[bool, typer.Option("--draft", help="Show it, and issue nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Issue a month's success statement: a CSV file, and a page to print."""
    from tideover.doors.files import write_csv
    from tideover.doors.success.page import CELLS, cells, page
    from tideover.doors.success.statement import statement
    from tideover.portfolio.files import write_whole

    found = statement(Workspace.open(workspace), month, keep_it=not draft)
    out.mkdir(parents=True, exist_ok=True)
    write_csv(out / f"success-{month}.csv", CELLS, cells(found))
    write_whole(out / f"success-{month}.html", page(found))
    if as_json:
        print(json.dumps(found.sums))
        return
    sums = found.sums
    due = f"{sums['currency']} {money.text(sums['due_minor'], sums['currency'])}"
    print(f"{sums['payments']:,} payments followed a message; {sums['credits']:,} are given back. "
          f"{due} is due.")  # fmt: skip
    print(f"Wrote success-{month}.csv and success-{month}.html to {out}")
    if draft:
        print("It was not issued.")
    elif not found.anew:
        print("It was issued before, and stays as it is.")
