"""A promise is kept as soon as the money reaches it, and broken when its day is over."""

from __future__ import annotations

from datetime import date

import pytest

from tideover.rules.arrangement.promise import Promised, promise_state, remind_on

MINE = Promised(date(2026, 3, 2), 5_000, date(2026, 3, 10))


def on(day: int) -> date:
    return date(2026, 3, day)


@pytest.mark.parametrize(("paid", "day", "state"), [
    ([], 9, "open"), ([], 10, "open"), ([], 11, "broken"),
    ([(on(2), 5_000)], 2, "kept"),
    ([(on(1), 5_000)], 11, "broken"),  # paid before it was made
    ([(on(4), 2_000), (on(10), 3_000)], 10, "kept"),
    ([(on(4), 2_000), (on(11), 3_000)], 11, "broken"),
    ([(on(4), 4_999)], 11, "broken"),
])  # fmt: skip
def test_how_a_promise_stands(paid: list[tuple[date, int]], day: int, state: str) -> None:
    assert promise_state(MINE, paid, on(day)) == state


def test_a_reminder_comes_the_day_before_and_not_on_the_day_of_the_promise() -> None:
    assert remind_on(MINE) == on(9)
    assert remind_on(MINE._replace(due_on=on(3))) is None
