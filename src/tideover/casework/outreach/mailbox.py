"""What lies in the local mailbox, for whoever shows it: reading it sends nothing.

The console looks in through this, since pages may not touch channels.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tideover.casework import place
from tideover.casework.outreach.channels.sink import mailbox as box
from tideover.casework.outreach.channels.sink.mailbox import Kept

__all__ = ["Kept", "delivered", "enclosed", "folder", "forget", "newest"]
FOLDER = "mailbox"


def folder() -> Path:
    """Return where the mailbox lies."""
    return place.workspace() / FOLDER


def newest(limit: int = 200) -> list[Kept]:
    """Return what arrived last, newest first."""
    return box.mailbox(folder(), most=limit)


def delivered(key: str) -> Kept | None:
    """Return one message by its key; none where there is none."""
    return box.one(folder(), key)


def enclosed(key: str) -> list[Path]:
    """Return the files that came with a message."""
    return box.enclosed(folder(), key)


def forget(keys: Sequence[str]) -> None:
    """Take away messages by their keys; those that are not there are gone already."""
    box.forget(folder(), keys)
