"""What every walk-through does: prepare an export, run the real commands, show what came out."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import os
import shlex
import shutil
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from tideover.doors.cli import run

REPO = Path(__file__).resolve().parents[2]
Columns = Mapping[str, Any]  # arrays or lists, all as long


@dataclass(frozen=True)
class Walk:
    """One walk-through: where the real sets lie, where it may write, its own folder, its ways."""

    shared: Path
    out: Path
    example: Path
    ways: Sequence[str]

    def set_of(self, name: str) -> Path:
        """Return a file or folder of a real set; leave, saying why, where it is missing."""
        path = self.shared / "data" / name
        if not path.exists():
            sys.exit(f"The real set {path} is not here. Name its folder with --shared DIR.")
        return path

    def workspace(self, name: str, *, leave_out: str = "") -> Path:
        """Make a workspace with the example's mapping and settings.

        Args:
            leave_out: A heading of the mapping; from the line that names it on, nothing is taken.
        """
        root = self.out / name
        root.mkdir(parents=True)
        mapping = (self.example / "mapping.toml").read_text(encoding="utf-8")
        if leave_out:
            mapping = mapping[: mapping.index(leave_out)]
        (root / "mapping.toml").write_text(mapping, encoding="utf-8")
        shutil.copy(self.example / "tideover.toml", root)  # init leaves what is there
        tideover("init", root)
        return root

    def tell(self, figures: Mapping[str, Any]) -> None:
        """Keep the figures reached as figures.json, for whoever checks them."""
        text = json.dumps(figures, indent=1)
        (self.out / "figures.json").write_text(text + "\n", encoding="utf-8")


def start(script: str, about: str, *, ways: Collection[str] = ()) -> Walk:
    """Read the options of a walk-through; its folder for output starts empty.

    Args:
        ways: Names of ways to go through the set; all are gone unless one is chosen.
    """
    options = argparse.ArgumentParser(description=about)
    shared = Path(os.environ.get("TIDEOVER_SHARED", REPO.parent / "shared"))
    options.add_argument("--shared", type=Path, default=shared, help="where data/ lies")
    options.add_argument("--out", type=Path, help="where to write; it is emptied first")
    if ways:
        options.add_argument("--only", choices=list(ways), help="go one way, not all")
    example = Path(script).resolve().parent
    chosen = options.parse_args()
    out = chosen.out or REPO / "build" / "examples" / example.name
    mark = out / ".walk"  # only what a walk made is emptied
    if out.exists() and any(out.iterdir()) and not mark.exists():
        sys.exit(f"{out} holds something else. Name an empty folder with --out DIR.")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    mark.touch()
    only = getattr(chosen, "only", None)
    return Walk(chosen.shared, out, example, [only] if only else list(ways))


def tideover(*arguments: str | Path | date) -> str:
    """Run one command as a person would; print it, and return what it said."""
    words = [str(argument) for argument in arguments]
    print(f"\n$ tideover {shlex.join(words)}", flush=True)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = run(words)  # what the console script calls; in one process it starts but once
    if code:
        sys.exit(f"tideover left with {code}.\n{said.getvalue()}")
    if "--json" not in words:
        print(said.getvalue(), end="", flush=True)
    return said.getvalue()


def ask(*arguments: str | Path | date) -> Any:
    """Run one command with --json and return what it told."""
    return json.loads(tideover(*arguments, "--json"))


def held_back(ids: np.ndarray) -> np.ndarray:
    """Say of each person whether they are of the three tenths that nothing is learnt from."""
    digests = [hashlib.md5(str(each).encode(), usedforsecurity=False).hexdigest() for each in ids]
    return np.array([int(digest[:8], 16) % 10 < 3 for digest in digests])


def read_columns(path: Path) -> dict[str, np.ndarray]:
    """Return a Parquet file's columns as arrays."""
    table = pq.read_table(path)
    return {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names}


def write_source(folder: Path, name: str, columns: Columns, only: np.ndarray | None = None) -> None:
    """Write a source of an export as CSV, or only some of its rows."""
    folder.mkdir(parents=True, exist_ok=True)
    table = pa.table(dict(columns))
    pacsv.write_csv(table if only is None else table.filter(pa.array(only)), folder / f"{name}.csv")


def show_zones(zones: Sequence[Mapping[str, Any]], methods: Sequence[tuple[int, int]]) -> None:
    """Print the thresholds of everyone beside the intervals of methods.md."""
    everyone = next(cohort for cohort in zones if not cohort["segment"])
    print(
        f"\nZones, {everyone['outcome']}: {everyone['status']}, "
        f"{everyone['n']:,} account-days in arrears, {len(zones) - 1} cohorts beside"
    )
    for name, cut, (low, high) in zip(("yellow", "red"), everyone["thresholds"], methods,
                                      strict=True):  # fmt: skip
        print(
            f"  {name:<6} above {cut['at']:>9,.2f} [{cut['low']:,.2f}, {cut['high']:,.2f}]"
            f"   methods.md [{low:,}, {high:,}] {everyone['currency']}"
        )
    for zone in everyone["rates"]:
        print(f"  {zone['zone']:<6} {zone['rate']:6.1%} pay in full, of {zone['n']:,}")


def show_scores(found: Mapping[str, Mapping[str, Any]], beside: Mapping[str, str]) -> None:
    """Print the quality of scores on people held back, with what methods.md found."""
    print("\nLikelihood to pay in full, on people held back")
    for name, measured in found.items():
        print(f"  {name:<28} AUC {measured['auc']:.3f}  ECE {measured['ece']:.3f}  "
              f"log loss {measured['log_loss']:.3f}  Brier {measured['brier']:.3f}  "
              f"n {measured['n']:,}")  # fmt: skip
    for name, words in beside.items():
        print(f"  {name:<28} {words}")


def night_table(workspace: Path, as_of: str, name: str) -> pa.Table:
    """Return a table of the night that counts for a day."""
    nights = workspace / "nights"
    run = json.loads((nights / f"{as_of}.json").read_text(encoding="utf-8"))["run_id"]
    return pq.read_table(nights / as_of / run / name, partitioning=None)
