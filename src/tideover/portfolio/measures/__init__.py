"""Accounts with what followed -> indicators, each defined once, here; with intervals, by group.

`docs/measures.md` says the same in words, and a test holds the two to each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from tideover.portfolio.measures.cells import Measure, suppressed
from tideover.portfolio.measures.figures import SMALL, Figure, change, figure
from tideover.portfolio.measures.tally import Tally
from tideover.rules.ageing import BUCKETS, bucket_of

__all__ = ["GROUPS", "MEASURES", "SMALL", "Figure", "Measure", "Tally", "bucket_column", "measures",
           "over_weeks", "tallied"]  # fmt: skip

RATE, PER_THOUSAND, SUM, RATIO, SCORE = "rate", "per_thousand", "sum", "ratio", "score"
GROUPS = ("bucket", "commodity", "area_code", "segment", "circumstance", "deprivation", "held_out",
          "zone", "stage", "treatment", "channel")  # fmt: skip
DSO_DAYS = 90

MEASURES = (
    Measure("cure_rate", RATE, "cured", "behind"),
    Measure("self_cure_rate", RATE, "cured", "behind_held_out"),
    Measure("paid_in_full_rate", RATE, "paid_in_full", "behind"),
    Measure("response_rate", RATE, "paid_anything", "behind"),
    Measure("paid_in_full_response_rate", RATE, "paid_in_full", "behind_contacted"),
    Measure("roll_rate", RATE, "rolled", "behind"),
    Measure("promise_rate", RATE, "promised", "behind"),
    Measure("kept_promise_rate", RATE, "promises_kept", "", "promises_due"),
    Measure("plan_rate", RATE, "plan_agreed", "behind"),
    Measure("arrangement_kept_rate", RATE, "plan_kept", "behind"),
    Measure("contact_rate", RATE, "contacted", "behind"),
    Measure("right_party_contact_rate", RATE, "spoke_to_us", "behind_contacted"),
    Measure("digital_reach_rate", RATE, "reached_digitally", "behind_contacted"),
    Measure("reply_rate", RATE, "replied", "behind_contacted"),
    Measure("disconnection_rate", RATE, "disconnected", "behind"),
    Measure("call_rate", RATE, "called_in", "behind"),
    Measure("retention_rate", RATE, "stayed", "was_open"),
    Measure("optouts_per_thousand", PER_THOUSAND, "opted_out", "", "contacts"),
    Measure("complaints_per_thousand", PER_THOUSAND, "complained", "", "contacts"),
    Measure("net_promoter_score", SCORE, "net_promoters", "", "ratings"),
    Measure("accounts_in_arrears", SUM, "is_behind_now"),
    Measure("arrears_minor", SUM, "arrears_now_minor"),
    Measure("arrears_over_90_minor", SUM, "over_90_now_minor"),
    Measure("money_in_minor", SUM, "money_in_minor"),
    Measure("notices", SUM, "notices"),
    Measure("disconnections", SUM, "disconnections"),
    Measure("reconnections", SUM, "reconnections"),
    Measure("inbound_calls", SUM, "calls_in"),
    Measure("contacts", SUM, "contacts"),
    Measure("contact_cost_minor", SUM, "contact_cost_minor"),
    Measure("cost_per_account_minor", RATIO, "contact_cost_minor", "behind", "one"),
    Measure("cost_per_money_in", RATIO, "contact_cost_minor", "", "money_in_minor"),
    Measure("days_sales_outstanding", RATIO, "receivable_days", "", "billed_90d_minor"),
)


def tallied(frames: Iterable[pd.DataFrame], by: Sequence[str] = GROUPS) -> Tally:
    """Return what accounts come to, some at a time.

    Args:
        by: Which groups are wanted.

    Table in: accounts, one row each; the columns that `MEASURES` name, `currency`, `bucket_before`,
        `bucket_now` for the roll-rate matrix, and those of `GROUPS` that are known
    """
    found = Tally(MEASURES, by)
    for accounts in frames:
        found.add(accounts)
    return found


def measures(tally: Tally) -> Iterator[Figure]:
    """Yield every indicator, of everyone and by group, and the matrix of roll rates."""
    for currency, end in tally.currencies:
        for measure, cells in tally.cells(currency, end):
            yield from (figure(measure, cell) for cell in suppressed(measure, cells))
        for before, now, cells in tally.moves(currency, end):
            share = Measure(f"roll_from_{before}_to_{now}", RATE, "")
            yield from (figure(share, cell) for cell in suppressed(share, cells))


def over_weeks(weeks: Sequence[tuple[str, Tally]]) -> Iterator[Figure]:
    """Yield every indicator of each week, and how the last differs from the one before.

    Args:
        weeks: What each is called and its accounts, the latest last; at least two. The names are
            `indicator@week` and `indicator@change`.
    """
    for currency, end in weeks[-1][1].currencies:
        found = {name: {(measure, cell.group): cell
                        for measure, cells in week.cells(currency, end)
                        for cell in suppressed(measure, cells)}
                 for name, week in weeks}  # fmt: skip
        for name, cells in found.items():
            for (measure, _), cell in cells.items():
                told = figure(measure, cell)
                yield told._replace(name=f"{told.name}@{name}")
        before, now = (found[name] for name, _ in weeks[-2:])
        for key, cell in now.items():
            if key in before:
                yield change(key[0], cell, before[key])


def bucket_column(arrears: np.ndarray, days_past_due: np.ndarray) -> list[str]:
    """Return in which ageing bucket the oldest debt of each account stands."""
    days = np.where(arrears > 0, days_past_due, 0).astype(np.int64)
    which = {int(day): BUCKETS[bucket_of(int(day))] for day in np.unique(days)}
    return [which[day] for day in days.tolist()]
