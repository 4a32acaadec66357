"""The payments of the export, of accounts where casework saw one first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa

from tideover.casework.payments.brought import CisPayment
from tideover.doors.publication.people import standing_rows
from tideover.portfolio.lake import Lake
from tideover.portfolio.movements import ASSISTANCE_GRANT

COLUMNS = ["payment_id", "account_id", "received_on", "received_at", "amount_minor", "status",
           "load_no"]  # fmt: skip
POSTED = ["adjustment_id", "account_id", "posted_on", "amount_minor", "kind"]


def payments_of(lake: Lake, account_ids: Sequence[str]) -> list[CisPayment]:
    """Return what the lake holds of payments of some accounts."""
    if not account_ids:
        return []
    ids = pa.array(account_ids, pa.string())
    loads = {load["load_no"]: datetime.fromisoformat(load["time"]) for load in lake.manifest.loads}
    found = []
    for bucket in range(lake.manifest.buckets):
        rows = standing_rows(lake.parts("payments", bucket), COLUMNS, ("account_id", ids))
        found += [
            CisPayment(row["payment_id"], row["account_id"], row["received_on"],
                       row["amount_minor"], row["status"] == "reversed", row["received_at"],
                       loads[row["load_no"]])
            for row in rows.to_pylist()
        ]  # fmt: skip
    return found


def grants_of(lake: Lake, account_ids: Sequence[str]) -> list[CisPayment]:
    """Return the assistance that was posted to some accounts: it keeps plans and promises too."""
    if not account_ids:
        return []
    ids = pa.array(account_ids, pa.string())
    found = []
    for bucket in range(lake.manifest.buckets):
        rows = standing_rows(lake.parts("adjustments", bucket), POSTED, ("account_id", ids))
        found += [
            CisPayment(row["adjustment_id"], row["account_id"], row["posted_on"],
                       -row["amount_minor"])
            for row in rows.to_pylist()
            if row["kind"] == ASSISTANCE_GRANT and row["amount_minor"] < 0
        ]  # fmt: skip
    return found
