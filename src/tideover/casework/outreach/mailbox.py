"""The local mailbox: what the embedded default "sends" lies here as files, one a message.

The console looks in through this, since pages may not touch channels.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tideover.casework import place

FOLDER = "mailbox"
_KEY = re.compile(r"[\w-]{1,80}")


@dataclass(frozen=True)
class Delivered:
    """A message as it arrived in the mailbox."""

    key: str
    to: str
    channel: str
    at: str
    subject: str = ""
    text: str = ""
    html: str = ""


def folder() -> Path:
    """Return where the files lie."""
    return place.folder() / FOLDER


def newest(limit: int = 200) -> list[Delivered]:
    """Return what arrived last, newest first."""
    found = sorted(_read(folder()), key=lambda one: (one.at, one.key), reverse=True)
    return found[:limit]


def delivered(key: str) -> Delivered | None:
    """Return one message by its key; none where there is none."""
    if not _KEY.fullmatch(key):
        return None
    return _one(folder() / f"{key}.json")


def _read(box: Path) -> Iterator[Delivered]:
    for path in box.glob("*.json"):
        one = _one(path)
        if one:
            yield one


def _one(path: Path) -> Delivered | None:
    """Return a file's message; none where it is gone, or is no message."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        names = ("to", "channel", "at", "subject", "text", "html")
        return Delivered(key=path.stem, **{name: str(said.get(name) or "") for name in names})
    except (OSError, ValueError, AttributeError):
        return None


def forget(keys: list[str]) -> None:
    """Take away messages by their keys; those that are not there are gone already."""
    for key in keys:
        if _KEY.fullmatch(key):
            (folder() / f"{key}.json").unlink(missing_ok=True)
