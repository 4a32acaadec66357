"""Statements as they were issued; none ever changes.

WS/success/<month>.parquet   its lines
WS/success/<month>.json      the terms, the evidence and the sums
"""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tideover.portfolio.files import write_whole
from tideover.portfolio.lake import write_table
from tideover.portfolio.workspace import Workspace

CHARGE, CREDIT = "charge", "credit"
LINES = pa.schema([
    ("month", pa.string()), ("kind", pa.string()), ("payment_id", pa.string()),
    ("account_id", pa.string()), ("decision_id", pa.string()), ("channel", pa.string()),
    ("decided_on", pa.date32()), ("sent_on", pa.date32()), ("received_on", pa.date32()),
    ("joined_by", pa.string()), ("rule", pa.string()), ("amount_minor", pa.int64()),
    ("fee_minor", pa.int64()), ("charged_minor", pa.int64()), ("currency", pa.string()),
    ("because", pa.string()),
])  # fmt: skip


def issued(workspace: Workspace) -> list[str]:
    """Return the months of which a statement was issued, in order."""
    return sorted(path.stem for path in workspace.success.glob("????-??.json"))


def read_lines(workspace: Workspace, month: str) -> pa.Table:
    """Return the lines of a month's statement as it was issued."""
    return pq.ParquetFile(workspace.success / f"{month}.parquet").read()


def read_sums(workspace: Workspace, month: str) -> dict[str, Any]:
    """Return the terms, the evidence and the sums of a month's statement."""
    path = workspace.success / f"{month}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def every_line(workspace: Workspace) -> pa.Table:
    """Return the lines of all statements that were issued."""
    return pa.concat_tables([LINES.empty_table(), *(read_lines(workspace, month)
                                                    for month in issued(workspace))])  # fmt: skip


def keep(workspace: Workspace, month: str, lines: pa.Table, sums: dict[str, Any]) -> None:
    """Keep a statement; it counts when its sums are there."""
    workspace.success.mkdir(exist_ok=True)
    write_table(workspace.success / f"{month}.parquet", lines)
    write_whole(workspace.success / f"{month}.json", json.dumps(sums, indent=1))
