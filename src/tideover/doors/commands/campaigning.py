"""Campaigns: planned, listed, and judged by their hold-out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tideover.doors.commands.arguments import AsJson, AsOf, WorkspacePath, asked_by, day
from tideover.doors.commands.telling import Name, OfNamed, doubts, tell_of
from tideover.doors.files import aligned_text
from tideover.portfolio.workspace import Workspace
from tideover.rules.campaign import Campaign, Message

if TYPE_CHECKING:  # what is heavy is imported where it is used: see doors/commands
    from tideover.doors.campaigns.plan import Planned


def _cell(option: str, about: str) -> Any:
    return typer.Option(option, metavar="WORDS", help=about)


@dataclass(frozen=True)
class Plan:
    """What the command asks for."""

    workspace: WorkspacePath
    name: Name
    as_of: AsOf
    where: Annotated[
        list[str],
        typer.Option("--where", metavar="CONDITION", help="As a cell of a table; all must hold."),
    ]
    treatment: Annotated[str, typer.Option("--treatment", metavar="NAME", help="What is said.")]
    channels: Annotated[str, _cell("--channels", "By what, e.g. 'email; sms'.")]
    tones: Annotated[str, _cell("--tones", "How it is said.")] = "friendly"
    offers: Annotated[str, _cell("--offers", "What is held out.")] = "none"
    parts: Annotated[str, _cell("--parts", "In which parts of the day.")] = Message("", "").parts
    because: Annotated[str, _cell("--because", "The reason people read.")] = Message("", "").because
    holdout: Annotated[float, typer.Option("--holdout", help="The share that is left alone.")] = 0.2
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it, and keep nothing.")] = False
    as_json: AsJson = False


@asked_by(Plan)
def plan(said: Plan) -> None:
    """Choose people for one message, hold some of them out at random, and keep the list."""
    from tideover.doors.campaigns.plan import plan as plan_campaign

    message = Message(said.treatment, said.channels, said.tones, said.offers, said.parts,
                      said.because)  # fmt: skip
    campaign = Campaign(said.name, day(said.as_of), tuple(said.where), message, said.holdout)
    planned = plan_campaign(Workspace.open(said.workspace), campaign, keep_it=not said.dry_run)
    if said.as_json:
        print(json.dumps(planned.listing))
        return
    print("\n".join(_planned_lines(planned, dry_run=said.dry_run)))


def _planned_lines(planned: Planned, *, dry_run: bool) -> Iterator[str]:
    from tideover.doors.campaigns.plan import POINTS_ASKED

    told, arms = planned.listing, planned.arms
    if not planned.anew and not dry_run:
        yield f"{told['campaign']} was planned before, and stays as it is."
    yield (f"{told['chosen']:,} accounts are chosen: {arms['treated']:,} to be written to, "
           f"{arms['holdout']:,} held out, {arms['none']:,} neither.")  # fmt: skip
    yield from (f"  {code}: {n:,}" for code, n in told["blocked_by"].items())
    base = f"about {100 * told['expected_paid_in_full']:.0f} of 100 are expected to pay in full"
    seen = told["points_seen"]
    if seen is None:
        yield f"With {told['people']:,} people no difference will be told from chance; {base}."
    else:
        yield (f"With {told['people']:,} people a difference of {seen} points is told from "
               f"chance in 8 of 10 such campaigns; {base} anyway.")  # fmt: skip
    yield f"To see {POINTS_ASKED} points takes about {told['people_needed']:,} people."
    if dry_run:
        yield "Nothing was kept."


def list_(workspace: WorkspacePath) -> None:
    """List the campaigns that were planned."""
    from tideover.doors.campaigns.plan import Planned
    from tideover.doors.campaigns.shelf import campaigns, read_members

    opened = Workspace.open(workspace)
    rows = []
    for one in campaigns(opened):
        arms = Planned(one, read_members(opened, one.name), anew=False).arms
        rows.append({"campaign": one.name, "as of": one.as_of.isoformat(),
                     "treatment": one.message.treatment, "to be written to": arms["treated"],
                     "held out": arms["holdout"], "neither": arms["none"],
                     "where": " and ".join(one.where)})  # fmt: skip
    print(aligned_text(rows) if rows else "No campaign was planned.")


@asked_by(OfNamed)
def result(said: OfNamed) -> None:
    """Tell whether it helped: who paid among those written to, and among those held out."""
    from tideover.doors.campaigns.page import page
    from tideover.doors.campaigns.result import result as found

    tell_of(said, found, page=page, lines=_result_lines)


def _result_lines(told: Mapping[str, Any]) -> Iterator[str]:
    sent = told["sent"]
    yield f"{sent['seen']:,} of {sent['planned']:,} messages are among the contacts loaded so far."
    if not told["window_over"]:
        yield f"Too early: the 30 days end on {told['window_ends']}."
        return
    for name, words in (("paid_in_full", "In full"), ("paid_anything", "At all")):
        yield f"{words}: {told['outcomes'][name]['sentence']}"
    yield from doubts(told["balance"], lost=told["sample_ratio"]["alarm"])
