"""The sender and the web pages: a worker, what people do with the outbox, and the server."""

from __future__ import annotations

import json
import os
from datetime import datetime
from typing import Annotated, Any

import typer

from tideover.doors.commands.arguments import AsJson, WorkspacePath, progress
from tideover.doors.files import aligned_text
from tideover.portfolio.workspace import Workspace
from tideover.terms.faults import Usage

By = Annotated[str, typer.Option("--by", help="Who does it; the ledger keeps the name.")]


def _opened(path: WorkspacePath) -> Workspace:
    from tideover.doors.operations import open_casework

    workspace = Workspace.open(path)
    open_casework(workspace)
    return workspace


def worker(
    workspace: WorkspacePath,
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="Stop when nothing is left to do.")
    ] = False,
    as_if: Annotated[
        str, typer.Option("--as-if", help="Try out another time; with the local mailbox alone.")
    ] = "",
) -> None:
    """Send what is due and the guard permits, and read what comes back, until it is stopped."""
    opened = _opened(workspace)
    from tideover.doors import sending

    tell = progress()
    made = sending.worker(opened, tell, _clock(as_if))
    for sender in made.senders:
        tell(f"{sender.channel.channel} by {sender.channel.name}: {sender.channel.terms.promise}")
    made.run(until_idle=until_idle)
    print(f"Done: {made.summary() or 'there was nothing to do'}.")


def _clock(as_if: str) -> Any:
    from tideover.casework.outreach.outbox.clock import AsIf, DatabaseClock

    if not as_if:
        return DatabaseClock()
    try:
        instant = datetime.fromisoformat(as_if)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise Usage(f"{as_if!r} is no instant", where="--as-if",
                    mend="Write it as 2026-04-01T12:00:00+02:00")  # fmt: skip
    return AsIf.at(instant)


def status(workspace: WorkspacePath, as_json: AsJson = False) -> None:
    """Say how many messages are in each state, and whether anything may leave."""
    _opened(workspace)
    from tideover.casework.outreach.outbox import control

    found = control.status()
    if as_json:
        print(json.dumps(found, default=str))
        return
    if found["held"]:
        print(f"The outbox is on hold: {found['why']}. Nothing leaves until somebody releases it.")
    rows = [{**row, "messages": f"{row['messages']:,}"} for row in found["messages"]]
    print(aligned_text(rows) if rows else "There are no messages.")
    for resting in found["resting"]:
        print(f"{resting['name']} is left alone until {resting['open_until']:%H:%M}.")


def retry(workspace: WorkspacePath, message: int) -> None:
    """Queue a message again that its provider refused."""
    _opened(workspace)
    from tideover.casework.outreach.outbox import control

    if not control.retry(message):
        raise Usage(f"Message {message} did not fail", mend="Only what was refused is tried again")
    print(f"Message {message} is queued again; the guard is asked anew before it leaves.")


def hold(
    workspace: WorkspacePath, by: By,
    reason: Annotated[str, typer.Option("--reason", help="Why; staff see it.")] = "held by hand",
) -> None:  # fmt: skip
    """Stop everything from leaving."""
    _opened(workspace)
    from tideover.casework.outreach.outbox import control

    control.hold(reason, by=by)
    print("Nothing leaves now. What was handed over in this moment may still arrive.")


def release(workspace: WorkspacePath, by: By) -> None:
    """Let messages leave again."""
    _opened(workspace)
    from tideover.casework.outreach.outbox import control

    control.release(by=by)
    print("Messages may leave again.")


def restored(workspace: WorkspacePath) -> None:
    """After a restore: mark what the log says was handed over, so that it is not sent again."""
    _opened(workspace)
    from tideover.casework.outreach.outbox import control

    marked, gone = control.rebuild()
    print(f"{marked:,} messages may have arrived and are not sent again; {gone:,} in the log are "
          "not in this database. Release the outbox when you have looked.")  # fmt: skip


def web(
    workspace: WorkspacePath,
    port: Annotated[int, typer.Option("--port", help="On this machine alone.")] = 8321,
) -> None:
    """Serve console and portal on this machine; under names of its own (TIDEOVER_HOSTS) by TLS."""
    if not os.environ.get("TIDEOVER_HOSTS"):  # with names, TLS stands in front
        os.environ.setdefault("TIDEOVER_PLAIN_HTTP", "1")
    opened = _opened(workspace)
    from tideover.doors.serving import serve

    serve(opened, port)
