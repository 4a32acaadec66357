"""Measure how many accounts a second a strategy decides: `python -m bench.strategy`.

Facts are drawn with a seed. What is measured is the function alone, and the function with the way
from the night's Arrow columns to the lists it takes; CPU seconds of the process.
"""

from __future__ import annotations

import random
import time
from typing import Any

import pyarrow as pa

from tideover.doors.strategies.folder import SHIPPED, shipped
from tideover.portfolio.decisions.cases import facts
from tideover.rules.condition import Input
from tideover.rules.strategy import Policy, parse_strategy

ACCOUNTS, TIMES = 1_000_000, 3


def main() -> None:
    """Measure the shipped strategies and print a row for each."""
    print(f"{ACCOUNTS:,} accounts, the median of {TIMES} runs, one core\n")
    print("| strategy | rows | inputs | function alone, rows/s | from Arrow, rows/s | check, s |")
    print("|---|---|---|---|---|---|")
    for name in SHIPPED:
        start = time.process_time()
        policy = parse_strategy(shipped(name)).policy
        checked = time.process_time() - start
        cases = made(policy)
        columns = list(facts(cases, policy).values())
        alone = seconds(lambda policy=policy, columns=columns: policy.rows_of(columns))
        whole = seconds(lambda policy=policy, cases=cases:
                        policy.rows_of(list(facts(cases, policy).values())))  # fmt: skip
        print(f"| {name} | {len(policy.rows)} | {len(policy.inputs)} | {ACCOUNTS / alone:,.0f} | "
              f"{ACCOUNTS / whole:,.0f} | {checked:.2f} |")  # fmt: skip


def made(policy: Policy) -> pa.Table:
    """Return cases as the night has them; circumstances are rare."""
    chance = random.Random(7)
    columns = {i.column: drawn(i, chance) for i in policy.inputs
               if i.name != "stage" and not i.circumstances}  # fmt: skip
    kinds = [None, *(kind for i in policy.inputs for kind in i.circumstances)]
    columns["holds"] = chance.choices(kinds, [1, *[0.01] * (len(kinds) - 1)], k=ACCOUNTS)
    return pa.table(columns)


def drawn(asked: Input, chance: random.Random) -> list[Any]:
    """Return facts of an input."""
    if asked.one_of:
        return chance.choices(asked.one_of, k=ACCOUNTS)
    if asked.kind == "share":
        return [chance.random() for _ in range(ACCOUNTS)]
    if asked.is_number:
        return [chance.randrange(120) for _ in range(ACCOUNTS)]
    yes = 0.5 if asked.name in ("autopay", "is_open") else 0.1
    return [chance.random() < yes for _ in range(ACCOUNTS)]


def seconds(work: Any) -> float:
    """Return the median CPU seconds of some work."""
    taken = []
    for _ in range(TIMES):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return sorted(taken)[TIMES // 2]


if __name__ == "__main__":
    main()
