"""One account with one decision of the last of January, and what may follow it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from tests.portfolio import lake_rows as rows
from tideover.portfolio.outcomes import DECIDED, costs_table, outcomes

DAY = date(2026, 1, 31)
UNTIL = date(2026, 12, 31)
BILL = rows.bill(1, date(2026, 1, 1), date(2026, 1, 15), 1000)
DECISION = {"decision_id": "D1", "account_no": 1, "as_of": DAY}
COSTS = costs_table({"sms": Decimal("0.085"), "letter": Decimal("1.10")}, "EUR")


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def noon(days: int) -> datetime:
    return datetime.combine(after(days), time(12), UTC)


def paid(days: int, minor: int, **said: Any) -> dict[str, Any]:
    return rows.payment(1, after(days), minor, received_at=noon(days), **said)


def contact(name: str, days: int, **said: Any) -> dict[str, Any]:
    return {"account_no": 1, "account_id": "A1", "contact_id": name, "direction": "outbound",
            "channel": "sms", "purpose": "reminder", "occurred_at": noon(days),
            "occurred_on": after(days)} | said  # fmt: skip


def lay_out(engine: Any, decided: list[dict[str, Any]], **tables: Any) -> None:
    """Show a lake whose account 1 owes 10.00 since the 15th, and decisions."""
    accounts = [rows.account(1), rows.account(2, customer_id="C1")]
    rows.show(engine, **{"accounts": accounts, "bills": [BILL], **tables})
    engine.view_arrow("decided", pa.Table.from_pylist(decided, DECIDED))
    engine.view_arrow("unit_costs", COSTS)


def of_nth(row: dict[str, Any], nth: int) -> dict[str, Any]:
    """Return a row of accounts 1 or 2 as one of the nth pair of accounts."""
    told = {key: f"{value}-{nth}" for key, value in row.items()
            if key.endswith("_id") and value is not None}  # fmt: skip
    return row | told | ({"account_no": row["account_no"] + 2 * nth} if "account_no" in row else {})


def each_followed(
    engine: Any, cases: Sequence[dict[str, Any]], *, until: date = UNTIL, window: int = 30
) -> list[dict[str, Any]]:
    """Return what followed the decision in each of several small worlds, worked out at once."""
    every: dict[str, list[Any]] = {}
    decided = []
    for nth, tables in enumerate(cases):
        pair = [rows.account(1), rows.account(2, customer_id="C1")]
        decided.append(of_nth(DECISION, nth))
        for name, some in {"accounts": pair, "bills": [BILL], **tables}.items():
            every.setdefault(name, []).extend(of_nth(row, nth) for row in some)
    lay_out(engine, decided, **every)
    outcomes(engine, until)
    found = {(row["decision_id"], row["window_days"]): row
             for row in engine.rows("outcomes").to_pylist()}  # fmt: skip
    assert len(found) == 4 * len(cases)
    return [found[f"D1-{nth}", window] for nth in range(len(cases))]


def followed(
    engine: Any, *, until: date = UNTIL, window: int = 30, **tables: Any
) -> dict[str, Any]:
    """Return what followed the decision in one small world."""
    return each_followed(engine, [tables], until=until, window=window)[0]
