"""Cases told in a few words: a person in arrears who can be reached, and what differs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa

from tideover.doors.strategies.folder import shipped
from tideover.portfolio.decisions import decide
from tideover.portfolio.workspace import Settings
from tideover.rules.strategy import parse_strategy

SHIPPED = parse_strategy(shipped("default")).policy
AS_OF = date(2026, 3, 28)  # the night before clocks change in Europe
ANN = {
    "account_id": "A1", "currency": "EUR", "timezone": "Europe/Amsterdam", "zone": "yellow",
    "segment": "residential", "arrears_minor": 20_000, "days_past_due": 20, "days_to_due": None,
    "due_unpaid": False,
    "debt_months": 2.0, "p_paid_in_full_30d": 0.4, "p_first_late": None, "contacts_7d": 0,
    "first_time": False, "entering_yellow_fast": False, "is_open": True, "autopay": False,
    "budget_billing": False, "plan_active": False, "promise_open": False, "in_doubt": False,
    "holds": None, "preferred": None, "cap_contact_at": None, "reasons": "pays later each month",
    "consent_email": "unknown", "consent_sms": "granted", "consent_whatsapp": None,
    "consent_voice": None, "consent_letter": "unknown",
}  # fmt: skip
_TYPES = {str: pa.string(), bool: pa.bool_(), float: pa.float64(), int: pa.int32()}
_MISSING = {"days_to_due": pa.int32(), "p_first_late": pa.float64(), "arrears_minor": pa.int64(),
            "cap_contact_at": pa.timestamp("us", "UTC")}  # fmt: skip
SCHEMA = pa.schema([
    (name, _MISSING.get(name, _TYPES.get(type(value), pa.string())))
    for name, value in ANN.items()
])  # fmt: skip


def cases_of(*people: dict[str, Any]) -> pa.Table:
    """Return cases of people who are like Ann but for what is said."""
    return pa.Table.from_pylist([ANN | person for person in people], SCHEMA)


def with_choice(**said: Any) -> Settings:
    """Return settings with another seed or another hold-out; nobody is held out unless said."""
    return replace(Settings(), choice=replace(Settings().choice, **{"holdout_share": 0.0} | said))


def decided(*people: dict[str, Any], settings: Settings | None = None) -> list[dict[str, Any]]:
    """Return the shipped policy's decisions on people who are like Ann but for what is said."""
    table = decide(cases_of(*people), policy=SHIPPED, settings=settings or with_choice(),
                   as_of=AS_OF)  # fmt: skip
    return [dict(row) for row in table.to_pylist()]
