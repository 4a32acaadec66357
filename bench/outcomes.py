"""Measure outcomes and measures over 24 months of contacts, beside the night's own cost.

`python -m bench.outcomes --accounts 100000`; the million is for an idle machine.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.made import AS_OF, made_lake
from bench.measured import REPO, cpu_s, tell_cost
from tideover.doors.findings.followed import followed_of
from tideover.doors.findings.measured import measured
from tideover.portfolio.duck import DuckEngine
from tideover.portfolio.lake import Lake, write_table
from tideover.portfolio.outcomes import DECIDED
from tideover.portfolio.workspace import Workspace

MONTHS = 24
SECOND = "000002-contacts.parquet"
_CONTACTS = """SELECT * REPLACE ('K' || account_no || '-s' || m AS contact_id,
    occurred_on - (m * 30)::INTEGER AS occurred_on,
    occurred_at - INTERVAL (m * 30) DAY AS occurred_at)
    FROM read_parquet({part}) contacts, range(1, {months} // 6 + 3) t(m)
    WHERE contact_id LIKE '%-0' OR contact_id LIKE '%-3' OR contact_id LIKE '%-5'"""
NIGHTS = 4  # a week apart, whose decisions are followed


def make(folder: Path) -> None:
    """Make the lake, with contacts over two years to everyone who is behind."""
    made_lake(folder / "lake", int(folder.name))
    lake, engine = Lake.open(folder / "lake"), DuckEngine(scratch=folder / ".scratch")
    for bucket in range(lake.manifest.buckets):
        part = lake.parts("contacts", bucket)[0]
        if part.with_name(SECOND).exists():
            continue
        sql = _CONTACTS.format(part=f"'{part}'", months=MONTHS)
        write_table(part.with_name(SECOND), engine.query(sql))
        lake.manifest.parts["contacts"][str(bucket)].append(SECOND)
    lake.commit(lake.manifest)
    contacts = sum(pq.ParquetFile(part).metadata.num_rows for part in lake.parts("contacts"))
    print(f"{contacts:,} contacts", file=sys.stderr)


def measures(folder: Path) -> None:
    """Every indicator of the month before, by every group."""
    measured(Workspace.open(folder), AS_OF)


def outcomes(folder: Path) -> None:
    """What followed the decisions of four nights on everyone in arrears, in four windows."""
    workspace = Workspace.open(folder)
    lake, decided = Lake.open(workspace.lake), []
    for bucket in range(lake.manifest.buckets):
        read = [pq.ParquetFile(part).read(columns=["account_no"])["account_no"]
                for part in lake.parts("contacts", bucket)]  # fmt: skip
        behind = pc.unique(pa.chunked_array([c for one in read for c in one.chunks])).to_pylist()
        rows = [(f"D{no}-{week}", no, AS_OF - timedelta(days=67 + 7 * week))
                for no in sorted(behind) for week in range(NIGHTS)]  # fmt: skip
        decided.append(pa.table(list(zip(*rows, strict=True)), schema=DECIDED))
    started = cpu_s(), time.monotonic()
    followed_of(workspace, lake, decided, until=AS_OF)
    tell_cost(*started)


WORK = {work.__name__: work for work in (make, measures, outcomes)}


def main() -> None:
    """Measure each piece in a process of its own."""
    options = argparse.ArgumentParser(prog="python -m bench.outcomes", description=__doc__)
    options.add_argument("--accounts", type=int, default=100_000)
    options.add_argument("--keep", type=Path, help="Where the made-up lakes lie, to use again.")
    asked = options.parse_args()
    root = asked.keep or Path(tempfile.mkdtemp(prefix="tideover-bench-"))
    folder = root / str(asked.accounts)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "tideover.toml").exists():
        (folder / "tideover.toml").write_text("", encoding="utf-8")
    for piece in WORK:
        done = subprocess.run([sys.executable, "-m", "bench.outcomes", piece, str(folder)],
                              cwd=REPO, check=True, capture_output=True, text=True)  # fmt: skip
        print(piece, (done.stdout + done.stderr).strip().splitlines()[-1], flush=True)
    if asked.keep is None:
        shutil.rmtree(root)


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] in WORK:
        began = cpu_s(), time.monotonic()
        WORK[sys.argv[1]](Path(sys.argv[2]))
        tell_cost(*began)
    main()
