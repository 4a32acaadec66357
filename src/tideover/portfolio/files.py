"""Files that are either absent, old, or complete, and work that one process does at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EISDIR, ENOTDIR
from pathlib import Path

from tideover.terms.faults import StepMissing


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """Give a place to write a file to; it takes its name when it is whole and on disk.

    On any failure, such as a full disk, what stood there before stays, and nothing else is left.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR), str(path.parent)) from None
    if path.is_dir():  # else it would be noticed when all is done
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(path))
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        yield unfinished
        settle(unfinished)
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def write_whole(path: Path, text: str) -> None:
    """Write a text file that is either absent, old, or complete, whatever happens meanwhile."""
    with appearing(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="")


def settle(path: Path) -> None:
    """Wait until a file is on disk, so that nothing ever names what a power cut took."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def one_at_a_time(lock: Path, *, work: str, where: Path) -> Iterator[None]:
    """Keep other processes out of some work; a killed one leaves no lock behind.

    Args:
        lock: A file that is there for nothing else.
        work: What is done, as in "Another load is running".
        where: The workspace, for the words.

    Raises:
        StepMissing: Another process is at it.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StepMissing(f"Another {work} is running", where=str(where),
                              mend="Wait until it is done") from None  # fmt: skip
        yield
