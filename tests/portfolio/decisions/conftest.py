"""Cases told in a few words: a person in arrears who can be reached, and what differs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib.resources import files
from typing import Any

import pyarrow as pa
import pytest

from tideover.portfolio.decisions import decide
from tideover.portfolio.workspace import Settings
from tideover.rules.strategy import Policy, parse_policy

AS_OF = date(2026, 3, 28)  # the night before the clocks change in Europe
ANN = {
    "account_id": "A1", "currency": "EUR", "timezone": "Europe/Amsterdam", "zone": "yellow",
    "segment": "residential", "arrears_minor": 20_000, "days_past_due": 20, "days_to_due": None,
    "debt_months": 2.0, "p_paid_in_full_30d": 0.4, "p_first_late": None, "contacts_7d": 0,
    "first_time": False, "entering_yellow_fast": False, "is_open": True, "autopay": False,
    "budget_billing": False, "plan_active": False, "promise_open": False, "in_doubt": False,
    "holds": None, "preferred": None, "cap_contact_at": None, "reasons": "pays later each month",
    "consent_email": "unknown", "consent_sms": "granted", "consent_whatsapp": None,
    "consent_voice": None, "consent_letter": "unknown",
}  # fmt: skip
_SCHEMA = pa.schema([
    *((n, pa.string()) for n, v in ANN.items() if isinstance(v, str)),
    *((n, pa.bool_()) for n, v in ANN.items() if isinstance(v, bool)),
    *((n, pa.float64()) for n in ("debt_months", "p_paid_in_full_30d", "p_first_late")),
    *((n, pa.int32()) for n in ("days_past_due", "days_to_due", "contacts_7d")),
    *((n, pa.string()) for n in ("holds", "preferred", "consent_whatsapp", "consent_voice")),
    ("arrears_minor", pa.int64()), ("cap_contact_at", pa.timestamp("us", "UTC")),
])  # fmt: skip


def cases_of(*people: dict[str, Any]) -> pa.Table:
    """Return cases of people who are like Ann but for what is said."""
    return pa.Table.from_pylist([ANN | person for person in people], _SCHEMA)


def crowd(count: int, **alike: Any) -> pa.Table:
    """Return cases of many people who differ by their id only."""
    return cases_of(*({"account_id": f"A{number}"} | alike for number in range(count)))


@pytest.fixture(scope="session")
def shipped() -> Policy:
    """Return the policy that comes with the house."""
    text = files("tideover.rules").joinpath("policies/default.toml").read_text(encoding="utf-8")
    return parse_policy(text)


@pytest.fixture
def decided(shipped: Policy) -> Callable[..., list[dict[str, Any]]]:
    """Return a way to decide on people by the shipped policy, with nobody held out."""

    def _decided(*people: dict[str, Any], **contact: Any) -> list[dict[str, Any]]:
        from dataclasses import replace

        settings = Settings()
        settings = replace(settings, choice=replace(settings.choice, holdout_share=0.0),
                           contact=replace(settings.contact, **contact))  # fmt: skip
        cases = cases_of(*people)
        table = decide(cases, policy=shipped, settings=settings, as_of=AS_OF)
        return [dict(row) for row in table.to_pylist()]

    return _decided
