"""Strategies: checked, tried on their cases, carried to a spreadsheet and back, published."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tideover.doors.commands.arguments import OutFile, WorkspacePath, day
from tideover.doors.files import aligned_text
from tideover.doors.strategies.folder import read_strategy, read_texts, write_folder
from tideover.doors.strategies.shelf import publications, publish, roll_back
from tideover.portfolio.files import write_whole
from tideover.portfolio.workspace import ALWAYS, STAFFED, Workspace
from tideover.rules.strategy import Strategy, parse_strategy
from tideover.rules.strategy.cases import parse_cases, run_cases
from tideover.rules.strategy.difference import difference
from tideover.rules.strategy.folder import CASES_FILE
from tideover.rules.strategy.jdm import not_carried, to_jdm
from tideover.rules.strategy.versions import Publication, Signed
from tideover.terms.faults import Refused, Usage

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a strategy.")]
FromDay = Annotated[str, typer.Option("--from", metavar="DATE", help="The first day it holds.")]
_AUTHOR = re.compile(r"\S[^\n\r\t]{0,198}")


def check(folder: Folder) -> None:
    """Say whether a strategy is complete: no gaps, no overlaps, no row that never decides."""
    strategy = read_strategy(folder)
    if CASES_FILE in strategy.texts:
        _cases_understood(strategy, folder)
    for table in strategy.policy.tables:
        ladder = f"one step of {table.ladder} at a time" if table.ladder else "most severe first"
        print(f"{table.file}: {len(table.rows)} rows, {table.hit} hit, {ladder}")
    print(f"{strategy.name} is complete: every account has its row, and every row its accounts.")


def _cases_understood(strategy: Strategy, folder: Path) -> None:
    try:
        parse_cases(strategy)
    except Refused as fault:
        raise Refused(fault.what, where=str(folder / fault.where), mend=fault.mend) from None


def test(folder: Folder) -> None:
    """Run the cases that stand beside the tables."""
    strategy = read_strategy(folder)
    try:
        outcomes = run_cases(strategy)
    except Refused as fault:
        raise Refused(fault.what, where=str(folder / fault.where), mend=fault.mend) from None
    failed = [outcome.words for outcome in outcomes if outcome.words]
    for words in failed:
        print(f"FAILED  {words}")
    print(f"{len(outcomes) - len(failed)} of {len(outcomes)} cases hold.")
    if failed:
        raise Refused(f"{len(failed)} of {len(outcomes)} cases came out otherwise",
                      where=str(folder / CASES_FILE),
                      mend="Mend the tables, or what is expected")  # fmt: skip


def export(folder: Folder, out: OutFile) -> None:
    """Write the tables as a workbook (.xlsx), or the strategy as GoRules JDM (.json)."""
    from tideover.doors.strategies.workbook import write_workbook

    strategy = read_strategy(folder)
    if out.suffix == ".xlsx":
        write_workbook(strategy, out)
    elif out.suffix == ".json":
        write_whole(out, to_jdm(strategy))
        print(f"Stays behind, as it decides nothing: {', '.join(not_carried(strategy))}.")
    else:
        raise Usage(f"{out.name!r} is no kind of file this goes to", where="--out",
                    mend="Name it .xlsx for a spreadsheet, or .json for GoRules JDM")  # fmt: skip
    print(f"Wrote {out}")


def import_(
    workbook: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="A workbook of tables.")],
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="The strategy it is of.")],
) -> None:
    """Take the tables of a workbook into a strategy; all of them, or none."""
    from tideover.doors.strategies.workbook import tables_of

    before = read_texts(into)
    after = before | tables_of(workbook, before)
    try:
        changed = parse_strategy(after)
    except Refused as fault:
        raise Refused(
            fault.what, where=_seen_from(workbook, into, fault), mend=fault.mend
        ) from None
    lines = list(_differences(before, changed))
    if lines:
        write_folder(into, after)
    print("\n".join(lines) or "Nothing differs.")
    print(f"{into}: {len(lines)} changes taken in.")


def _seen_from(workbook: Path, into: Path, fault: Refused) -> str:
    """Return the place of a fault in the workbook, or in the folder where it lies there."""
    file, found, rest = fault.where.partition(".csv")
    return f"{workbook}, sheet {file}{rest}" if found else str(into / fault.where)


def _differences(before: dict[str, str], after: Strategy) -> list[str]:
    """Return what changes; a former state that does not hold together is only replaced."""
    try:
        return list(difference(parse_strategy(before), after))
    except Refused:
        return ["what stood there did not hold together, and is replaced"]


def diff(
    one: Annotated[Path, typer.Argument(metavar="DIR1")],
    other: Annotated[Path, typer.Argument(metavar="DIR2")],
) -> None:
    """Tell what differs between two strategies, row by row and cell by cell."""
    lines = list(difference(read_strategy(one), read_strategy(other)))
    print("\n".join(lines) or "They say the same.")


def publish_(
    folder: Folder,
    workspace: Annotated[Path, typer.Option("--workspace", metavar="WORKSPACE")],
    from_day: FromDay,
    author: Annotated[str, typer.Option("--author", metavar="NAME", help="Who answers for it.")],
) -> None:
    """Keep a strategy as a version that never changes, and let it hold from a day."""
    if not _AUTHOR.fullmatch(author.strip()):
        raise Usage("Nobody is named", where="--author", mend="Give the name of who answers for it")
    opened, strategy = Workspace.open(workspace), read_strategy(folder)
    failed = [outcome.words for outcome in run_cases(strategy) if outcome.words]
    if failed:
        raise Refused(f"{len(failed)} of its cases come out otherwise",
                      where=str(folder / CASES_FILE),
                      mend=f"See them with: tideover strategy test {folder}")  # fmt: skip
    two = _two_must_agree(opened)
    signed = _both(opened, strategy) if two else Signed(author.strip())
    one = publish(opened, strategy, from_day=day(from_day), signed=signed,
                  today=datetime.now(UTC).date())  # fmt: skip
    print(f"{one.version.label} holds from {one.from_day}.")


def _two_must_agree(workspace: Workspace) -> bool:
    """Say whether a second person is asked: always, never, or once there are two to ask."""
    from tideover.doors.operations import has_casework, open_casework

    said = workspace.settings.strategy.second_person
    if said != STAFFED or not has_casework(workspace):
        return said == ALWAYS
    open_casework(workspace)
    from tideover.casework.console.strategies import two_could_agree

    return two_could_agree()


def _both(workspace: Workspace, strategy: Strategy) -> Signed:
    """Return who proposed these very files in the console, and who else approved them there."""
    from tideover.doors.operations import open_casework

    open_casework(workspace)
    from tideover.casework.console.strategies import approved

    if people := approved(strategy.hash):
        return Signed(*people)
    raise Refused("Nobody but its author approved this strategy",
                  where="tideover.toml [strategy] second_person",
                  mend="Propose it in the console; somebody else approves it there, and then "
                       "publish it again")  # fmt: skip


def rollback(workspace: WorkspacePath, from_day: FromDay) -> None:
    """Let the version before hold again from a day; challengers end."""
    one = roll_back(Workspace.open(workspace), from_day=day(from_day))
    print(f"{one.version.label} holds again from {one.from_day}.")


def versions(workspace: WorkspacePath) -> None:
    """List what was published, and from which day it holds."""
    told = publications(Workspace.open(workspace))
    if not told:
        print("Nothing was published: the working copy in strategy/ decides.")
        return
    print(aligned_text([_row(one) for one in told]))


def _row(one: Publication) -> dict[str, str]:
    version = one.version
    challenge = version.challenge
    return {
        "from": one.from_day.isoformat(), "version": version.label,
        "holds for": f"{challenge.share:.0%} of {challenge.of}" if challenge else "everyone else",
        "author": version.author, "published": version.published_on.isoformat(),
        "approved by": version.approved_by or "nobody yet", "hash": version.hash[:12],
        "": "returned to" if one.returned else "",
    }  # fmt: skip
