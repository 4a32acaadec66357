"""Measure the night against the floor of scanning its columns, and against the plain ways."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from bench.measured import REPO, Measured, measured
from bench.work import SAMPLE_ACCOUNTS
from tideover.doors.strategies.folder import shipped, write_folder

RESULTS = REPO / "bench" / "RESULTS.md"
CHANGED = "changed_night"
PIECES = {
    "floor": "floor: scan the needed columns",
    "receivables_only": "receivables",
    "receivables_and_features": "receivables and features",
    "night_without_guard": "the whole night with scoring, but for the guard",
    "whole_night": "the whole night with scoring and the guard",
    CHANGED: "the same night again after a load changed 2 % of accounts",
    "plain_sql": "plain way: one window over everything (receivables only)",
}
HEAD = "| accounts | work | CPU s | ratio to floor | wall s | memory MiB |"


def main() -> None:
    """Measure each size and write the table."""
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument("--accounts", type=int, nargs="+", default=[100_000, 1_000_000])
    options.add_argument("--keep", type=Path, help="Where the made-up lakes lie, to use again.")
    options.add_argument("--out", type=Path, default=RESULTS)
    asked = options.parse_args()
    root = asked.keep or Path(tempfile.mkdtemp(prefix="tideover-bench-"))
    lines = [HEAD, "|---|---|---|---|---|---|"]
    for accounts in asked.accounts:
        for line in rows(root / str(accounts), accounts):
            print(line, flush=True)
            lines.append(line)
    sizes = " ".join(map(str, asked.accounts))
    asked.out.write_text(
        "# What the night costs\n\nCPU seconds of a process and all its threads, imports left "
        "out; ratios are to the floor of the\nsame size, measured in the same run on two cores.\n\n"
        f"`python -m bench --accounts {sizes}`\n\n" + "\n".join(lines) + "\n",
        encoding="utf-8",
    )
    if asked.keep is None:
        shutil.rmtree(root)


def rows(folder: Path, accounts: int) -> list[str]:
    """Return the rows of the table for one size."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tideover.toml").write_text("", encoding="utf-8")
    write_folder(folder / "strategy", shipped("default"))
    for made in ("nights", "lake", "models"):
        shutil.rmtree(folder / made, ignore_errors=True)
    measured("make", folder)
    measured("learning", folder)
    found = {piece: measured(piece, folder) for piece in PIECES if piece != CHANGED}
    measured("touch", folder)
    found[CHANGED] = measured(CHANGED, folder)
    floor = found["floor"].cpu_s
    told = [_row(accounts, PIECES[piece], cost, floor) for piece, cost in found.items()]
    sample = measured("row_by_row", folder)
    scaled = sample.cpu_s * accounts / SAMPLE_ACCOUNTS
    told.append(
        f"| {accounts:,} | plain way: row by row in Python (receivables only, "
        f"{SAMPLE_ACCOUNTS:,} accounts scaled up) | {scaled:,.0f} | "
        f"{scaled / floor:,.0f} | | |"
    )
    return told


def _row(accounts: int, words: str, cost: Measured, floor: float) -> str:
    cpu = cost.cpu_s
    return (
        f"| {accounts:,} | {words} | {cpu:.1f} | {cpu / floor:.1f} | {cost.wall_s:.1f} | "
        f"{cost.peak_mib:,} |"
    )


if __name__ == "__main__":
    main()
