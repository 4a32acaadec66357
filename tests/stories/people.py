"""Ten people who are billed 70.00 on the tenth of each month, due on the fifth of the next.

They pay on the fourth, until the spring of 2026. Each has a story of one line below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

MARCH, APRIL, MAY = NIGHTS = ("2026-03-20", "2026-04-20", "2026-05-10")
BILL = "70.00"
Row = dict[str, str]
Rows = list[Row]

# The months whose bill was not paid on the fourth, and what was paid otherwise.
SPRING = ("2026-02", "2026-03", "2026-04")
UNPAID = {
    "ANA": SPRING,  # forgets one, is stretched, catches up in May
    "BRAM": SPRING,  # disputes a bill until the end of April
    "CHEN": ("2026-02",),  # a payment of hers cannot be read until May
    "DINA": SPRING,  # wants no text messages
    "EMIL": SPRING,  # promises in April, and does not keep it
    "FATMA": (),  # her direct debit for March bounces on 12 April
    "GRETA": SPRING,  # was called and written to that same week of April
    "HUGO": ("2026-02",),  # nobody knows how to reach him
    "INES": ("2026-02",),  # moves out in March
    "JAN": ("2026-02",),  # the March export lacks his account
}
PAID_OTHERWISE = {"ANA": [("2026-05-08", "225.00")], "CHEN": [("2026-03-08", "70.00")]}


def export(day: str) -> dict[str, Rows]:
    """Return everything the utility knew on the evening of a day, table by table."""
    known = [name for name in UNPAID if name != "JAN" or day > MARCH]
    return {
        "customers": [{"customer_id": f"C-{name}", "segment": "residential"} for name in known],
        "accounts": [_account(name, day) for name in known],
        "bills": [bill for name in UNPAID for bill in _bills(name, day)],
        "payments": [payment for name in UNPAID for payment in _payments(name, day)],
        "adjustments": _late_fees(day),
        "contact_points": [point for name in known for point in _points(name)],
        "contacts": [contact for contact in _contacts() if contact["occurred_at"][:10] <= day],
        "circumstances": [{
            "circumstance_id": "D1", "customer_id": "C-BRAM", "kind": "dispute",
            "starts_on": "2026-03-02", "ends_on": "2026-04-30",
        }],
        "promises": [{
            "promise_id": "W1", "account_id": "EMIL", "made_at": f"{APRIL}T11:00:00+02:00",
            "amount": "155.00", "due_on": "2026-04-30",
        }],
    }  # fmt: skip


def _account(name: str, day: str) -> Row:
    moved = name == "INES" and day >= APRIL
    return {"account_id": name, "customer_id": f"C-{name}", "commodity": "electricity",
            "jurisdiction": "NL", "timezone": "Europe/Amsterdam", "currency": "EUR",
            "opened_on": "2024-01-01", "closed_on": "2026-03-25" if moved else ""}  # fmt: skip


def _months(name: str) -> Iterator[tuple[str, str]]:
    """Yield each month that is billed, and the one after it, in which that is due."""
    months = [f"{n // 12}-{n % 12 + 1:02}" for n in range(2025 * 12 + 1, 2026 * 12 + 12)]
    last = "2026-03" if name == "INES" else "2026-12"
    return ((month, after) for month, after in pairwise(months) if month <= last)


def _bills(name: str, day: str) -> Rows:
    return [{"bill_id": f"B-{name}-{month}", "account_id": name, "issued_on": f"{month}-10",
             "due_on": f"{after}-05", "amount": BILL, "kind": "regular"}
            for month, after in _months(name) if f"{month}-10" <= day]  # fmt: skip


def _late_fees(day: str) -> Rows:
    return [{"adjustment_id": f"J-{name}", "account_id": name, "posted_on": "2026-04-11",
             "amount": "15.00", "kind": "late_fee"}
            for name, months in UNPAID.items() if months == SPRING and day >= APRIL]  # fmt: skip


def _payments(name: str, day: str) -> Rows:
    on_time = [(f"{after}-04", BILL) for month, after in _months(name)
               if month not in UNPAID[name]]  # fmt: skip
    return [_payment(name, on, amount, day)
            for on, amount in [*on_time, *PAID_OTHERWISE.get(name, [])] if on <= day]  # fmt: skip


def _payment(name: str, on: str, amount: str, day: str) -> Row:
    bounced = name == "FATMA" and on == "2026-04-04"
    unreadable = name == "CHEN" and on == "2026-03-08" and day < MAY
    return {"payment_id": f"P-{name}-{on}", "account_id": name,
            "received_at": f"{on}T12:00:00+01:00", "amount": "7O.00" if unreadable else amount,
            "method": "direct_debit", "status": "reversed" if bounced else "settled",
            "reversed_on": "2026-04-12" if bounced else ""}  # fmt: skip


def _points(name: str) -> Rows:
    consents = {"email": "granted", "sms": "granted", "letter": "unknown"}
    if name == "DINA":
        consents = {"sms": "withdrawn", "letter": "unknown"}
    elif name == "HUGO":
        consents = {}
    return [{"contact_point_id": f"T-{name}-{channel}", "customer_id": f"C-{name}",
             "channel": channel, "address": f"{name.lower()}@mail.example", "consent": consent}
            for channel, consent in consents.items()]  # fmt: skip


def _contacts() -> Rows:
    sent = [("T-1", "GRETA", "voice", "2026-04-16"), ("T-2", "GRETA", "email", "2026-04-19"),
            ("T-3", "DINA", "sms", "2025-11-03")]  # fmt: skip
    return [{"contact_id": key, "account_id": name, "channel": channel, "direction": "outbound",
             "occurred_at": f"{on}T10:15:00+02:00", "purpose": "reminder"}
            for key, name, channel, on in sent]  # fmt: skip


def sent(decision: Mapping[str, str]) -> Row:
    """Return the contact that a decision became."""
    return {"contact_id": decision["decision_id"], "account_id": decision["account_id"],
            "channel": decision["channel"], "direction": "outbound",
            "occurred_at": decision["send_at"], "purpose": decision["treatment"]}  # fmt: skip
