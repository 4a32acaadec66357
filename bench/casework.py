"""What the operations plane costs: `python -m bench.casework publication --accounts 100000`.

A made-up utility goes through its nights first, which takes longer than what is measured. Each
measurement runs in a process of its own, on SQLite in a temporary folder and on a PostgreSQL that
is made for it. Figures go to bench/CASEWORK.md by hand, with the machine they are of.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from tests.postgres import binaries, cluster, database

AS_OF = date(2026, 6, 30)
NEXT = AS_OF + timedelta(days=1)


@contextmanager
def databases(wanted: str) -> Iterator[str]:
    """Give the URL of an empty database; empty for SQLite in the workspace."""
    if wanted == "sqlite":
        yield ""
        return
    assert binaries(), "there is no PostgreSQL here"
    # shared_buffers as a small production server has them; fsync is on
    with (
        cluster("shared_buffers=1GB", "max_wal_size=4GB") as server,
        database(server.url) as url,
    ):
        yield url


def publication(accounts: int, wanted: Sequence[str]) -> None:
    """Publish a first night, the same again, and the next day's, to each kind of database."""
    with tempfile.TemporaryDirectory() as folder:
        root, export = Path(folder) / "ws", Path(folder) / "export"
        environment = {k: v for k, v in os.environ.items() if not k.startswith("TIDEOVER_")}
        environment |= {"TIDEOVER_WORKSPACE": str(root)}
        nights(environment, root, export, accounts)
        for on in wanted:
            with databases(on) as url:
                published(on, root, environment | ({"TIDEOVER_DATABASE_URL": url} if url else {}))


def published(on: str, root: Path, environment: dict[str, str]) -> None:
    """Publish to one database, and print a row each time."""
    _run(environment, "manage.py", "migrate", "-v0")
    for what, day in (("first night", AS_OF), ("the same again", AS_OF), ("the next night", NEXT)):
        start, before = time.monotonic(), _cpu_s()
        done = json.loads(_run(environment, "-m", "tideover", "publish", str(root),
                               "--as-of", f"{day}", "--json"))  # fmt: skip
        print(f"| {on} | {what} | {done['decisions']:,} | {done['queued']:,} "
              f"| {time.monotonic() - start:.0f} | {_cpu_s() - before:.0f} "
              f"| {os.getloadavg()[0]:.1f} |", flush=True)  # fmt: skip


def nights(environment: dict[str, str], root: Path, export: Path, accounts: int) -> None:
    """Make up a utility and run two of its nights."""
    _run(environment, "-m", "tideover", "twin", str(export), "--accounts", f"{accounts}",
         "--days", "400", "--seed", "7", "--until", f"{AS_OF}")  # fmt: skip
    _run(environment, "-m", "tideover", "init", str(root))
    _run(environment, "-m", "tideover", "ingest", str(root), str(export))
    for day in (AS_OF, NEXT):
        _run(environment, "-m", "tideover", "night", str(root), "--as-of", f"{day}")


def _cpu_s() -> float:
    """Return the CPU seconds of all processes that were run and ended; a server's are not here."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _run(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run([sys.executable, *words], env=environment, check=True,
                          stdout=subprocess.PIPE, text=True)  # fmt: skip
    return done.stdout


PIECES = {"publication": publication}

if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("piece", choices=sorted(PIECES))
    asked.add_argument("--accounts", type=int, default=100_000)
    asked.add_argument("--on", choices=("postgres", "sqlite"), nargs="*",
                       default=("postgres", "sqlite"))  # fmt: skip
    said = asked.parse_args()
    PIECES[said.piece](said.accounts, said.on)
