"""The morning's page: one file, nothing fetched, nothing run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tideover.doors.report.blocks import section
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.morning import Morning
from tideover.doors.report.sections import SECTIONS
from tideover.doors.report.style import stylesheet
from tideover.portfolio.files import write_whole
from tideover.portfolio.workspace import Workspace

# The page may use its own styles and nothing else: no script runs, no request leaves it.
ALONE = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def write_report(workspace: Workspace, as_of: date, out: Path) -> None:
    """Write the page of a night; the file is absent, old, or complete.

    Raises:
        StepMissing: There is no finished night for that day.
    """
    write_whole(out, page(Morning.of(workspace, as_of)))


def page(morning: Morning) -> str:
    """Return the whole page."""
    title = f"The morning of {morning.next_day}"
    head = el(
        "head", el("meta", charset="utf-8"), el("title", f"{title} · Tideover"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("meta", http_equiv="Content-Security-Policy", content=ALONE),
        el("meta", name="referrer", content="no-referrer"),
        el("style", Html(stylesheet())),
    )  # fmt: skip
    lead = (
        f"What customers owe at the end of {morning.day}, where they stand, and what is "
        "proposed to help them catch up."
    )
    links = el("ul", (el("li", el("a", part.short, href=f"#{part.anchor}")) for part in SECTIONS))
    body = el(
        "body", el("a", "Skip to the page", href="#main", class_="skip"),
        el("header", el("h1", title), el("p", lead, class_="lead"),
           el("nav", links, aria_label="On this page")),
        el("main", (section(part.anchor, part.title, part.inside(morning)) for part in SECTIONS),
           id="main"),
        el("footer", el("p", f"Run {morning.results.done.run_id}. Accounts are named by their own "
                             "numbers; names and addresses are not on this page.")),
    )  # fmt: skip
    return joined(Html("<!DOCTYPE html>\n"), el("html", head, body, lang="en"), "\n")
