"""What works: what followed decisions, and what a policy would have been worth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from tideover.doors.commands.arguments import AsJson, OutFile, WorkspacePath, asked_by, day
from tideover.portfolio.workspace import Workspace

First = Annotated[str, typer.Option("--from", metavar="DATE", help="The first day.")]
Last = Annotated[str, typer.Option("--to", metavar="DATE", help="The last day.")]
Until = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="The last day that is known.")
]


def _column(option: str, about: str) -> Any:
    return typer.Option(option, metavar="COLUMN", help=about)


Features = Annotated[
    str | None, typer.Option("--features", metavar="a,b,c", help="Columns known beforehand.")
]
Unit = Annotated[str | None, _column("--unit", "Rows that share it are not independent.")]


def outcomes(
    workspace: WorkspacePath, first: First, last: Last, out: OutFile, as_of: Until = None
) -> None:
    """Write what followed the decisions of some nights, in windows of 7, 14, 30 and 60 days."""
    # What is heavy is imported where it is used: see doors/commands.
    from tideover.doors.files import rows_of, write_csv
    from tideover.doors.findings.followed import followed

    found = followed(Workspace.open(workspace), day(first, "--from"), day(last, "--to"),
                     until=day(as_of) if as_of else None)  # fmt: skip
    columns = [name.removesuffix("_minor") for name in found.column_names if name != "account_no"]
    write_csv(out, columns, rows_of(found, columns))
    decisions = found.num_rows // 4
    print(f"Wrote what followed {decisions:,} decisions, in four windows each, to {out}")


@dataclass(frozen=True)
class OfLog:
    """What the command asks for."""

    log: Annotated[
        Path, typer.Option("--log", metavar="FILE.csv", help="What was done, and what followed.")
    ]
    outcome: Annotated[str, _column("--outcome", "What followed, a number.")]
    arm: Annotated[str, _column("--arm", "What was done.")]
    policy_arm: Annotated[str, _column("--policy-arm", "What the policy would have done.")]
    propensity: Annotated[
        str | None, _column("--propensity", "The probability of what was done.")
    ] = None
    features: Features = None
    unit: Unit = None
    as_json: AsJson = False


@asked_by(OfLog)
def value(said: OfLog) -> None:
    """Say what a policy would have been worth, from a log with propensities."""
    from tideover.doors.findings.elsewhere import Columns, value_lines, value_of_log

    told = value_of_log(Columns(said.log, said.outcome, said.arm, said.policy_arm,
                                said.propensity, said.features, said.unit))  # fmt: skip
    print(json.dumps(told) if said.as_json else "\n".join(value_lines(told)))


@dataclass(frozen=True)
class Analyse:
    """What the command asks for."""

    file: Annotated[
        Path, typer.Option("--file", metavar="FILE.csv", help="A row a person, with their arm.")
    ]
    arm: Annotated[str, _column("--arm", "What they were given by lot.")]
    control: Annotated[
        str, typer.Option("--control", metavar="NAME", help="The arm to compare with.")
    ]
    outcome: Annotated[str, _column("--outcome", "What followed, a number.")]
    unit: Unit = None
    features: Features = None
    as_json: AsJson = False


@asked_by(Analyse)
def analyse(said: Analyse) -> None:
    """Say what each arm of an experiment added, and whether customers differ in it."""
    from tideover.doors.findings.elsewhere import Experiment, analysed, experiment_lines

    told = analysed(Experiment(said.file, said.arm, said.control, said.outcome, said.unit,
                               said.features))  # fmt: skip
    print(json.dumps(told) if said.as_json else "\n".join(experiment_lines(told)))
