"""What followed a day: paid, cured, rolled on, late; censored where the contract says so."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.portfolio import lake_rows as rows
from tideover.portfolio.duck import DuckEngine
from tideover.portfolio.followups import followups
from tideover.portfolio.receivables import owed

DAY = date(2026, 1, 31)
UNTIL = date(2026, 12, 31)
OLD_BILL = rows.bill(1, date(2026, 1, 1), date(2026, 1, 15), 1000)


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def followed(engine: Any, until: date = UNTIL, **tables: Any) -> dict[str, Any]:
    """Return what followed DAY for account 1, which owes OLD_BILL since the 15th."""
    rows.show(engine, accounts=[rows.account(1)],
              **{"bills": [OLD_BILL], **tables})  # fmt: skip
    for name, day in (("receivables_later", after(30)), ("receivables", DAY)):
        engine.at(day)
        engine.view_arrow(name, owed(engine))
    row: dict[str, Any] = engine.arrow(followups(engine, until)).to_pylist()[0]
    return row


def outcome(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["paid_in_full_30d"], row["cured_60d"], row["rolled_30d"], row["weeks_to_paid"]


def test_money_that_covers_the_arrears_in_time_is_paid_in_full(warm_engine: Any) -> None:
    money = [rows.payment(1, after(3), 600), rows.payment(1, after(20), 400)]
    assert outcome(followed(warm_engine, payments=money)) == (1, 1, 0, 3)


def test_a_payment_on_the_day_itself_does_not_follow_it(warm_engine: Any) -> None:
    assert outcome(followed(warm_engine, payments=[rows.payment(1, DAY, 400)])) == (0, 0, 1, None)


def test_a_write_off_censors_instead_of_curing(warm_engine: Any) -> None:
    row = followed(warm_engine, adjustments=[rows.adjustment(1, after(5), -1000, "write_off")])
    assert outcome(row)[:3] == (None, None, None)


def test_an_assistance_grant_is_money_that_came_in(warm_engine: Any) -> None:
    grant = rows.adjustment(1, after(5), -1000, "assistance_grant")
    row = followed(warm_engine, adjustments=[grant])
    assert outcome(row) == (1, 1, 0, 1)


def test_a_payment_that_goes_back_in_the_window_was_never_there(warm_engine: Any) -> None:
    back = rows.payment(1, after(3), 1000, status="reversed", reversed_on=after(9))
    row = followed(warm_engine, payments=[back])
    assert (row["paid_in_full_30d"], row["rolled_30d"]) == (0, 1)


def test_an_older_payment_that_goes_back_does_not_undo_new_money(warm_engine: Any) -> None:
    old = rows.payment(1, date(2026, 1, 10), 300, status="reversed", reversed_on=after(4))
    row = followed(warm_engine, payments=[old, rows.payment(1, after(5), 700)])
    assert row["paid_in_full_30d"] == 1


def test_a_window_that_is_not_over_says_nothing(warm_engine: Any) -> None:
    row = followed(warm_engine, until=after(20), payments=[rows.payment(1, after(15), 1000)])
    assert outcome(row)[:3] == (None, None, None)
    assert row["weeks_seen"] == 2


@pytest.mark.parametrize(("paid_minor", "late"), [(1000, 0), (0, 1)])
def test_late_is_being_behind_a_month_later(warm_engine: Any, paid_minor: int, late: int) -> None:
    coming = rows.bill(1, date(2026, 1, 25), after(8), 1000)
    row = followed(warm_engine, bills=[coming], payments=[rows.payment(1, after(7), paid_minor)])
    assert row["late_30d"] == late


def test_what_is_kept_compiled_leaves_open_until_when_anything_is_known(tmp_path: Path) -> None:
    seen = []
    for until in (after(60), after(20)):
        engine = DuckEngine(scratch=tmp_path, threads=1, memory="500MB")
        followed(engine, payments=[rows.payment(1, after(3), 1000)])
        engine.know(until)
        engine.define("kept", lambda e=engine, u=until: followups(e, u), kept_as="kept")  # type: ignore[misc]
        seen += [row["paid_in_full_30d"] for row in engine.rows("kept").to_pylist()]
        engine.close()
    assert seen == [1, None]
