"""Measure how many decisions a second are drawn by lessons: `python -m bench.choice`.

Cases and lessons are drawn with a seed; a decision is one account with all its permitted ways
weighed, their probabilities, the draw, and the row that is kept of it. One core, CPU seconds; the
verdict's own words and minutes are measured apart, since an even draw has them too.
"""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from tideover.portfolio.choosing import Believed, Chooser, History, Lessons
from tideover.portfolio.choosing.traits import COLUMNS, NAMES, Slots
from tideover.portfolio.decisions.drawing import Drawing, Weighed, places
from tideover.rules.choice import LEFT_ALONE, Option, chance, options
from tideover.rules.contact import CHANNELS
from tideover.rules.strategy.proposal import OFFERS, TONES, Proposal

ACCOUNTS, TIMES = 50_000, 3
AS_OF = date(2026, 3, 31)
SIZES = {"a reminder by SMS": (1, 1, 1), "an early word": (3, 3, 3), "everything": (5, 4, 6)}


def main() -> None:
    """Measure three sizes of proposals and print a row for each."""
    print(f"{ACCOUNTS:,} accounts, the median of {TIMES} runs, one core\n")
    print("| proposal | ways | weighed and drawn, decisions/s | of that weighing, decisions/s |")
    print("|---|---|---|---|")
    cases = made()
    chooser = Chooser(Believed(lessons(), "bench", dict.fromkeys(CHANNELS, 0.01)), history())
    for name, (channels, tones, offers) in SIZES.items():
        ways = ways_of(channels, tones, offers)
        weighed = seconds(lambda ways=ways: weigh(chooser, cases, ways))
        whole = seconds(lambda ways=ways: drawn(chooser, cases, ways))
        print(f"| {name} | {len(ways)} | {ACCOUNTS / whole:,.0f} | {ACCOUNTS / weighed:,.0f} |")


def ways_of(channels: int, tones: int, offers: int) -> tuple[Option, ...]:
    """Return the ways of a proposal."""
    proposal = Proposal("so", "reminder", OFFERS[:offers], CHANNELS, TONES[:tones])
    return options(proposal, CHANNELS[:channels], ("morning", "afternoon", "evening"))


def weigh(chooser: Chooser, cases: pa.Table, ways: tuple[Option, ...]) -> Weighed:
    """Return what is believed of the ways of all accounts."""
    return Weighed(*chooser.of(cases).weighed(range(ACCOUNTS), ways, leaves=True))


def drawn(chooser: Chooser, cases: pa.Table, ways: tuple[Option, ...]) -> list[Option]:
    """Return one way for each account."""
    every = (*ways, LEFT_ALONE)
    shares = Drawing(chooser).shares(weigh(chooser, cases, ways), every)
    numbers = [chance(seed=1, account_id=one, as_of=AS_OF)[0]
               for one in cases["account_id"].to_pylist()]  # fmt: skip
    found = places(shares, np.array(numbers))
    shares[np.arange(ACCOUNTS), found].tolist()
    return [every[place] for place in found]


def made() -> pa.Table:
    """Return cases as the night has them."""
    random = np.random.default_rng(7)
    columns: dict[str, Any] = {name: random.random(ACCOUNTS) for name in COLUMNS}
    columns |= {
        "zone": random.choice(["green", "yellow", "red"], ACCOUNTS),
        "as_of": pa.array([AS_OF] * ACCOUNTS, pa.date32()), "account_no": np.arange(ACCOUNTS),
        "account_id": [f"A{number:010d}" for number in range(ACCOUNTS)],
        "days_past_due": random.integers(1, 200, ACCOUNTS),
        **{f"consent_{channel}": ["granted"] * ACCOUNTS for channel in CHANNELS},
    }  # fmt: skip
    return pa.table(columns)


def history() -> History:
    """Return half a dozen contacts of each account."""
    random = np.random.default_rng(8)
    n = 6 * ACCOUNTS
    return History.of(pa.table({
        "account_no": random.integers(0, ACCOUNTS, n),
        "occurred_on": pa.array(random.integers(20_000, 20_500, n).astype(np.int32)
                                ).cast(pa.date32()),
        "channel": random.choice(CHANNELS, n),
        "outcome": random.choice(["sent", "clicked", "replied"], n),
    }))  # fmt: skip


def lessons() -> Lessons:
    """Return lessons that make every way the best for some."""
    treatments = ("act_early", "assistance", "get_back_on_track", "reminder")
    width = Slots(treatments).width * len(NAMES) + 1
    mean = np.random.default_rng(9).normal(0, 0.02, width)
    return Lessons(treatments, mean, np.eye(width) * 1e-4, 10_000, 5_000.0, 0.5, (0.03, 0.01))


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
