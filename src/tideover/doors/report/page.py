"""The morning's page: one file, nothing fetched, nothing run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tideover.doors.report.frame import Part, framed
from tideover.doors.report.morning import Morning
from tideover.doors.report.sections import SECTIONS
from tideover.portfolio.files import write_whole
from tideover.portfolio.workspace import Workspace

REPORTS = "reports"  # of the workspace, where the console's page finds them


def write_report(workspace: Workspace, as_of: date, out: Path | None = None) -> Path:
    """Write the page of a night into the workspace and return where; each file is whole or absent.

    Args:
        out: Where to write it too.

    Raises:
        StepMissing: There is no finished night for that day.
    """
    written, kept = page(Morning.of(workspace, as_of)), kept_at(workspace, as_of)
    for place in (out, kept):
        if place is not None:
            write_whole(place, written)
    return kept


def kept_at(workspace: Workspace, as_of: date) -> Path:
    """Return where the page of a night lies in the workspace."""
    return workspace.root / REPORTS / f"{as_of}.html"


def page(morning: Morning) -> str:
    """Return the whole page."""
    lead = (
        f"What customers owe at the end of {morning.day}, where they stand, and what is "
        "proposed to help them catch up."
    )
    parts = [Part(one.anchor, one.short, one.title, one.inside(morning)) for one in SECTIONS]
    return framed(
        f"The morning of {morning.next_day}", lead, parts,
        f"Run {morning.results.done.run_id}. Accounts are named by their own numbers; names and "
        "addresses are not on this page.",
    )  # fmt: skip
