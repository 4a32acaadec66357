"""A file of vectors through the guard, line by line and in order, on one core or several."""

from __future__ import annotations

import gc
import json
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from tideover.doors.files import whole
from tideover.doors.rulebooks import guard_of
from tideover.rules.guard.vectors import MOST_BYTES, Vectors
from tideover.terms.faults import Refused

AT_ONCE = 500  # lines that a worker is given
TOLD_EVERY = 20_000


@lru_cache(maxsize=1)
def judging() -> Vectors:
    """Return the guard of the shipped law, reading vectors; a worker makes it once."""
    made = Vectors(guard_of())
    gc.freeze()  # the rules stay for good: the collector need not walk them again and again
    return made


def check(source: Path, out: Path, *, workers: int, tell: Callable[[str], None]) -> tuple[int, int]:
    """Write a verdict for every line of a file, and return how many there are and how many errors.

    Raises:
        Refused: There is no such file.
    """
    lines = errors = 0
    with whole(out) as written:
        for told in _in_order(source, workers):
            lines += 1
            errors += "error" in told
            written.write(json.dumps(told, ensure_ascii=False) + "\n")
            if lines % TOLD_EVERY == 0:
                tell(f"{lines:,} verdicts")
    return lines, errors


def check_lines(source: Path, vectors: Vectors) -> Iterator[dict[str, Any]]:
    """Yield the verdict of every line of a file."""
    return map(vectors.told, lines_of(source))


def _in_order(source: Path, workers: int) -> Iterator[dict[str, Any]]:
    if workers <= 1:
        yield from check_lines(source, judging())
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        waiting: deque[Future[list[dict[str, Any]]]] = deque()
        lines = lines_of(source)
        # as many pieces are out as keep every worker busy; the file is never in memory whole
        while piece := list(islice(lines, AT_ONCE)):
            waiting.append(pool.submit(_told, piece))
            if len(waiting) >= 3 * workers:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _told(lines: Iterable[bytes | None]) -> list[dict[str, Any]]:
    return [judging().told(line) for line in lines]


def lines_of(source: Path) -> Iterator[bytes | None]:
    """Yield a file's lines; None for one that is too long, which is not kept.

    Raises:
        Refused: There is no such file.
    """
    if not source.is_file():
        raise Refused("There is no such file", where=str(source), mend="Name a file of vectors")
    with source.open("rb") as stream:
        while line := stream.readline(MOST_BYTES + 2):
            too_long = len(line) > MOST_BYTES + 1 or (len(line) > MOST_BYTES and line[-1:] != b"\n")
            if too_long and line[-1:] != b"\n":
                while rest := stream.readline(MOST_BYTES):
                    if rest[-1:] == b"\n":
                        break
            yield None if too_long else line
