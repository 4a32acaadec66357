"""Commands in processes of their own, to be killed at some moment or run out of disk."""

from __future__ import annotations

import itertools
import os
import resource
import signal
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

# One fresh process imports everything, which takes seconds, and forks each command. The command
# line itself imports little, so what its commands import is named too.
_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload([
    "tideover.doors.cli", "tideover.doors.explanation", "tideover.doors.night",
    "tideover.doors.report", "tideover.portfolio.intake", "tideover.rehearsal.twin",
])  # fmt: skip
KILLED = -signal.SIGKILL
_STEPS = ("os.rename", "os.remove", "os.rmdir", "os.mkdir")


class Ended(NamedTuple):
    """How a command ended.

    Args:
        steps: How often it made a folder, or opened a file to write, renamed or removed one.
        said: What it printed, and its errors.
    """

    code: int
    seconds: float
    steps: int
    said: str


def apart(*words: object, kill_after: float | None = None, kill_at_step: int = 0,
          file_bytes: int | None = None) -> Ended:  # fmt: skip
    """Run a command in a process of its own and wait for its end.

    Args:
        kill_after: SIGKILL after so many seconds.
        kill_at_step: SIGKILL just before so manyth step.
        file_bytes: No file may grow larger, as on a full disk.
    """
    with tempfile.NamedTemporaryFile() as said:
        steps = _FORKS.Value("i", 0)
        process = _FORKS.Process(target=_command, kwargs={
            "words": [str(word) for word in words], "said": said.name, "steps": steps,
            "kill_at_step": kill_at_step, "file_bytes": file_bytes,
        })  # fmt: skip
        start = time.monotonic()
        process.start()
        process.join(kill_after)
        process.kill()
        process.join()
        spent = time.monotonic() - start
        text = Path(said.name).read_text(encoding="utf-8")
        return Ended(process.exitcode or 0, spent, steps.value, text)


def _command(*, words: list[str], said: str, steps: Any, kill_at_step: int,
             file_bytes: int | None) -> None:  # fmt: skip
    from tideover.doors.cli import run

    with open(said, "w", encoding="utf-8") as out:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(out.fileno(), stream.fileno())
    if file_bytes is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    counted = itertools.count(1)

    def count(event: str, about: tuple[Any, ...]) -> None:
        if event in _STEPS or (event == "open" and about[2] & (os.O_WRONLY | os.O_RDWR)):
            steps.value = next(counted)
            if steps.value == kill_at_step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    sys.exit(run(words))
