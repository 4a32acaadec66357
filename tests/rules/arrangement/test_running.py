"""When a payment arrangement ran: from the money, whatever its status says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tideover.rules.arrangement.running import Terms, ran

MARCH = date(2026, 3, 1)
PLAN = Terms(MARCH, 3000, 0, 3, "monthly", date(2026, 3, 31))
UNTIL = date(2026, 12, 31)


def on(month: int, day: int) -> date:
    return date(2026, month, day)


@pytest.mark.parametrize(("paid", "expected"), [
    ([], [(MARCH, on(3, 31))]),
    ([(on(3, 31), 1000)], [(MARCH, on(4, 30))]),  # April has no 31st
    ([(on(3, 2), 3000)], [(MARCH, on(3, 1))]),
    ([(on(2, 27), 3000)], [(MARCH, on(3, 31))]),  # came in before the agreement
    ([(on(4, 5), 1000)], [(MARCH, on(3, 31)), (on(4, 5), on(4, 30))]),  # late, and mended
])  # fmt: skip
def test_it_runs_while_the_money_reaches_what_fell_due(
    paid: list[tuple[date, int]], expected: list[Any]
) -> None:
    assert ran(PLAN, paid, UNTIL) == expected


def test_one_that_is_kept_so_far_has_no_end_yet() -> None:
    assert ran(PLAN, [(on(3, 31), 1000)], on(4, 30)) == [(MARCH, None)]
    weekly = Terms(MARCH, 2000, 500, 3, "weekly", on(3, 8))
    assert ran(weekly, [(on(3, 8), 1000)], on(3, 15)) == [(MARCH, None)]
    assert ran(weekly, [(on(3, 8), 1000)], on(3, 16)) == [(MARCH, on(3, 15))]
