"""A utility with one customer, one account, one bill and one payment, not yet loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.portfolio.intake.exports import Utility, account, bill, customer, payment


@pytest.fixture
def utility(tmp_path: Path) -> Utility:
    """Return it with its export written."""
    small = Utility(tmp_path)
    small.writes(customers=[customer(1)], accounts=[account(1)], bills=[bill(1)],
                 payments=[payment(1)])  # fmt: skip
    return small
