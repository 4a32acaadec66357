"""One piece of work in a process of its own: CPU seconds, wall seconds, most memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Measured:
    """What a piece of work cost: the process and all its threads, start-up included."""

    cpu_s: float
    wall_s: float
    peak_mib: int


def measured(work: str, folder: Path) -> Measured:
    """Run a piece of work of `bench.work` in a process of its own."""
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "bench.work", work, str(folder)], cwd=REPO,
                          check=True, capture_output=True, text=True)  # fmt: skip
    cost = json.loads(done.stdout.strip().splitlines()[-1])
    return Measured(cost["cpu_s"], time.monotonic() - start, cost["peak_mib"])


def tell_cost() -> None:
    """Print what this process has cost so far, and leave at once."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"cpu_s": spent.ru_utime + spent.ru_stime,
                      "peak_mib": spent.ru_maxrss // 1024}), flush=True)  # fmt: skip
    os._exit(0)
