"""Customers' replies at the command line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tideover.doors.commands.arguments import OutFile, day, progress


def classify(
    replies: Annotated[Path, typer.Argument(metavar="IN.jsonl", help="One a line: id, text.")],
    out: OutFile,
    train: Annotated[
        Path | None,
        typer.Option("--train", metavar="FILE", help="Learn these labels: text, label a line."),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="Received then; today if not said.")
    ] = None,
) -> None:
    """Write what each reply means, and whether a person has to see it."""
    from tideover.doors import replying

    received = day(on, "--on") if on else datetime.now().astimezone().date()
    count, for_a_person = replying.classify(
        replies, out, on=received, labelled=train, tell=progress()
    )
    print(f"{count:,} replies, {for_a_person:,} of them for a person: {out}")
