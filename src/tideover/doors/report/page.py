"""The morning's page: one file, nothing fetched, nothing run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tideover.doors.report.frame import Part, framed
from tideover.doors.report.morning import Morning
from tideover.doors.report.sections import SECTIONS
from tideover.portfolio.files import write_whole
from tideover.portfolio.workspace import Workspace


def write_report(workspace: Workspace, as_of: date, out: Path) -> None:
    """Write the page of a night; the file is absent, old, or complete.

    Raises:
        StepMissing: There is no finished night for that day.
    """
    write_whole(out, page(Morning.of(workspace, as_of)))


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
