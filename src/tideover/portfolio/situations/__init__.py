"""Everything in the lake that the guard may know -> one situation an account, as JSON texts.

Accounts of which the same is known have the same texts, so that they can share a verdict. The
scenario of the guard is a situation with an action, an actor and an instant.
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from tideover.portfolio.engine import Engine, Frame
from tideover.portfolio.situations.accounts import SCHEMA, Told
from tideover.portfolio.situations.rows import ACCOUNTS, FRAMES, MONEY
from tideover.rules.guard.scenario import Reading

__all__ = ["SCHEMA", "TABLES", "situations"]

TABLES = ("accounts", "customers", "bills", "payments", "contact_points", "contacts",
          "circumstances", "arrangements", "promises", "facts", "holidays", "service_steps",
          "service_events")  # fmt: skip


def situations(engine: Engine, reading: Reading) -> pa.Table:
    """Return what the guard may know of each candidate on the day the engine is at.

    Args:
        reading: How the guard reads facts (`Guard.reading`): the utility's own are typed by it.

    Table in: views candidates (account_no), receivables, and former_steps (decisions of earlier
        nights that would take a step of a ladder: decision_id, account_id, notice, content), and
        the lake's TABLES.
    Table out: one row a candidate, in the order of account_no
        account_no    int64
        jurisdiction, timezone  of the account; empty where it was not known on the day
        services      what is asked about, joined by ";": the stricter verdict binds
        customer, debt, context  JSON objects, names in order
        history       JSON list of events, oldest first, in universal time
        doubt         paths of facts whose value does not fit, joined by ";"; null where none.
            Such a fact is left out, so nothing may be done on the situation
    """
    held = _rows(engine, "accounts", ACCOUNTS).sort_by("account_no")
    if not held.num_rows:
        return SCHEMA.empty_table()
    # others are joined to these two time and again: they are computed once
    engine.view_arrow("situation_accounts", held)
    engine.view_arrow("situation_money", _rows(engine, "money", MONEY))
    tables = {name: _rows(engine, name, make) for name, make in FRAMES.items()}
    return Told(tables, reading, engine.as_of).table(held)


def _rows(engine: Engine, name: str, make: Callable[[Engine], Frame]) -> pa.Table:
    view = f"known_{name}"
    engine.define(view, lambda: make(engine), kept_as=view)
    return engine.rows(view)
