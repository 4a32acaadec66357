"""A strategy tried on past days beside another, and in a closed loop on a twin that lives on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from tideover.doors.commands.arguments import AsJson, WorkspacePath, asked_by, day, progress
from tideover.doors.commands.telling import tell
from tideover.terms import money


@dataclass(frozen=True)
class Rehearse:
    """What the command asks for."""

    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The strategy that is tried.")]
    against: Annotated[
        str,
        typer.Option(
            "--against",
            metavar="CURRENT",
            help=(
                "What it is compared with: a strategy's folder, a workspace, or the word published."
            ),
        ),
    ]
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day.")]
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="The last day.")]
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace",
            metavar="WORKSPACE",
            help=("Whose past it is; not needed where a folder lies in it."),
        ),
    ] = None
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.html", help=("Where to write the page."))
    ] = None
    as_json: AsJson = False  # fmt: skip


@asked_by(Rehearse)
def rehearse(said: Rehearse) -> None:
    """Replay past days through a strategy and another: who is treated differently, and why."""
    # What is heavy is imported where it is used: see doors/commands.
    from tideover.doors.rehearsals import page, rehearsal
    from tideover.doors.rehearsals.rehearsal import Asked

    asked = Asked(said.folder, said.against, day(said.first, "--from"), day(said.last, "--to"),
                  said.workspace)  # fmt: skip
    told = rehearsal(asked, progress())
    tell(said, told, page=page, lines=_lines)


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    totals, cost = told["totals"], told["cost"]
    yield (f"{told['accounts_different']:,} of {told['accounts']:,} accounts would be treated "
           f"differently on {len(told['days'])} days.")  # fmt: skip
    for name, outcome in (("Contacts", "contact"), ("Left alone", "silence"),
                          ("Blocked", "blocked")):  # fmt: skip
        before, after = (totals.get(f"{outcome}_{side}", 0) for side in ("before", "after"))
        yield f"{name}: {before:,} before, {after:,} after."
    before, after = (money.text(cost[f"{side}_minor"], cost["currency"])
                     for side in ("before", "after"))  # fmt: skip
    yield f"Cost of sending: {before} {cost['currency']} before, {after} after."
    for way in told["ways"][:5]:
        rows = " -> ".join(f"{way[side]['rule']} ({way[side]['outcome']})"
                           for side in ("before", "after"))  # fmt: skip
        yield f"  {way['account_days']:,} account-days: {rows}"


@dataclass(frozen=True)
class Rehearsal:
    """What the closed loop is asked for."""

    workspace: WorkspacePath
    nights: Annotated[int, typer.Option(help="How many nights to live.")]
    accounts: Annotated[int, typer.Option(help="How many accounts the twin has.")] = 20_000
    days: Annotated[int, typer.Option(help="How many days of history it has.")] = 400
    seed: Annotated[int, typer.Option(help="The same seed lives the same life.")] = 7
    policies: Annotated[
        str,
        typer.Option(
            metavar="NAMES",
            help="Some of nobody, letters, random, oracle, threats, strategy, with commas.",
        ),
    ] = "nobody,letters,random,oracle,threats,strategy"
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.html", help=("Where to write the page."))
    ] = None
    as_json: AsJson = False  # fmt: skip


@asked_by(Rehearsal)
def rehearsal(said: Rehearsal) -> None:
    """Let a made-up utility live on under several policies, the strategy's among them."""
    from tideover.doors.rehearsals.loop import Asked, closed_loop
    from tideover.doors.rehearsals.loop_page import page

    names = [name.strip() for name in said.policies.split(",") if name.strip()]
    asked = Asked(said.workspace, said.nights, said.accounts, said.days, said.seed, names)
    tell(said, closed_loop(asked, progress()), page=page, lines=_loop_lines)


def _loop_lines(told: Mapping[str, Any]) -> Iterator[str]:
    from tideover.doors.rehearsals.loop_page import summary

    currency = told["currency"]
    yield f"{told['accounts']:,} accounts, {told['nights']} nights, seed {told['seed']}."
    for name, one in summary(told).items():
        known = one["way"] is not None and one["way"] >= 0
        way = f", {one['way']:.0%} of the way from letters to oracle" if known else ""
        yield (f"{name}: mean arrears {money.text(round(one['mean_arrears_minor']), currency)} "
               f"{currency} an account{way}; {one['cured']:,} cured, {one['contacts']:,} messages, "
               f"{one['complaints']:,} complaints, {one['opt_outs']:,} opt-outs.")  # fmt: skip
