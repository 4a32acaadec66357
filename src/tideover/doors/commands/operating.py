"""Between the two planes: a night outwards into casework, and what happened back into the lake."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from tideover.doors.commands.arguments import AsJson, AsOf, WorkspacePath, day, progress
from tideover.portfolio.workspace import Workspace


def publish(workspace: WorkspacePath, as_of: AsOf, as_json: AsJson = False) -> None:
    """Put a finished night into casework: cases, and messages to be sent."""
    from tideover.doors.operations import open_casework

    opened, asked = Workspace.open(workspace), day(as_of)
    open_casework(opened)
    from tideover.doors import publication

    done = publication.publish(opened, asked, progress())
    if as_json:
        print(json.dumps(asdict(done)))
        return
    if not done.anew:
        print(f"The night of {done.as_of} holds already, run {done.run_id}; nothing was changed.")
        return
    print(f"The night of {done.as_of} holds, run {done.run_id}: {done.accounts:,} accounts, "
          f"{done.decisions:,} decisions.")  # fmt: skip
    print(f"Messages: {done.queued:,} queued, {done.kept:,} kept, {done.withdrawn:,} of older "
          f"nights withdrawn. Cases: {done.opened:,} opened, {done.closed:,} closed.")  # fmt: skip


def journal(workspace: WorkspacePath, as_json: AsJson = False) -> None:
    """Carry what happened in casework into the lake, for the next night to see."""
    from tideover.doors.operations import open_casework

    opened = Workspace.open(workspace)
    open_casework(opened)
    from tideover.doors import journal as journals

    done = journals.carry(opened, progress())
    if as_json:
        print(json.dumps(asdict(done)))
        return
    if not done.events:
        print("Nothing has happened since the last time.")
        return
    told = ", ".join(f"{name} {rows:,}" for name, rows in done.tables.items()) or "no rows"
    print(f"{done.events:,} events up to number {done.through}: {told}.")


def early_warning(
    workspace: WorkspacePath,
    out: Annotated[Path, typer.Option("--out", help="The CSV file to write.")],
    by: Annotated[str, typer.Option("--by", help="Who does it; the ledger keeps the name.")],
    as_json: AsJson = False,
) -> None:
    """Write whom the municipality may be told of, so that it can offer help (Netherlands)."""
    from tideover.doors.operations import open_casework

    opened = Workspace.open(workspace)
    open_casework(opened)
    from tideover.casework.outreach.outbox.clock import DatabaseClock
    from tideover.doors.early_warning import write_signals

    count, not_yet = write_signals(opened, out, now=DatabaseClock().now(), by=by)
    if as_json:
        print(json.dumps({"signalled": count, "not_yet": not_yet}))
        return
    print(f"{count:,} customers: {out}. It holds names and addresses: hand it over safely, and "
          "delete it.")  # fmt: skip
    for why, accounts in not_yet.most_common():
        print(f"  not yet, {why}: {accounts:,}")
