"""Taking an export in, and seeing what was not taken."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tideover.doors.commands.arguments import AsJson, OutFile, WorkspacePath, progress
from tideover.doors.files import aligned_text, write_csv
from tideover.portfolio.workspace import Workspace

if TYPE_CHECKING:
    from tideover.portfolio.intake import IntakeReport

MaybeExportDir = Annotated[
    Path | None,
    typer.Argument(metavar="EXPORT_DIR",
                   help="The export's folder; without it, what came by the API."),
]  # fmt: skip
ExportDir = Annotated[Path, typer.Argument(metavar="EXPORT_DIR", help="The export's folder.")]
MOST_FACTS = 20
QUARANTINE = ("table", "key", "file", "line", "column", "value", "reason")


def ingest(
    workspace: WorkspacePath,
    export_dir: MaybeExportDir = None,
    as_json: AsJson = False,
    strict: Annotated[bool, typer.Option("--strict", help="Refuse any quarantined row.")] = False,
    accept_drift: Annotated[
        bool, typer.Option("--accept-drift", help="Take a full load unlike the last one.")
    ] = False,
) -> None:
    """Take an export in: every row is accepted or quarantined, and counted."""
    from tideover.portfolio import intake

    opened, conditions = Workspace.open(workspace), intake.Conditions(strict, accept_drift)
    waiting = [export_dir] if export_dir else intake.came_by_api(opened)
    if not waiting and not as_json:
        print("Nothing has come by the API since the last time.")
    for folder in waiting:
        done = intake.ingest(
            opened, folder, now=datetime.now(UTC), progress=progress(), conditions=conditions
        )
        if folder is not export_dir:  # its rows are in the lake; no second copy of people is kept
            shutil.rmtree(folder)
        _say(opened, done, as_json)


def _say(workspace: Workspace, done: IntakeReport, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"tables": done.tables, "run_id": done.run_id}))
        return
    print(aligned_text([{"table": name, **counts} for name, counts in done.tables.items()]))
    quarantined = sum(counts["quarantined"] for counts in done.tables.values())
    if quarantined:
        print(
            f"\n{quarantined} rows are in quarantine. See them with:\n"
            f"  tideover quarantine {workspace.root} --out quarantine.csv"
        )
    if done.tables.get("facts"):
        _say_what_is_unread(workspace)


def _say_what_is_unread(workspace: Workspace) -> None:
    """Say which facts of the utility's own, of this load or before, no rulebook knows."""
    from tideover.doors.night.desk import open_lake
    from tideover.doors.rulebooks import guard_for
    from tideover.portfolio.situations.unread import told, unread

    named = told(unread(open_lake(workspace).parts("facts"), guard_for(workspace).reading))
    if named:
        more = f"; and {len(named) - MOST_FACTS} more" if len(named) > MOST_FACTS else ""
        print(f"\nFacts that no rule reads: {'; '.join(named[:MOST_FACTS])}{more}.\n"
              "docs/facts.md names those that are read.")  # fmt: skip


def check(
    export_dir: ExportDir,
    workspace: Annotated[Path, typer.Option("--workspace", metavar="WORKSPACE")],
) -> None:
    """Show what loading an export would do, on its first rows; nothing is changed."""
    from tideover.portfolio import intake

    print(intake.check(Workspace.open(workspace), export_dir))


def quarantine(workspace: WorkspacePath, out: OutFile) -> None:
    """Write the rows that are in quarantine now, with the reason of each."""
    from tideover.doors.night.desk import open_lake
    from tideover.portfolio import intake

    rows = intake.quarantine(open_lake(Workspace.open(workspace)))
    cells = ([row[name] for name in QUARANTINE] for row in rows.to_pylist())
    write_csv(out, QUARANTINE, cells)
    print(f"{rows.num_rows} rows in quarantine: {out}")
