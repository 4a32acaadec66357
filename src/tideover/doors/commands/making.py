"""Making a workspace, and a made-up utility to try it on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

import typer

from tideover.doors.commands.arguments import WorkspacePath, day, progress
from tideover.doors.strategies.folder import SHIPPED, put_back, shipped, write_folder
from tideover.portfolio.files import write_whole
from tideover.portfolio.workspace import SETTINGS_FILE, Workspace, parse_settings
from tideover.terms.faults import Usage
from tideover.terms.money import MINOR_DIGITS

_PLACE = re.compile(r"[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?")
_SETTINGS = """\
# Settings of this workspace; what is left out keeps its default (docs/settings.md lists them).

[utility]
jurisdiction = "{jurisdiction}"
currency = "{currency}"
timezone = "{timezone}"

[zones]
# The utility's own thresholds, used and marked as such where the data say nothing.
yellow_from = "150.00"
red_from = "400.00"

[choice]
holdout_share = 0.05
seed = 20260101
"""


def init(
    workspace: WorkspacePath,
    jurisdiction: Annotated[str, typer.Option(help="A place of the rulebooks.")] = "NL",
    currency: Annotated[str, typer.Option(help="ISO 4217, e.g. EUR.")] = "EUR",
    timezone: Annotated[str, typer.Option(help="IANA zone.")] = "Europe/Amsterdam",
    strategy: Annotated[str, typer.Option(help=f"One of {', '.join(SHIPPED)}.")] = "default",
) -> None:
    """Make a workspace: settings, and a strategy to edit."""
    if not _PLACE.fullmatch(jurisdiction):
        raise Usage(f"{jurisdiction!r} is no jurisdiction", where="--jurisdiction",
                    mend="Write it as NL or US-PA")  # fmt: skip
    if currency not in MINOR_DIGITS:
        raise Usage(f"{currency!r} is no currency", where="--currency", mend="Write it as EUR")
    if timezone not in available_timezones():
        raise Usage(
            f"{timezone!r} is no time zone", where="--timezone", mend="Write it as Europe/Amsterdam"
        )
    if strategy not in SHIPPED:
        raise Usage(f"No strategy {strategy!r} comes with the house", where="--strategy",
                    mend=f"Choose one of {', '.join(SHIPPED)}")  # fmt: skip
    settings = _SETTINGS.format(jurisdiction=jurisdiction, currency=currency, timezone=timezone)
    made = Workspace(workspace, parse_settings(settings))
    put_back(made.strategy)
    for path in (workspace / SETTINGS_FILE, made.strategy):
        if path.exists():
            print(f"{path} is there already and stays as it is.")
            continue
        if path == made.strategy:
            write_folder(path, shipped(strategy))
        else:
            write_whole(path, settings)
        print(f"Wrote {path}")


def twin(
    out_dir: Annotated[Path, typer.Argument(metavar="OUT_DIR")],
    accounts: Annotated[int, typer.Option(min=1, help="How many accounts.")] = 20_000,
    days: Annotated[int, typer.Option(min=60, help="How many days of history.")] = 730,
    seed: Annotated[int, typer.Option(help="The same seed makes the same utility.")] = 7,
    until: Annotated[str, typer.Option(metavar="DATE", help="Its last day.")] = "2026-06-30",
) -> None:
    """Make up a utility in contract form, whose customers pay late for known reasons."""
    from tideover.rehearsal.twin import Plan, write_twin

    plan = Plan(accounts, days, seed, last_day=day(until, "--until"))
    made = write_twin(out_dir, plan, progress=progress())
    for name, rows in made.rows.items():
        print(f"{name:<16} {rows:>12,} rows")
    print(f"The last day is {made.last_day}; the truth is in {out_dir / 'truth'}.")
