"""The payments of the export, of accounts where casework saw one first."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from tideover.casework.payments.brought import CisPayment
from tideover.doors.publication.people import standing_rows
from tideover.portfolio.lake import Lake

COLUMNS = ["payment_id", "account_id", "received_on", "amount_minor", "status"]


def payments_of(lake: Lake, account_ids: Sequence[str]) -> list[CisPayment]:
    """Return what the lake holds of payments of some accounts."""
    if not account_ids:
        return []
    ids = pa.array(account_ids, pa.string())
    found = []
    for bucket in range(lake.manifest.buckets):
        rows = standing_rows(lake.parts("payments", bucket), COLUMNS, ("account_id", ids))
        found += [
            CisPayment(row["payment_id"], row["account_id"], row["received_on"],
                       row["amount_minor"], row["status"] == "reversed")
            for row in rows.to_pylist()
        ]  # fmt: skip
    return found
