"""The closed loop on living twins of several seeds: how far the strategy comes between two others.

Each seed and policy is kept as a file of its own, so a study that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from bench.measured import REPO
from tideover.doors.commands.making import init
from tideover.doors.rehearsals.loop import POLICIES, SHIPPED, Asked, closed_loop
from tideover.doors.rehearsals.loop_page import regret_by_night
from tideover.portfolio.files import write_whole
from tideover.portfolio.workspace import SETTINGS_FILE
from tideover.rehearsal.living import SIMPLE

PAGE = REPO / "bench" / "LOOP.md"
BEGIN, END = "<!-- seeds -->\n", "<!-- end of seeds -->\n"
ONE_THREAD = '\n[engine]\nthreads = 1\nmemory = "3GB"\n'
COLUMNS = ("seed", "policy", "mean arrears an account", "way", "way without the held-out", "cured",
           "messages", "cost", "complaints", "opt-outs", "plans")  # fmt: skip
HEAD = f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|\n"
REGRET, NO_REGRET = "<!-- regret -->\n", "<!-- end of regret -->\n"
STRETCH = 20  # nights that are told together


def main() -> None:
    """Live every seed that is not there yet, and write the table of all that are."""
    options = argparse.ArgumentParser(prog="python -m bench.loop", description=__doc__)
    options.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    options.add_argument("--accounts", type=int, default=20_000)
    options.add_argument("--nights", type=int, default=120)
    options.add_argument("--choice", type=Path, help="What [choice] of the workspace says besides.")
    options.add_argument("--strategy", default="default", help="One that comes with the house.")
    options.add_argument("--keep", type=Path, required=True, help="Where seeds are kept.")
    options.add_argument("--table", action="store_true", help="Only write the table.")
    asked = options.parse_args()
    asked.keep.mkdir(parents=True, exist_ok=True)
    for seed in () if asked.table else asked.seeds:
        for name in (SHIPPED, *SIMPLE):
            kept = asked.keep / f"seed-{seed}-{name}.json"
            if not kept.is_file():
                write_whole(kept, json.dumps(_lived(asked, seed, name)))
    _write(_found(asked.keep))


def _lived(asked: argparse.Namespace, seed: int, name: str) -> dict[str, Any]:
    os.environ["OMP_NUM_THREADS"] = "1"
    started = time.monotonic()
    log = asked.keep / "progress.txt"

    def tell(words: str) -> None:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"seed {seed} {time.monotonic() - started:7.0f} s  {words}\n")

    with tempfile.TemporaryDirectory(prefix="tideover-loop-") as folder:
        root = Path(folder) / "ws"
        init(root, strategy=asked.strategy)
        settings = root / SETTINGS_FILE
        text = settings.read_text(encoding="utf-8") + ONE_THREAD
        if asked.choice:
            said = asked.choice.read_text(encoding="utf-8")
            text = text.replace("[choice]\n", f"[choice]\n{said}")
        settings.write_text(text, encoding="utf-8")
        one = Asked(root, asked.nights, asked.accounts, seed=seed, policies=(name,))
        told = closed_loop(one, tell)
    return told | {"seconds": time.monotonic() - started, "choice": str(asked.choice or ""),
                   "strategy": asked.strategy}  # fmt: skip


def _found(folder: Path) -> list[dict[str, Any]]:
    """Return the seeds of which every policy was lived, each as one."""
    seeds: dict[int, dict[str, Any]] = {}
    for path in sorted(folder.glob("seed-*-*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        whole = seeds.setdefault(told["seed"], told)
        whole["policies"] |= told["policies"]
    return [told for _, told in sorted(seeds.items()) if len(told["policies"]) == len(POLICIES)]


def _write(found: Sequence[Mapping[str, Any]]) -> None:
    """Put the tables between their marks on the page."""
    page = PAGE.read_text(encoding="utf-8")
    rows = "".join(row for told in found for row in rows_of(told))
    page = _between(page, (BEGIN, END), HEAD + rows)
    if found:
        page = _between(page, (REGRET, NO_REGRET), regret_table(found))
    write_whole(PAGE, page)


def _between(page: str, marks: tuple[str, str], words: str) -> str:
    head, rest = page.split(marks[0])
    return head + marks[0] + words + marks[1] + rest.split(marks[1])[1]


def regret_table(found: Sequence[Mapping[str, Any]]) -> str:
    """Return, by seed and policy, the part of the best messages' worth that was lost over time."""
    ends = range(STRETCH, found[0]["nights"] + 1, STRETCH)
    spans = [f"nights {end - STRETCH + 1} to {end}" for end in ends]
    rows = [f"| seed | policy | {' | '.join(spans)} |", "|---" * (2 + len(spans)) + "|"]
    for told in found:
        for name, nights in told["policies"].items():
            if any(night["contacts"] for night in nights):
                lost = regret_by_night(nights, STRETCH - 1)
                parts = " | ".join(f"{lost[end - 1]:.0%}" for end in ends)
                rows.append(f"| {told['seed']} | {name} | {parts} |")
    return "\n".join(rows) + "\n"


def rows_of(told: Mapping[str, Any]) -> list[str]:
    """Return one row a policy of a seed."""
    policies = told["policies"]
    at = {name: mean_arrears(told, name) for name in POLICIES if name in policies}
    rows = []
    for name, arrears in at.items():
        sums = {
            key: sum(night[key] for night in policies[name])
            for key in ("cured", "contacts", "cost_minor", "complaints", "opt_outs", "plans")
        }
        ways = [way_of(told, name, treated=only) for only in (False, True)]
        said = " | ".join(f"{way:.0%}" if name in (SHIPPED, "random") else "" for way in ways)
        rows.append(f"| {told['seed']} | {name} | {arrears:.2f} | {said} | {sums['cured']:,} | "
                    f"{sums['contacts']:,} | {sums['cost_minor'] / 100:,.0f} | "
                    f"{sums['complaints']} | {sums['opt_outs']} | "
                    f"{sums['plans']:,} |\n")  # fmt: skip
    return rows


def way_of(told: Mapping[str, Any], name: str, *, treated: bool) -> float:
    """Return how far a policy comes from letters to the oracle, in mean arrears an account."""
    start, end, at = (
        mean_arrears(told, each, treated=treated) for each in ("letters", "oracle", name)
    )
    return (start - at) / (start - end)


def mean_arrears(told: Mapping[str, Any], name: str, *, treated: bool = False) -> float:
    """Return the mean arrears of an account over all nights, in units of currency.

    Args:
        treated: Only of accounts that the strategy does not hold out.
    """
    arrears: list[int] = [night["arrears_minor"] - treated * night["held_out_minor"]
               for night in told["policies"][name]]  # fmt: skip
    return mean(arrears) / (int(told["accounts"]) - treated * int(told["held_out"])) / 100


if __name__ == "__main__":
    main()
