"""Experiments of a workspace: planned, started night by night, listed, and looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from tideover.doors.commands.arguments import AsJson, AsOf, WorkspacePath, asked_by, day
from tideover.doors.commands.telling import Name, OfNamed, doubts, tell_of
from tideover.doors.files import aligned_text
from tideover.portfolio.workspace import Workspace
from tideover.rules.experiment import CONTROL, Experiment, arms_of


@dataclass(frozen=True)
class Plan:
    """What the command asks for."""

    workspace: WorkspacePath
    name: Name
    where: Annotated[
        list[str],
        typer.Option("--where", metavar="CONDITION", help="As of a campaign; all must hold."),
    ]
    arms: Annotated[
        list[str],
        typer.Option("--arm", metavar="ARM",
                     help="A message, e.g. 'plan: treatment=act_early, channels=sms'."),
    ]  # fmt: skip
    base: Annotated[float, typer.Option("--base", help="The share that does it anyway, 0 to 1.")]
    control: Annotated[float, typer.Option("--control", help="The share that gets no message.")] = (
        0.3
    )
    unit: Annotated[str, typer.Option("--unit", help="account or customer.")] = "account"
    outcome: Annotated[str, typer.Option("--outcome", help="What is counted.")] = "paid_in_full"
    window: Annotated[int, typer.Option("--window", help="Within so many days.")] = 30
    points: Annotated[
        float, typer.Option("--points", help="The difference to be seen, in points of a hundred.")
    ] = 5.0
    as_json: AsJson = False


@asked_by(Plan)
def plan(said: Plan) -> None:
    """State an experiment before it starts: arms, shares, what is counted, when it stops."""
    from tideover.doors.experiments.enrol import plan as keep_plan

    one = Experiment(said.name, tuple(said.where), arms_of(said.arms, said.control), said.control,
                     said.unit, said.outcome, said.window, said.points, said.base)  # fmt: skip
    anew = keep_plan(Workspace.open(said.workspace), one)
    if said.as_json:
        print(json.dumps({"experiment": one.name, "people_needed": one.people, "anew": anew}))
        return
    if not anew:
        print(f"{one.name} was planned before, and stays as it is.")
    print(f"You need {one.people:,} people to see {one.points:g} points where "
          f"{100 * one.base:g} of 100 do it anyway.")  # fmt: skip
    print(f"Start it with: tideover experiment start {said.workspace} {one.name} --as-of DATE, "
          "on each night that people are to come in.")  # fmt: skip


@dataclass(frozen=True)
class Start:
    """What the command asks for."""

    workspace: WorkspacePath
    name: Name
    as_of: AsOf
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it, and keep nothing.")] = False
    as_json: AsJson = False


@asked_by(Start)
def start(said: Start) -> None:
    """Give people of a night an arm by lot; on later nights, those who come in then."""
    from tideover.doors.experiments.enrol import start as enrol

    found = enrol(Workspace.open(said.workspace), said.name, day(said.as_of),
                  keep_it=not said.dry_run)  # fmt: skip
    if said.as_json:
        print(json.dumps(found.listing))
        return
    arms = ", ".join(f"{name} {n:,}" for name, n in found.arms.items())
    print(f"{sum(found.arms.values()):,} accounts come in: {arms}.")
    for reason, n in found.left_out.items():
        print(f"  left out, {reason}: {n:,}")
    print(f"{found.so_far:,} of the {found.experiment.people:,} it takes are in so far.")
    if said.dry_run:
        print("Nothing was kept.")


def list_(workspace: WorkspacePath) -> None:
    """List the experiments that were planned."""
    from tideover.doors.experiments.shelf import experiments, read_ended, read_people

    opened = Workspace.open(workspace)
    rows = []
    for one in experiments(opened):
        ended, people = read_ended(opened, one.name), read_people(opened, one.name)
        rows.append({"experiment": one.name, "outcome": one.outcome,
                     "arms": "; ".join((CONTROL, *(arm.name for arm in one.arms))),
                     "people": people.num_rows, "planned": one.people,
                     "state": f"ended {ended['on']}" if ended else "goes on"})  # fmt: skip
    print(aligned_text(rows) if rows else "No experiment was planned.")


@asked_by(OfNamed)
def result(said: OfNamed) -> None:
    """Tell what each arm added so far; a look that ends it is kept."""
    from tideover.doors.experiments.page import page
    from tideover.doors.experiments.result import result as found

    tell_of(said, found, page=page, lines=_lines)


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    yield (f"{told['over']:,} of the {told['planned']:,} people it takes are in whose "
           f"{told['window_days']} days are over.")  # fmt: skip
    for arm in told["arms"]:
        yield f"{arm['arm']}: {arm['sentence']}"
        yield from doubts((), lost=arm["sample_ratio"]["alarm"])
    yield from doubts(told["balance"])
    yield f"By customer: {told['personal']['verdict']}."
    if told["ended"]:
        yield f"It ended on {told['ended']['on']}: {told['ended']['because']}."
