"""What happened, as tables of the contract: bills, money, plans, promises, steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from tideover.rehearsal.twin.billing import UNITS
from tideover.rehearsal.twin.export import ROUNDS, own_ids, owner_ids
from tideover.rehearsal.twin.ledger import AID, DEBIT, Rows
from tideover.rehearsal.twin.lives import Lives
from tideover.rehearsal.twin.people import Chance, People
from tideover.rehearsal.twin.texts import Ints, days, instants, money, only, picked


def bills(lives: Lives) -> dict[str, Any]:
    """Return the table of bills; a few are estimated."""
    who, rows = lives.who, lives.ledger.rows("bills")
    estimated = lives.chance.random(len(rows["row"])) < 0.03
    return {
        **_keys("bills", who, rows),
        "issued_on": days(rows["day"]),
        "due_on": days(rows["due"]),
        "amount": money(rows["amount"]),
        "kind": picked(("regular", "estimated", "final"), np.where(rows["final"], 2, estimated)),
        "period_start": days(rows["start"]),
        "period_end": days(rows["end"]),
        "usage": money(rows["used"], 1),
        "usage_unit": picked(UNITS, who.commodity[rows["row"]]),
    }


def payments(lives: Lives) -> dict[str, Any]:
    """Return the table of payments; a reversal after the last day is not known yet."""
    who, place, rows = lives.who, lives.place, lives.ledger.rows("payments")
    row, kind = rows["row"], rows["kind"]
    names = ("assistance", "direct_debit", *(name for name, _ in place.methods))
    method = np.select([kind == AID, kind == DEBIT], [0, 1], 2 + who.method[row])
    minute = np.where(kind == DEBIT, 360, _minutes(len(row), lives.chance))
    back = rows["reversed"] <= lives.span.last
    linked = rows["reminded"] & np.isin(_key(rows), _key(lives.ledger.rows("reminders")))
    return {
        **_keys("payments", who, rows),
        "received_at": instants(rows["day"], minute, zone=place.timezone),
        "amount": money(rows["amount"]),
        "method": picked(names, method),
        "status": picked(("settled", "reversed"), back.astype(int)),
        "reversed_on": days(rows["reversed"], lives.span.last + 1),
        "contact_id": only(linked, own_ids("contacts", who.account[row], cycle=rows["cycle"])),
    }


def adjustments(lives: Lives) -> dict[str, Any]:
    """Return the table of adjustments."""
    who, rows = lives.who, lives.ledger.rows("adjustments")
    return {
        **_keys("adjustments", who, rows, nth=_nth(rows["kind"])),
        "posted_on": days(rows["day"]),
        "amount": money(rows["amount"]),
        "kind": pa.array(rows["kind"]),
    }


def arrangements(lives: Lives) -> dict[str, Any]:
    """Return the table of arrangements, with how each ended by the last day."""
    who, rows = lives.who, lives.ledger.rows("plans")
    ends = lives.ledger.rows("plan_ends")
    by_key = dict(zip(_key(ends).tolist(), ends["status"].tolist(), strict=True))
    return {
        **_keys("arrangements", who, rows),
        "agreed_on": days(rows["day"]),
        "total": money(rows["total"]),
        "down_payment": money(np.zeros(len(rows["row"]), np.int64)),
        "instalments": pa.array(rows["parts"]),
        "interval": pa.repeat("monthly", len(rows["row"])),
        "first_due_on": days(rows["first_due"]),
        "status": pa.array([by_key.get(key, "active") for key in _key(rows).tolist()], pa.string()),
    }


def promises(lives: Lives) -> dict[str, Any]:
    """Return the table of promises."""
    who, rows = lives.who, lives.ledger.rows("promises")
    minute = _minutes(len(rows["row"]), lives.chance)
    return {
        **_keys("promises", who, rows),
        "made_at": instants(rows["day"], minute, zone=lives.place.timezone),
        "amount": money(rows["amount"]),
        "due_on": days(rows["due"]),
    }


def service_steps(lives: Lives) -> dict[str, Any]:
    """Return the table of steps towards disconnection and back."""
    who, rows = lives.who, lives.ledger.rows("steps")
    return {
        **_keys("service_steps", who, rows, nth=_nth(rows["step"])),
        "occurred_on": days(rows["day"]),
        "step": pa.array(rows["step"]),
    }


def _keys(table: str, who: People, rows: Rows, nth: Any = None) -> dict[str, Any]:
    account = who.account[rows["row"]]
    nth = rows.get("nth", 0) if nth is None else nth
    return {
        f"{table.removesuffix('s')}_id": own_ids(table, account, cycle=rows["cycle"], nth=nth),
        "account_id": owner_ids("accounts", account),
    }


def _key(rows: Rows) -> Ints:
    key: Ints = rows["row"] * ROUNDS + rows["cycle"]
    return key


def _nth(kinds: Any) -> Ints:
    return np.unique(kinds, return_inverse=True)[1].astype(np.int64)


def _minutes(n: int, chance: Chance) -> Ints:
    """Most pay and call in the evening."""
    return np.clip(chance.normal(1080, 170, n), 400, 1430).astype(np.int64)
