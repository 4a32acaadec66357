"""What came in after a message: at all, in full, censored, and how people were contacted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.portfolio import lake_rows as rows
from tideover.portfolio.followups import followups
from tideover.portfolio.receivables import owed
from tideover.portfolio.responses import responses

DAY = date(2026, 1, 31)
UNTIL = date(2026, 12, 31)
OLD_BILL = rows.bill(1, date(2026, 1, 1), date(2026, 1, 15), 1000)


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def shown(engine: Any, **tables: Any) -> None:
    rows.show(engine, accounts=[rows.account(1)], **{"bills": [OLD_BILL], **tables})
    for name, day in (("receivables_later", after(30)), ("receivables", DAY)):
        engine.at(day)
        engine.view_arrow(name, owed(engine))


def responded(engine: Any, until: date = UNTIL, **tables: Any) -> dict[str, Any]:
    """Return what followed DAY for account 1, which owes OLD_BILL since the 15th."""
    shown(engine, **tables)
    (row,) = engine.arrow(responses(engine, until)).to_pylist()
    return dict(row)


def paid(row: dict[str, Any]) -> tuple[Any, Any]:
    return row["paid_anything"], row["paid_in_full"]


@pytest.mark.parametrize(("money", "answer"), [
    ([], (0, 0)), ([(3, 400)], (1, 0)), ([(3, 600), (30, 400)], (1, 1)), ([(31, 1000)], (0, 0)),
    ([(0, 400)], (0, 0)),
])  # fmt: skip
def test_money_within_thirty_days_is_a_response(
    warm_engine: Any, money: list[tuple[int, int]], answer: tuple[int, int]
) -> None:
    payments = [rows.payment(1, after(days), minor) for days, minor in money]
    assert paid(responded(warm_engine, payments=payments)) == answer


def test_a_payment_that_goes_back_is_no_response(warm_engine: Any) -> None:
    back = rows.payment(1, after(3), 1000, status="reversed", reversed_on=after(9))
    assert paid(responded(warm_engine, payments=[back])) == (0, 0)


def test_a_write_off_cannot_be_told(warm_engine: Any) -> None:
    row = responded(warm_engine, adjustments=[rows.adjustment(1, after(5), -100, "write_off")])
    assert paid(row) == (None, None)
    assert row["censored"]


def test_an_open_window_says_nothing(warm_engine: Any) -> None:
    row = responded(warm_engine, until=after(29), payments=[rows.payment(1, after(3), 1000)])
    assert paid(row) == (None, None)


def test_without_arrears_nothing_can_be_paid_in_full(warm_engine: Any) -> None:
    due_later = rows.bill(1, date(2026, 1, 20), after(10), 1000)
    row = responded(warm_engine, bills=[due_later], payments=[rows.payment(1, after(9), 1000)])
    assert paid(row) == (1, None)


def test_contacts_and_replies_after_the_day_are_counted(warm_engine: Any) -> None:
    said = [{"account_no": 1, "contact_id": f"K{n}", "direction": way, "occurred_on": after(day),
             "channel": "email", "occurred_at": datetime(2026, 2, 1, tzinfo=UTC)}
            for n, (way, day) in enumerate([("outbound", 1), ("outbound", 0), ("inbound", 2),
                                            ("outbound", 31)])]  # fmt: skip
    row = responded(warm_engine, contacts=said)
    assert (row["contacts"], row["replies"]) == (1, 1)


@pytest.mark.parametrize("more", [
    {}, {"payments": [rows.payment(1, after(20), 1000)]},
    {"payments": [rows.payment(1, after(20), 999)]},
    {"adjustments": [rows.adjustment(1, after(5), -1000, "assistance_grant")]},
    {"adjustments": [rows.adjustment(1, after(5), -1, "credit")]},
])  # fmt: skip
def test_paid_in_full_is_what_scores_learn_from(warm_engine: Any, more: dict[str, Any]) -> None:
    shown(warm_engine, **more)
    (learnt,) = warm_engine.arrow(followups(warm_engine, UNTIL)).to_pylist()
    (told,) = warm_engine.arrow(responses(warm_engine, UNTIL)).to_pylist()
    assert told["paid_in_full"] == learnt["paid_in_full_30d"]
