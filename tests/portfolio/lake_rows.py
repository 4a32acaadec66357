"""Small lakes in memory: rows as a person writes them, with what the lake adds filled in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from tideover.portfolio.engine import Engine
from tideover.portfolio.lake import lake_schema
from tideover.terms.tables import TABLES

SINCE_EVER = date(1900, 1, 1)
ACCOUNT = {"currency": "EUR", "timezone": "Europe/Amsterdam", "jurisdiction": "NL",
           "commodity": "gas", "opened_on": date(2020, 1, 1)}  # fmt: skip
BILL = {"kind": "regular"}
PAYMENT = {"status": "settled", "method": "card"}


def show(engine: Engine, **tables: list[dict[str, Any]]) -> None:
    """Make views of every table; those that are not given are empty."""
    for name, table in TABLES.items():
        schema = lake_schema(table)
        rows = [{"load_no": 1, "known_from": SINCE_EVER, "row_hash": 0} | row
                for row in tables.get(name, [])]  # fmt: skip
        engine.view_arrow(
            name,
            pa.Table.from_pylist(
                [{column: row.get(column) for column in schema.names} for row in rows], schema
            ),
        )


def account(no: int, **said: Any) -> dict[str, Any]:
    """Return an account's row."""
    return ACCOUNT | {"account_no": no, "account_id": f"A{no}", "customer_id": f"C{no}"} | said


def customer(no: int, **said: Any) -> dict[str, Any]:
    """Return a customer's row."""
    return {"customer_id": f"C{no}", "segment": "residential"} | said


def bill(no: int, issued: date, due: date, minor: int, **said: Any) -> dict[str, Any]:
    """Return a bill's row."""
    return BILL | {"account_no": no, "bill_id": f"B{no}-{issued}-{due}", "issued_on": issued,
                   "due_on": due, "amount_minor": minor} | said  # fmt: skip


def payment(no: int, on: date, minor: int, **said: Any) -> dict[str, Any]:
    """Return a payment's row."""
    return PAYMENT | {"account_no": no, "payment_id": f"P{no}-{on}", "received_on": on,
                      "amount_minor": minor} | said  # fmt: skip


def adjustment(no: int, on: date, minor: int, kind: str = "credit") -> dict[str, Any]:
    """Return an adjustment's row."""
    return {"account_no": no, "adjustment_id": f"J{no}-{on}", "posted_on": on,
            "amount_minor": minor, "kind": kind}  # fmt: skip
