"""The printer's status file: a CSV with `key`, `status`, `at` and, where it likes, `detail`."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from tideover.casework.outreach.channels.contract import Heard
from tideover.casework.outreach.channels.reading import made_id, moment, plain, strictly

# What is handed to the post is on its way, and nobody saw it arrive.
_OUTCOMES = {"accepted": "sent", "printed": "sent", "posted": "sent", "delivered": "delivered",
             "returned": "bounced", "failed": "failed"}  # fmt: skip
_FIELDS = ("key", "status", "at")
_MOST_ROWS = 100_000


@strictly
def letters_heard(body: bytes, headers: Mapping[str, str], url: str = "") -> Sequence[Heard]:
    """Return the events of a status file; a letter that came back leads nowhere."""
    if b"\0" in body:
        raise ValueError("The file holds NUL")
    rows = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
    if not set(_FIELDS) <= set(rows.fieldnames or ()):
        raise ValueError(f"A status file has the columns {', '.join(_FIELDS)}")
    found = [_row(row) for row in rows]
    if len(found) > _MOST_ROWS:
        raise ValueError("The status file is too long")
    return found


def _row(row: Mapping[str, str]) -> Heard:
    key, status = row["key"].strip(), row["status"].strip().lower()
    if not key:
        raise ValueError("A row names no letter")
    outcome = _OUTCOMES[status]
    return Heard("receipt", made_id(key, status, row["at"]), provider_id="", at=moment(row["at"]),
                 outcome=outcome, permanent=status == "returned", key=key,
                 raw=plain(dict(row)))  # fmt: skip
