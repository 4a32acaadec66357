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
    """What a piece of work cost: the process and all its threads, imports left out."""

    cpu_s: float
    wall_s: float
    peak_mib: int


def measured(work: str, folder: Path) -> Measured:
    """Run a piece of work of `bench.work` in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "bench.work", work, str(folder)], cwd=REPO,
                          check=True, capture_output=True, text=True)  # fmt: skip
    cost = json.loads(done.stdout.strip().splitlines()[-1])
    return Measured(cost["cpu_s"], cost["wall_s"], cost["peak_mib"])


def cpu_s() -> float:
    """Return the CPU seconds of this process so far, all threads."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime


def tell_cost(since_cpu_s: float, since_s: float) -> None:
    """Print what this process has cost since its imports were done, and leave at once."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told = {"cpu_s": cpu_s() - since_cpu_s, "wall_s": time.monotonic() - since_s, "peak_mib": peak}
    print(json.dumps(told), flush=True)
    os._exit(0)
