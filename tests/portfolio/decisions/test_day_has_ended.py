"""Nothing goes out before the day has ended, for the utility and at the customer's place."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.portfolio.decisions.people import decided


def test_nothing_is_sent_to_auckland_before_the_day_has_ended_in_amsterdam() -> None:
    rows = decided(*({"account_id": f"A{n}", "timezone": "Pacific/Auckland"} for n in range(200)))
    sent = [datetime.fromisoformat(row["send_at"]) for row in rows]
    assert min(sent) >= datetime.fromisoformat("2026-03-29T00:00:00+01:00")
    assert {at.hour < 11 for at in sent if at.day == 30} == {True}, "only mornings had passed"
    (until,) = decided(
        {"timezone": "Pacific/Auckland", "cap_contact_at": datetime(2026, 3, 21, 22, tzinfo=UTC)}
    )
    assert until["arm"] == "treated", "the cap is free again before the first moment there is"
    (until,) = decided(
        {"timezone": "Pacific/Auckland", "cap_contact_at": datetime(2026, 3, 22, 0, tzinfo=UTC)}
    )
    assert until["defer_until"] == "2026-03-29T13:00:00+13:00"
