"""By what and how soon each account's customer may be reached."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.portfolio import lake_rows as rows
from tideover.portfolio.reach import reach, siblings

AS_OF = date(2026, 3, 31)


class Town:
    """One customer with one account, told row by row."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.points: list[dict[str, Any]] = []
        self.contacts: list[dict[str, Any]] = []
        self.circumstances: list[dict[str, Any]] = []
        self.others: list[dict[str, Any]] = []

    def another_account(self, no: int) -> Town:
        self.others.append(rows.account(no, customer_id="C1"))
        return self

    def point(self, channel: str, consent: str, **more: Any) -> Town:
        said = {"contact_point_id": f"P{len(self.points)}", "customer_id": "C1"}
        self.points.append(said | {"channel": channel, "consent": consent} | more)
        return self

    def contact(self, day: date, **more: Any) -> Town:
        said = {"contact_id": f"M{len(self.contacts)}", "account_no": 1, "account_id": "A1",
                "direction": "outbound", "occurred_on": day,
                "occurred_at": at_nine(day)}  # fmt: skip
        self.contacts.append(said | more)
        return self

    def circumstance(self, kind: str, starts_on: date, **more: Any) -> Town:
        said = {"circumstance_id": f"H{len(self.circumstances)}", "customer_id": "C1"}
        self.circumstances.append(said | {"kind": kind, "starts_on": starts_on} | more)
        return self

    def reached(self, engine: Any = None) -> dict[str, Any]:
        engine = engine or self.engine
        rows.show(engine, accounts=[rows.account(1), *self.others], contact_points=self.points,
                  contacts=self.contacts, circumstances=self.circumstances)  # fmt: skip
        engine.at(AS_OF)
        engine.view_arrow("siblings", engine.arrow(siblings(engine)))
        found = {row["account_id"]: row for row in engine.arrow(reach(engine)).to_pylist()}
        return dict(found["A1"])


def at_nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


@pytest.fixture
def town(engine: Any) -> Town:
    return Town(engine)


def test_without_contact_points_nobody_can_be_reached(town: Town) -> None:
    row = town.reached()
    assert row["has_points"] is False
    assert [row[f"consent_{c}"] for c in ("email", "sms", "whatsapp", "voice", "letter")] == (
        [None] * 5
    )


def test_a_withdrawn_consent_blocks_a_channel_whatever_its_other_points_say(town: Town) -> None:
    row = town.point("sms", "granted").point("sms", "withdrawn").point("email", "unknown").reached()
    assert (row["consent_sms"], row["consent_email"]) == ("withdrawn", "unknown")


def test_push_counts_as_sms_and_an_asked_for_channel_is_kept(town: Town) -> None:
    row = town.point("email", "unknown").point("push", "granted", preferred=True).reached()
    assert (row["consent_sms"], row["preferred"]) == ("granted", "sms")


def test_only_the_version_of_a_consent_that_stands_counts(town: Town) -> None:
    town.point("email", "granted", contact_point_id="P", known_until=date(2026, 3, 1))
    town.point("email", "withdrawn", contact_point_id="P", known_from=date(2026, 4, 2))
    assert town.reached()["consent_email"] == "withdrawn"


def test_a_consent_learnt_after_the_day_opens_no_channel(town: Town) -> None:
    town.point("sms", "unknown", contact_point_id="P", known_until=date(2026, 4, 2))
    town.point("sms", "granted", contact_point_id="P", known_from=date(2026, 4, 2))
    town.point("email", "granted", known_from=date(2026, 4, 2))
    row = town.point("letter", "granted", known_until=date(2026, 4, 2)).reached()
    assert (row["consent_sms"], row["consent_email"], row["consent_letter"]) == (
        "unknown", None, None)  # fmt: skip
    assert row["has_points"] is True


def test_a_consent_withdrawn_on_the_day_stays_so_whatever_was_said_since(town: Town) -> None:
    town.point("sms", "withdrawn", contact_point_id="P", known_until=date(2026, 4, 2))
    town.point("sms", "granted", contact_point_id="P", known_from=date(2026, 4, 2))
    assert town.reached()["consent_sms"] == "withdrawn"


def test_a_circumstance_ended_afterwards_still_holds_on_the_day(town: Town) -> None:
    ended = {"circumstance_id": "H", "known_from": date(2026, 4, 2)}
    town.circumstance("dispute", date(2026, 1, 1), circumstance_id="H",
                      known_until=date(2026, 4, 2))  # fmt: skip
    town.circumstance("dispute", date(2026, 1, 1), ends_on=date(2026, 2, 1), **ended)
    town.circumstance("bereavement", date(2026, 3, 1), known_from=date(2026, 4, 2))
    assert town.reached()["holds"] == "bereavement;dispute"


def test_contacts_to_all_accounts_of_a_customer_count_for_each(town: Town) -> None:
    town.another_account(2).another_account(3)
    town.contact(date(2026, 3, 26), account_no=2).contact(date(2026, 3, 28), account_no=3)
    town.contact(date(2026, 3, 30), account_no=1)
    row = town.reached()
    assert (row["contacts_7d"], row["cap_contact_at"]) == (3, at_nine(date(2026, 3, 28)))


def test_contacts_to_other_customers_do_not_count(town: Town) -> None:
    town.others.append(rows.account(2))
    town.contact(date(2026, 3, 26), account_no=2).contact(date(2026, 3, 28), account_no=2)
    assert town.reached()["contacts_7d"] == 0


def test_only_outbound_contacts_of_the_last_seven_days_count(town: Town) -> None:
    town.contact(date(2026, 3, 25))
    town.contact(date(2026, 3, 24))
    town.contact(date(2026, 3, 30), direction="inbound")
    town.contact(date(2026, 4, 1))
    row = town.reached()
    assert (row["contacts_7d"], row["cap_contact_at"]) == (1, None)


def test_the_contact_that_filled_the_cap_is_named_by_its_instant(town: Town) -> None:
    for day in (26, 28, 31):
        town.contact(date(2026, 3, day))
    row = town.reached()
    assert row["contacts_7d"] == 3
    assert row["cap_contact_at"] == at_nine(date(2026, 3, 28))


def test_circumstances_hold_from_the_day_after_to_their_last_day(town: Town) -> None:
    town.circumstance("dispute", date(2026, 4, 1))
    town.circumstance("bereavement", date(2026, 1, 1), ends_on=AS_OF)
    town.circumstance("complaint", date(2026, 4, 2))
    town.circumstance("hardship", date(2026, 1, 1), ends_on=date(2026, 3, 30))
    assert town.reached()["holds"] == "bereavement;dispute"


def test_a_circumstance_of_another_account_of_the_customer_does_not_hold(town: Town) -> None:
    town.circumstance("dispute", date(2026, 1, 1), account_id="A2")
    town.circumstance("life_support", date(2026, 1, 1), account_id="A1")
    assert town.reached()["holds"] == "life_support"


def test_spark_says_the_same(town: Town, spark_engine: Any) -> None:
    town.point("email", "unknown", preferred=True).point("sms", "granted")
    town.point("push", "withdrawn").point("visit", "granted")
    town.contact(date(2026, 3, 26)).contact(date(2026, 3, 30)).contact(date(2026, 3, 30))
    town.circumstance("hardship", date(2026, 4, 1)).circumstance("dispute", date(2026, 1, 1))
    town.another_account(2).contact(date(2026, 3, 29), account_no=2)
    assert town.reached(spark_engine) == town.reached()
