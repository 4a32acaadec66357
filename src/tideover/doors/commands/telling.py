"""What a command found out: as a page where one is asked for, and as data or in lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer

from tideover.doors.commands.arguments import AsJson, WorkspacePath, day
from tideover.portfolio.files import write_whole
from tideover.portfolio.workspace import Workspace

Name = Annotated[str, typer.Argument(metavar="NAME", help="Its name: small letters, digits, _.")]
Lines = Callable[[Mapping[str, Any]], Iterable[str]]


@dataclass(frozen=True)
class OfNamed:
    """What a command asks for that tells what came of a campaign or an experiment."""

    workspace: WorkspacePath
    name: Name
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DATE", help="Known until; else the last load's day.")
    ] = ""
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.html", help="Where to write the page.")
    ] = None
    as_json: AsJson = False


class Asked(Protocol):
    """How a command is asked to tell it."""

    @property
    def out(self) -> Path | None:
        """Where to write the page."""

    @property
    def as_json(self) -> bool:
        """Whether to print data instead of lines."""


def tell_of(
    said: OfNamed, found: Callable[[Workspace, str, date | None], Mapping[str, Any]], *,
    page: Callable[[Any], str], lines: Lines,
) -> None:  # fmt: skip
    """Find out what came of something that has a name, and tell it."""
    until = day(said.as_of) if said.as_of else None
    tell(said, found(Workspace.open(said.workspace), said.name, until), page=page, lines=lines)


def tell(said: Asked, told: Mapping[str, Any], *, page: Callable[[Any], str], lines: Lines) -> None:
    """Write the page where one is asked for, and print the data or the lines."""
    if said.out is not None:
        write_whole(said.out, page(told))
    if said.as_json:
        print(json.dumps(told))
        return
    print("\n".join(lines(told)))
    if said.out is not None:
        print(f"Wrote {said.out}")


def doubts(balance: Iterable[Mapping[str, Any]], *, lost: bool = False) -> Iterator[str]:
    """Yield why a difference is not to be believed, or to be looked into, in lines.

    Args:
        balance: How far groups lay apart beforehand (`findings.alike`).
        lost: Whether groups are not as large as they were drawn.
    """
    if lost:
        yield "  Groups are not as large as they were drawn: this is not to be believed."
    for one in balance:
        if one["strange"]:
            yield f"  {one['arm']} differs beforehand in {one['feature']} ({one['at']:+.2f})."
