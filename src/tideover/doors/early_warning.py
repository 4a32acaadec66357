"""The file that a municipality is handed: customers it may offer help, and nothing else of them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

from django.db import transaction

from tideover.casework.outreach.early_warning import Signal, signalled
from tideover.casework.outreach.outbox.law import GuardLaw
from tideover.doors.files import write_csv
from tideover.doors.rulebooks import guard_for
from tideover.portfolio.workspace import Workspace
from tideover.terms import money

COLUMNS = ("signalled_on", "area_code", "customer_number", "name", "address", "postcode", "phone",
           "email", "debt_amount", "currency")  # fmt: skip


def write_signals(
    workspace: Workspace, out: Path, *, now: datetime, by: str
) -> tuple[int, Counter[str]]:
    """Write whom the municipality is told of; return how many, and why it is not told of others.

    The file is there before the ledger says so. Stopped between the two, it is written again.
    """
    with transaction.atomic():
        found = signalled(GuardLaw(guard_for(workspace)), now, by)
        write_csv(out, COLUMNS, (_row(one, now) for one in found.signals))
    return len(found.signals), found.not_yet


def _row(one: Signal, now: datetime) -> list[str]:
    at = one.reached_at
    return [now.date().isoformat(), one.area_code, one.account_id, one.name, at["address"],
            one.postcode, at["phone"], at["email"], money.text(one.amount_minor, one.currency),
            one.currency]  # fmt: skip
