"""How often a customer is contacted: over all their accounts, a week, and in the busiest week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

WEEK_DAYS, MOST_SHOWN = 7, 5


def pressure(
    contacts: pa.Table, customers: Mapping[int, str], first: date, last: date
) -> dict[str, Any]:
    """Return how hard customers were pressed in days from one to another.

    Args:
        contacts: As a ledger keeps them: those a strategy made, and those that took place besides.
        customers: Whose each account is; accounts of nobody here are left out.

    Returns:
        customers: how many there are
        contacted: how many of them were contacted at all
        a_week: contacts a customer and week
        busiest: how many customers had 0, 1, .. 5 or more contacts in their busiest seven days
    """
    whose = {name: place for place, name in enumerate(sorted(set(customers.values())))}
    days = contacts["on"].cast(pa.int32()).to_numpy() - (first - date(1970, 1, 1)).days
    span = (last - first).days + 1
    known = [(whose[customers[no]], int(day)) for no, day in
             zip(contacts["account_no"].to_pylist(), days, strict=True)
             if no in customers and 0 <= day < span]  # fmt: skip
    busiest = Counter(min(n, MOST_SHOWN) for n in _busiest(known).values())
    contacted = sum(busiest.values())
    busiest[0] = len(whose) - contacted
    weeks = span / WEEK_DAYS
    return {
        "customers": len(whose), "contacted": contacted, "contacts": len(known),
        "a_week": round(len(known) / len(whose) / weeks, 4) if whose else None,
        "busiest": {str(n): busiest.get(n, 0) for n in range(MOST_SHOWN + 1)},
    }  # fmt: skip


def _busiest(known: list[tuple[int, int]]) -> dict[int, int]:
    """Return the most contacts that each customer had in any seven days."""
    if not known:
        return {}
    rows = np.array(sorted(known), dtype=np.int64)
    apart = int(rows[:, 1].max()) + 2 * WEEK_DAYS  # so that two customers never share a week
    key = rows[:, 0] * apart + rows[:, 1]
    within = np.arange(len(key)) - np.searchsorted(key, key - WEEK_DAYS + 1, side="left") + 1
    found: dict[int, int] = {}
    for customer, count in zip(rows[:, 0].tolist(), within.tolist(), strict=True):
        found[customer] = max(found.get(customer, 0), count)
    return found
