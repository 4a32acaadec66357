"""Experiments as they lie in a workspace; what was planned never changes.

WS/experiments/<name>/experiment.toml        what was stated
WS/experiments/<name>/people-<day>.parquet   who came in on a night, and in which arm
WS/experiments/<name>/ended.json             from which look on it is over, and why
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.campaigns.shelf import MEMBERS, as_toml
from tideover.portfolio.files import write_whole
from tideover.portfolio.lake import write_table
from tideover.portfolio.workspace import Workspace
from tideover.rules.campaign import Message
from tideover.rules.experiment import Arm, Experiment
from tideover.rules.strategy.proposal import is_name
from tideover.terms.faults import Refused, Usage

STATED_FILE, ENDED_FILE = "experiment.toml", "ended.json"
PEOPLE = pa.schema([*MEMBERS, ("customer_id", pa.string()), ("as_of", pa.date32()),
                    ("unit", pa.string())])  # fmt: skip


def experiments(workspace: Workspace) -> list[Experiment]:
    """Return what was planned, in the order of names."""
    folders = sorted(workspace.experiments.glob(f"*/{STATED_FILE}"))
    return [read_experiment(workspace, path.parent.name) for path in folders]


def read_experiment(workspace: Workspace, name: str) -> Experiment:
    """Return what was stated of an experiment.

    Raises:
        Usage: There is no such experiment.
        Refused: Its file was changed into something that cannot be read.
    """
    path = workspace.experiments / name / STATED_FILE
    if not (is_name(name) and path.is_file()):
        folders = sorted(workspace.experiments.glob(f"*/{STATED_FILE}"))
        known = ", ".join(one.parent.name for one in folders)
        raise Usage(f"There is no experiment {name!r}", where=str(workspace.root),
                    mend=f"There are {known}" if known else
                    f"Plan it with: tideover experiment plan {workspace.root} {name}")  # fmt: skip
    try:
        return _experiment(tomllib.loads(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError, ValueError):
        raise Refused("The statement of the experiment cannot be read", where=str(path),
                      mend="Put it back as it was planned") from None  # fmt: skip


def _experiment(said: dict[str, Any]) -> Experiment:
    arms = tuple(Arm(one.pop("name"), share=one.pop("share"), message=Message(**one))
                 for one in said.pop("arm"))  # fmt: skip
    return Experiment(where=tuple(said.pop("where")), arms=arms, **said)


def is_planned(workspace: Workspace, name: str) -> bool:
    """Say whether there is an experiment of that name."""
    return (workspace.experiments / name / STATED_FILE).is_file()


def keep(workspace: Workspace, one: Experiment) -> None:
    """Keep what is stated."""
    said = {name: value for name, value in asdict(one).items() if name != "arms"}
    lines = ["# What was planned; nothing reads changes made here.",
             *(f"{name} = {as_toml(value)}" for name, value in said.items())]  # fmt: skip
    for arm in one.arms:
        cells = {"name": arm.name, "share": arm.share, **asdict(arm.message)}
        lines += ["", "[[arm]]", *(f"{name} = {as_toml(cell)}" for name, cell in cells.items())]
    path = workspace.experiments / one.name / STATED_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, "\n".join(lines) + "\n")


def people_file(workspace: Workspace, name: str, as_of: date) -> Path:
    """Return where those lie who came in on a night."""
    return workspace.experiments / name / f"people-{as_of}.parquet"


def keep_people(workspace: Workspace, name: str, as_of: date, people: pa.Table) -> None:
    """Keep who came in on a night."""
    write_table(people_file(workspace, name, as_of), people)


def read_people(workspace: Workspace, name: str) -> pa.Table:
    """Return everyone who came in so far, in the order of nights."""
    parts = sorted((workspace.experiments / name).glob("people-*.parquet"))
    return pa.concat_tables([PEOPLE.empty_table(), *(pq.ParquetFile(part).read()
                                                     for part in parts)])  # fmt: skip


def read_ended(workspace: Workspace, name: str) -> dict[str, str] | None:
    """Return on which day it ended and why; nothing while it goes on."""
    path = workspace.experiments / name / ENDED_FILE
    found: dict[str, str] | None = None
    if path.is_file():
        found = json.loads(path.read_text(encoding="utf-8"))
    return found


def keep_ended(workspace: Workspace, name: str, on: date, why: str) -> None:
    """Keep that it ended."""
    said = json.dumps({"on": on.isoformat(), "because": why})
    write_whole(workspace.experiments / name / ENDED_FILE, said)


def enrolled(workspace: Workspace, day: date, by: str = "account_id") -> Mapping[str, str]:
    """Return who is in an experiment whose window runs on a day, or would by then: its name.

    Args:
        by: `account_id` or `customer_id`.
    """
    found: dict[str, str] = {}
    for one in experiments(workspace):
        people = read_people(workspace, one.name)
        apart = pc.abs(pc.days_between(people["as_of"], pa.scalar(day, pa.date32())))
        near = people.filter(pc.less_equal(apart, one.window_days))
        found |= dict.fromkeys(near[by].to_pylist(), one.name)
    return found
