"""Five people who owe 200.00 a month from March 2026 on, and how far each is on the ladder.

The strategy is the Dutch example: three reminders on paper, each fourteen full days after the one
before was really sent, then a person, a plan, the municipality, and a person who looks at it whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

Row = dict[str, str]
Rows = list[Row]

# LENA gets every letter. MAX disputes a bill for two weeks. NORA's first letter comes back. OTTO's
# is never sent. PIA pays everything after hers.
NAMES = ("LENA", "MAX", "NORA", "OTTO", "PIA")
BILL = "200.00"
ASKED = {"contact_id": "T-1", "account_id": "PIA", "channel": "voice", "direction": "inbound",
         "occurred_at": "2026-04-22T10:00:00+02:00", "purpose": "service",
         "outcome": "answered"}  # fmt: skip


def export(day: str, contacts: Rows) -> dict[str, Rows]:
    """Return everything the utility knew on the evening of a day, table by table."""
    return {
        "customers": [{"customer_id": f"C-{name}", "segment": "residential"} for name in NAMES],
        "accounts": [_account(name) for name in NAMES],
        "bills": [bill for name in NAMES for bill in _bills(name, day)],
        "payments": [payment for name in NAMES for payment in _payments(name, day)],
        "contact_points": [
            {"contact_point_id": f"T-{name}", "customer_id": f"C-{name}", "channel": "letter",
             "address": f"{name.lower()}@mail.example", "consent": "unknown"} for name in NAMES
        ],
        "contacts": [row for row in (*contacts, ASKED) if row["occurred_at"][:10] <= day],
        "circumstances": _dispute(day) if day >= "2026-04-10" else [],
    }  # fmt: skip


def _account(name: str) -> Row:
    return {"account_id": name, "customer_id": f"C-{name}", "commodity": "electricity",
            "jurisdiction": "NL", "timezone": "Europe/Amsterdam", "currency": "EUR",
            "opened_on": "2024-01-01", "closed_on": ""}  # fmt: skip


def _months() -> Iterator[tuple[str, str]]:
    """Yield each month that is billed, and the one after it, in which that is due."""
    return pairwise(f"{n // 12}-{n % 12 + 1:02}" for n in range(2025 * 12, 2026 * 12 + 12))


def _bills(name: str, day: str) -> Rows:
    return [{"bill_id": f"B-{name}-{month}", "account_id": name, "issued_on": f"{month}-10",
             "due_on": f"{after}-05", "amount": BILL, "kind": "regular"}
            for month, after in _months() if f"{month}-10" <= day]  # fmt: skip


def _payments(name: str, day: str) -> Rows:
    money = [(f"{after}-04", BILL) for month, after in _months() if month < "2026-02"]
    if name == "PIA":
        money.append(("2026-04-15", "400.00"))
    return [{"payment_id": f"P-{name}-{on}", "account_id": name, "amount": amount,
             "received_at": f"{on}T12:00:00+01:00", "method": "card", "status": "settled",
             "reversed_on": ""} for on, amount in money if on <= day]  # fmt: skip


def _dispute(day: str) -> Rows:
    return [{"circumstance_id": "D1", "customer_id": "C-MAX", "kind": "dispute",
             "starts_on": "2026-04-10",
             "ends_on": "2026-04-25" if day > "2026-04-25" else ""}]  # fmt: skip


def done(decision: Row, *, at: str = "", channel: str = "", outcome: str = "sent") -> Row:
    """Return the contact that a decision became; what a person did says when and how."""
    return {"contact_id": decision["decision_id"], "account_id": decision["account_id"],
            "channel": channel or decision["channel"], "direction": "outbound",
            "occurred_at": at or decision["send_at"], "purpose": decision["treatment"],
            "outcome": outcome}  # fmt: skip
