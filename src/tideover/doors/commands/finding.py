"""What works: what followed decisions, and what a policy would have been worth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Annotated, Any

import typer

from tideover.doors.commands.arguments import (
    AsJson,
    AsOf,
    OutFile,
    WorkspacePath,
    asked_by,
    day,
    progress,
)
from tideover.portfolio.workspace import Workspace
from tideover.rules.lift import SURE
from tideover.rules.power import people_needed
from tideover.terms.faults import Usage

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


Weeks = Annotated[
    int | None,
    typer.Option("--weeks", min=2, max=26, help="Instead, of so many weeks one by one.",
                 show_default=False),
]  # fmt: skip


def measures(workspace: WorkspacePath, as_of: AsOf, out: OutFile, weeks: Weeks = None) -> None:
    """Write the indicators of the thirty days before a day, of everyone and by group."""
    from tideover.doors.files import write_csv
    from tideover.doors.findings.measured import cells, measured

    figures = measured(Workspace.open(workspace), day(as_of), weeks=weeks or 0)
    write_csv(out, ("name", "group", "value", "low", "high", "n"), cells(figures))
    small = sum(one.n is None for one in figures)
    print(f"Wrote {len(figures):,} figures to {out}; {small:,} of fewer than 10 are left empty")


def tactics(workspace: WorkspacePath, as_of: AsOf, as_json: AsJson = False) -> None:
    """Say what followed the variants of texts that were drawn by lot, each beside the plain one."""
    from tideover.doors.findings import tactics as compared

    found = compared.tactics(Workspace.open(workspace), day(as_of))
    print(json.dumps(compared.as_json(found)) if as_json
          else "\n".join(compared.tactic_lines(found)))  # fmt: skip


def _day_option(option: str, about: str) -> Any:
    return typer.Option(option, metavar="DATE", help=about)


@dataclass(frozen=True)
class Valued:
    """What the command asks for: a workspace's nights, or a log from elsewhere."""

    workspace: Annotated[
        Path | None, typer.Argument(metavar="WORKSPACE", help="Whose nights; none with --log.")
    ] = None
    policy: Annotated[
        Path | None, typer.Option("--policy", metavar="DIR", help="The strategy that is judged.")
    ] = None
    first: Annotated[str | None, _day_option("--from", "The first night.")] = None
    last: Annotated[str | None, _day_option("--to", "The last night.")] = None
    outcome: Annotated[str | None, _column("--outcome", "What followed, a number.")] = None
    log: Annotated[
        Path | None,
        typer.Option("--log", metavar="FILE.csv", help="A log from elsewhere, a row a decision."),
    ] = None
    arm: Annotated[str | None, _column("--arm", "What was done.")] = None
    policy_arm: Annotated[
        str | None, _column("--policy-arm", "What the policy would have done.")
    ] = None
    propensity: Annotated[
        str | None, _column("--propensity", "The probability of what was done.")
    ] = None
    features: Features = None
    unit: Unit = None
    as_json: AsJson = False


@asked_by(Valued)
def value(said: Valued) -> None:
    """Say what a policy would have been worth, from logged propensities."""
    from tideover.doors.findings.elsewhere import value_lines

    if (said.workspace is None) == (said.log is None):
        raise Usage(
            "Name a workspace or a log, one of them",
            where="value",
            mend="tideover value WORKSPACE ..., or tideover value --log FILE ...",
        )
    told = _of_log(said, said.log) if said.log else _of_nights(said)
    print(json.dumps(told) if said.as_json else "\n".join(value_lines(told)))


def _of_log(said: Valued, log: Path) -> dict[str, Any]:
    from tideover.doors.findings.elsewhere import Columns, value_of_log

    outcome, arm, policy_arm = (
        _needed(word, option) for word, option in
        ((said.outcome, "--outcome"), (said.arm, "--arm"), (said.policy_arm, "--policy-arm"))
    )  # fmt: skip
    return value_of_log(Columns(log, outcome, arm, policy_arm, said.propensity, said.features,
                                said.unit))  # fmt: skip


def _of_nights(said: Valued) -> dict[str, Any]:
    from tideover.doors.findings.policy_value import BEST, Asked, policy_value
    from tideover.doors.strategies.shelf import of_folder

    first, last = (day(_needed(word, option), option)
                   for word, option in ((said.first, "--from"), (said.last, "--to")))  # fmt: skip
    judged = of_folder(Path(_needed(said.policy, "--policy")))
    asked = Asked(judged, first, last, said.outcome or BEST)
    return policy_value(Workspace.open(said.workspace or Path()), asked, progress())


def _needed(word: Any, option: str) -> Any:
    if word is None:
        raise Usage(f"{option} is missing", where="value", mend="See tideover value --help")
    return word


def power(
    base: Annotated[float, typer.Option("--base", help="The share that does it anyway, 0 to 1.")],
    points: Annotated[
        float, typer.Option("--points", help="The difference to be seen, in points of a hundred.")
    ],
    held_share: Annotated[float, typer.Option("--held", help="The share that is held out.")] = 0.5,
    arms: Annotated[int, typer.Option("--arms", help="How many arms, the control not.")] = 1,
) -> None:
    """Say how many people it takes to see a difference, before an experiment starts."""
    possible = points > 0 and base + points / 100 <= 1 + 1e-9
    for value, option, ok in ((base, "--base", 0 < base < 1), (points, "--points", possible),
                              (held_share, "--held", 0 < held_share < 1),
                              (arms, "--arms", arms >= 1)):  # fmt: skip
        if not ok:
            raise Usage(f"{value} cannot be", where=option, mend="See tideover experiment power "
                        "--help")  # fmt: skip
    # of the arms, each has its part of those who are not held out
    of_two = held_share / (held_share + (1 - held_share) / arms)
    pair = people_needed(base, points, held_share=of_two, sure=1 - (1 - SURE) / arms)
    people = ceil(pair / (held_share + (1 - held_share) / arms))
    print(f"You need {people:,} people to see {points:g} points where {100 * base:g} of 100 do it "
          "anyway: in 8 of 10 such experiments it is told from chance by then, and you may look as "
          "often as you like.")  # fmt: skip


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
