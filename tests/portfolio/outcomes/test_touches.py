"""Which contact a payment belongs to: by link, else by time, and never to two."""

from __future__ import annotations

from typing import Any

from tests.portfolio.outcomes.happenings import (
    DECISION,
    UNTIL,
    after,
    contact,
    followed,
    lay_out,
    noon,
    paid,
)
from tideover.portfolio.outcomes import outcomes, touches


def touched(engine: Any, **tables: Any) -> dict[str, Any]:
    lay_out(engine, [DECISION], **tables)
    (row,) = engine.arrow(touches(engine)).to_pylist()
    return dict(row)


def test_a_payment_joins_the_contact_it_names(warm_engine: Any) -> None:
    row = touched(warm_engine, payments=[paid(9, 500, contact_id="D1")],
                  contacts=[contact("D1", 1), contact("K2", 5)])  # fmt: skip
    assert (row["contact_id"], row["joined_by"]) == ("D1", "link")
    assert (row["first_touch"], row["last_touch"]) == ("D1", "K2")


def test_a_payment_that_names_none_joins_the_last_contact_before_it(warm_engine: Any) -> None:
    row = touched(warm_engine, payments=[paid(9, 500)],
                  contacts=[contact("D1", 1), contact("K2", 5), contact("K3", 10)])  # fmt: skip
    assert (row["contact_id"], row["joined_by"]) == ("K2", "time")


def test_an_old_or_failed_contact_brought_no_payment(warm_engine: Any) -> None:
    row = touched(warm_engine, payments=[paid(9, 500)],
                  contacts=[contact("K1", -52), contact("K2", 5, outcome="bounced")])  # fmt: skip
    assert (row["contact_id"], row["joined_by"], row["last_touch"]) == (None, "none", None)


def test_no_payment_is_counted_for_two_decisions(warm_engine: Any) -> None:
    later = {"decision_id": "D2", "account_no": 1, "as_of": after(4)}
    lay_out(warm_engine, [DECISION, later],
            contacts=[contact("D1", 1), contact("D2", 5)],
            payments=[paid(9, 500), paid(8, 300, contact_id="D1")])  # fmt: skip
    found = {row["decision_id"]: (row["linked_minor"], row["timed_minor"], row["money_in_minor"])
             for row in warm_engine.arrow(outcomes(warm_engine, UNTIL)).to_pylist()
             if row["window_days"] == 30}  # fmt: skip
    assert found == {"D1": (300, 0, 800), "D2": (0, 500, 800)}


def test_a_payment_at_night_belongs_to_no_contact_after_it(warm_engine: Any) -> None:
    row = followed(warm_engine, payments=[paid(5, 500)],
                   contacts=[contact("D1", 5, occurred_at=noon(6))])  # fmt: skip
    assert (row["timed_minor"], row["money_in_minor"]) == (0, 500)
