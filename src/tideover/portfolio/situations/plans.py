"""Whether a payment arrangement runs, was kept, or was broken: derived from the money."""

from __future__ import annotations

from datetime import date
from typing import Any

from tideover.portfolio.situations.names import Plain
from tideover.terms.money import split

STEP_DAYS = {"weekly": 7, "fortnightly": 14}


def standing_of(row: dict[str, Any], as_of: date) -> Plain:
    """Return an arrangement as the guard knows a plan; nothing where it was kept whole.

    Args:
        row: An arrangement, and `paid_minor`, the money that came in since it was agreed.
    """
    if row["paid_minor"] >= row["total_minor"]:
        return {}
    down = row["down_payment_minor"] or 0
    parts = split(max(row["total_minor"] - down, 0), row["instalments"])
    owed = down + sum(parts[: due_before(row, as_of)])
    plan: Plain = {"status": "defaulted" if row["paid_minor"] < owed else "active"}
    if row["interval"] == "monthly":
        plan["months"] = row["instalments"]
    return plan


def due_before(row: dict[str, Any], as_of: date) -> int:
    """Return how many instalments fell due before the day, from none to all."""
    first = row["first_due_on"]
    elapsed = (as_of - first).days - 1
    if elapsed < 0:
        return 0
    if row["interval"] == "monthly":
        months = (as_of.year - first.year) * 12 + as_of.month - first.month
        count = months + (as_of.day > first.day)
    else:
        count = elapsed // STEP_DAYS[row["interval"]] + 1
    return int(min(count, row["instalments"]))
