"""Which accounts a night asks its strategy about."""

from __future__ import annotations

import pyarrow as pa
import pytest

from tideover.doors.night.bucket import cases_of

KNOWN = pa.table({
    "account_no": [1, 2, 3, 4], "account_id": ["A1", "A2", "A3", "A4"],
    "arrears_minor": [100, 0, 0, 0], "due_unpaid": [False, True, False, False],
})  # fmt: skip
SCORED = pa.table({"account_no": [1, 2, 3, 4], "p_first_late": [None, None, 0.2, None]})
REST = pa.table({"account_no": [1, 2, 3, 4]})


@pytest.mark.parametrize(("known", "asked"), [
    (KNOWN, ["A1", "A2", "A3"]),
    (KNOWN.drop_columns(["due_unpaid"]), ["A1", "A3"]),  # a night of before it was computed
])  # fmt: skip
def test_who_is_behind_or_unpaid_on_the_due_date_or_may_slip_is_asked_about(
    known: pa.Table, asked: list[str]
) -> None:
    cases = cases_of(known, REST, SCORED, REST, REST.slice(0, 0))
    assert cases["account_id"].to_pylist() == asked
    assert "due_unpaid" in cases.column_names
