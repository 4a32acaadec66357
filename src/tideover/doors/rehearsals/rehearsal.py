"""A strategy rehearsed against another: which, where, over which days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from tideover.doors.campaigns.shelf import campaigns, read_members
from tideover.doors.night.climbing import required_by
from tideover.doors.night.customers import siblings_of
from tideover.doors.night.desk import Desk, Progress, open_engine, open_lake
from tideover.doors.night.inquiry import Inquiry
from tideover.doors.night.shares import decided_by
from tideover.doors.rehearsals.climbed import Climbed
from tideover.doors.rehearsals.past import Past
from tideover.doors.rulebooks import guard_for
from tideover.doors.strategies.shelf import InForce, in_force, of_folder, publications
from tideover.portfolio.decisions import Permissions
from tideover.portfolio.workspace import SETTINGS_FILE, Workspace
from tideover.rehearsal.replay import AFTER, BEFORE, Ledger, Side, rehearse
from tideover.terms.calendar import days
from tideover.terms.faults import StepMissing, Usage

PUBLISHED = "published"
MOST_DAYS = 92
WEEK_DAYS = 7


@dataclass(frozen=True)
class Asked:
    """What is to be rehearsed.

    Args:
        strategy: The folder of the strategy that is tried.
        against: A folder, a workspace, or `published`.
        workspace: Given, else found around the folders.
    """

    strategy: Path
    against: str
    first: date
    last: date
    workspace: Path | None = None


def rehearsal(asked: Asked, progress: Progress) -> dict[str, Any]:
    """Return who would be treated differently on past days, and why.

    Raises:
        Usage: No workspace is to be found, nothing was published, or the days are none to replay.
        Refused: A strategy is not what it must be.
        StepMissing: Nothing was loaded, or nothing learnt.
    """
    workspace = Workspace.open(_root(asked))
    lake = open_lake(workspace)
    _check_days(asked, date.fromisoformat(lake.manifest.loads[-1]["day"]))
    settings = workspace.settings
    which = {BEFORE: _against(asked, workspace), AFTER: of_folder(asked.strategy)}
    permissions = Permissions(guard_for(workspace))
    span = days(max(settings.contact.cap_days, WEEK_DAYS))
    engine = open_engine(workspace)
    try:
        desk = Desk(workspace, lake, engine, asked.first, progress)
        ledger = Ledger.of(lake, asked.first - span, asked.last + days(1), own_since=asked.first,
                           others=_of_campaigns(workspace)).over(siblings_of(desk))  # fmt: skip
        sides = {name: _side(Climbed.of(desk, strategies), Inquiry(engine, permissions))
                 for name, strategies in which.items()}  # fmt: skip
        past = Past.of(desk)
        told = rehearse(past.days(_days(asked)), sides, ledger, settings)
    finally:
        engine.close()
    return told | {"worth": _worth(workspace, which, asked, progress)}


def _worth(
    workspace: Workspace, which: Mapping[str, InForce], asked: Asked, progress: Progress
) -> dict[str, Any]:
    """Return what each side would have been worth on the nights that ran, or why it is unknown."""
    # it looks at the past by this package's own `past`
    from tideover.doors.findings.policy_value import Asked as Nights
    from tideover.doors.findings.policy_value import policy_value

    try:
        return {name: policy_value(workspace, Nights(side, asked.first, asked.last), progress)
                for name, side in which.items()}  # fmt: skip
    except StepMissing as missing:
        return {"unknown": missing.what}


def _of_campaigns(workspace: Workspace) -> list[str]:
    """Return the ids of what campaigns decided; neither strategy sends that in its place."""
    members = [read_members(workspace, one.name) for one in campaigns(workspace)]
    return [id_ for table in members for id_ in table["decision_id"].to_pylist()]


def _root(asked: Asked) -> Path:
    """Return the workspace: the one that is named, or the one that a folder lies in."""
    if asked.workspace is not None:
        return asked.workspace
    start = [Path(asked.against), asked.strategy]
    for folder in (path.resolve() for path in start if str(path) != PUBLISHED):
        for around in (folder, *folder.parents):
            if (around / SETTINGS_FILE).is_file():
                return around
    raise Usage("Neither folder lies in a workspace, whose past is to be replayed",
                where=str(asked.strategy), mend="Name it: --workspace WORKSPACE")  # fmt: skip


def _check_days(asked: Asked, loaded: date) -> None:
    if asked.last < asked.first:
        raise Usage(f"{asked.last} lies before {asked.first}", where="--to",
                    mend="Give the first day with --from and the last with --to")  # fmt: skip
    if (asked.last - asked.first).days >= MOST_DAYS:
        raise Usage(f"At most {MOST_DAYS} days are replayed at once", where="--to",
                    mend="Give a nearer day")  # fmt: skip
    if asked.last > loaded:
        raise Usage(f"The past ends with the last load, of {loaded}", where="--to",
                    mend=f"Give {loaded} or a day before it")  # fmt: skip


def _days(asked: Asked) -> list[date]:
    span = (asked.last - asked.first).days + 1
    return [asked.first + timedelta(days=day) for day in range(span)]


def _side(climbed: Climbed, inquiry: Inquiry) -> Side:
    strategies, settings = climbed.strategies, climbed.desk.workspace.settings

    def decide(cases: pa.Table, as_of: date, ledger: Ledger) -> pa.Table:
        inquiry.found.clear()
        placed = climbed.placed(cases, as_of, ledger)
        return decided_by(
            strategies, placed, settings=settings, as_of=as_of, guarding=inquiry.guarding
        )

    return Side(" and ".join(strategies.strategies), decide, required_by(strategies))


def _against(asked: Asked, workspace: Workspace) -> InForce:
    """Return what a strategy is compared with: a folder's, or what the workspace decides by."""
    path = Path(asked.against)
    if asked.against == PUBLISHED:
        told = publications(workspace)
        if not told:
            raise Usage("Nothing was published yet", where="--against",
                        mend=f"Compare with a folder, such as {workspace.strategy}")  # fmt: skip
        return in_force(workspace, max(asked.last, *(one.from_day for one in told)))
    if (path / SETTINGS_FILE).is_file():
        return in_force(Workspace.open(path), asked.last)
    return of_folder(path)
