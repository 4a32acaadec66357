"""Arguments that several commands share, and progress on the terminal."""

from __future__ import annotations

import inspect
import sys
import time
from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from tideover.terms.calendar import FIRST_DAY, LAST_DAY
from tideover.terms.faults import Usage

WorkspacePath = Annotated[Path, typer.Argument(metavar="WORKSPACE", help="The utility's folder.")]
AsOf = Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day, e.g. 2026-03-31.")]
OutFile = Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]


def asked_by(options: type[Any]) -> Callable[[Callable[[Any], None]], Callable[..., None]]:
    """Give a command the fields of a dataclass as its arguments and options.

    For commands with more options than a function should have arguments.
    """
    hints = get_type_hints(options, include_extras=True)
    parameters = [
        inspect.Parameter(
            one.name, inspect.Parameter.KEYWORD_ONLY, annotation=hints[one.name],
            default=inspect.Parameter.empty if one.default is MISSING else one.default,
        )
        for one in fields(options)
    ]  # fmt: skip

    def decorate(command: Callable[[Any], None]) -> Callable[..., None]:
        def run(**said: Any) -> None:
            command(options(**said))

        run.__doc__, run.__annotations__ = command.__doc__, hints
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        return run

    return decorate


def day(text: str, where: str = "--as-of") -> date:
    """Return a day as a person wrote it.

    Args:
        where: The option that says it.

    Raises:
        Usage: It is no day, or beyond what an export may hold.
    """
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:  # Python reads 20260331 and 2026-W14-2 too
        raise Usage(f"{text!r} is no day", where=where, mend="Write it as 2026-03-31")
    if not FIRST_DAY <= found <= LAST_DAY:
        raise Usage(f"{text} lies outside {FIRST_DAY} to {LAST_DAY}", where=where)
    return found


def progress() -> Callable[[str], None]:
    """Return a teller of progress that speaks on the error stream, with the seconds gone by."""
    start = time.monotonic()

    def tell(words: str) -> None:
        print(f"  {time.monotonic() - start:6.1f} s  {words}", file=sys.stderr, flush=True)

    return tell
