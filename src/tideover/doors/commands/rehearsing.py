"""A strategy tried on past days beside another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from tideover.doors.commands.arguments import AsJson, asked_by, day, progress
from tideover.doors.commands.telling import tell
from tideover.terms import money


@dataclass(frozen=True)
class Rehearse:
    """What the command asks for."""

    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The strategy that is tried.")]
    against: Annotated[
        str,
        typer.Option(
            "--against",
            metavar="CURRENT",
            help=(
                "What it is compared with: a strategy's folder, a workspace, or the word published."
            ),
        ),
    ]
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day.")]
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="The last day.")]
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace",
            metavar="WORKSPACE",
            help=("Whose past it is; not needed where a folder lies in it."),
        ),
    ] = None
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.html", help=("Where to write the page."))
    ] = None
    as_json: AsJson = False  # fmt: skip


@asked_by(Rehearse)
def rehearse(said: Rehearse) -> None:
    """Replay past days through a strategy and another: who is treated differently, and why."""
    # What is heavy is imported where it is used: see doors/commands.
    from tideover.doors.rehearsals import page, rehearsal
    from tideover.doors.rehearsals.rehearsal import Asked

    asked = Asked(said.folder, said.against, day(said.first, "--from"), day(said.last, "--to"),
                  said.workspace)  # fmt: skip
    told = rehearsal(asked, progress())
    tell(said, told, page=page, lines=_lines)


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    totals, cost = told["totals"], told["cost"]
    yield (f"{told['accounts_different']:,} of {told['accounts']:,} accounts would be treated "
           f"differently on {len(told['days'])} days.")  # fmt: skip
    for name, outcome in (("Contacts", "contact"), ("Left alone", "silence"),
                          ("Blocked", "blocked")):  # fmt: skip
        before, after = (totals.get(f"{outcome}_{side}", 0) for side in ("before", "after"))
        yield f"{name}: {before:,} before, {after:,} after."
    before, after = (money.text(cost[f"{side}_minor"], cost["currency"])
                     for side in ("before", "after"))  # fmt: skip
    yield f"Cost of sending: {before} {cost['currency']} before, {after} after."
    for way in told["ways"][:5]:
        rows = " -> ".join(f"{way[side]['rule']} ({way[side]['outcome']})"
                           for side in ("before", "after"))  # fmt: skip
        yield f"  {way['account_days']:,} account-days: {rows}"
