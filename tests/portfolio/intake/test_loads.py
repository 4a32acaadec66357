"""Load after load: the same again, upserts, withdrawals, and loads that are held for a person."""

from __future__ import annotations

import fcntl
from datetime import date
from typing import Any

import pytest

from tests.portfolio.intake.exports import Utility, account, bill, customer, payment
from tideover.portfolio.intake import versions
from tideover.terms.faults import Refused, StepMissing

AT = "2026-02-0{}T06:00:00+01:00"


def counts(read: int, accepted: int, unchanged: int = 0) -> dict[str, int]:
    return {"read": read, "accepted": accepted, "quarantined": read - accepted,
            "unchanged": unchanged}  # fmt: skip


def test_the_same_files_again_change_nothing_at_all(utility: Utility) -> None:
    utility.writes(bills=[bill(1), bill(2, amount="x")])
    first = utility.loads()
    before = utility.lake.manifest
    again = utility.loads("2026-02-09")
    assert utility.lake.manifest == before
    assert again.run_id == first.run_id
    assert again.tables["bills"] == counts(2, 1, unchanged=1)


def test_a_later_load_wins_whole_rows(utility: Utility) -> None:
    utility.writes(bills=[bill(1, usage="12"), bill(2)])
    utility.loads("2026-02-01")
    utility.writes(bills=[bill(1, amount="60.00")])
    assert utility.loads("2026-02-05").tables["bills"] == counts(1, 1)
    assert utility.ids("bills") == ["B1", "B2"]
    old, new = [row for row in utility.rows("bills", standing=False) if row["bill_id"] == "B1"]
    assert (old["known_from"], old["known_until"]) == (date(1900, 1, 1), date(2026, 2, 5))
    assert (new["known_from"], new["known_until"]) == (date(2026, 2, 5), None)
    assert (new["amount_minor"], new["usage"], old["usage"]) == (6000, None, 12.0)


def test_a_row_that_says_the_same_in_other_words_is_unchanged(utility: Utility) -> None:
    utility.loads()
    utility.writes(payments=[payment(1, amount="50", received_at="2026-01-10T11:00Z")])
    assert utility.loads().tables["payments"] == counts(1, 1, unchanged=1)
    assert len(utility.rows("payments", standing=False)) == 1


def test_a_change_of_identity_alone_is_a_change(utility: Utility) -> None:
    utility.loads()
    utility.writes(customers=[customer(1, name="Anna")])
    assert utility.loads("2026-02-02").tables["customers"]["unchanged"] == 0
    assert len(utility.rows("customers", standing=False)) == 2


def test_of_one_key_twice_the_last_in_file_order_wins(utility: Utility) -> None:
    utility.writes(bills=[bill(1, amount="1"), bill(2), bill(1, amount="2"), bill(1, amount="3")])
    assert utility.loads().tables["bills"] == counts(4, 4)
    assert [row["amount_minor"] for row in utility.rows("bills")] == [300, 5000]


def test_a_delta_leaves_what_it_does_not_name(utility: Utility) -> None:
    utility.loads()
    utility.clears()
    utility.writes(bills=[bill(2)])
    assert list(utility.loads().tables) == ["bills"]
    assert (utility.ids("bills"), utility.ids("payments")) == (["B1", "B2"], ["P1"])


def test_a_full_load_withdraws_what_is_absent_but_not_what_is_held_back(utility: Utility) -> None:
    utility.writes(bills=[bill(n) for n in range(9)])
    utility.loads()
    utility.declares(kind="full")
    utility.writes(bills=[bill(0, amount="x"), *(bill(n) for n in range(2, 9))])
    utility.loads("2026-02-05")
    assert utility.ids("bills") == ["B0", *(f"B{n}" for n in range(2, 9))]
    (gone,) = [row for row in utility.rows("bills", standing=False) if row["bill_id"] == "B1"]
    assert (gone["until_load_no"], gone["known_until"]) == (2, date(2026, 2, 5))


def test_a_full_load_forgets_the_held_rows_that_are_absent(utility: Utility) -> None:
    utility.writes(bills=[bill(1), bill(2, amount="x"), bill(3, account_id="A9")])
    utility.loads()
    utility.declares(kind="full")
    utility.writes(bills=[bill(1), bill(4), bill(5)])
    utility.loads("2026-02-05")
    assert (utility.held(), utility.doubts()) == ([], [])


def test_yesterdays_full_load_is_read_again_when_another_came_since(utility: Utility) -> None:
    utility.declares(kind="full")
    utility.loads()
    utility.writes(bills=[bill(1), bill(2)])
    utility.loads("2026-02-02")
    utility.writes(bills=[bill(1)])
    utility.loads("2026-02-03", accept_drift=True)
    assert utility.ids("bills") == ["B1"]


def test_a_full_load_of_the_same_files_is_nothing_new(utility: Utility) -> None:
    utility.loads()
    utility.declares(kind="full")
    before = utility.lake.manifest
    assert utility.loads("2026-02-02").tables["bills"] == counts(1, 1, unchanged=1)
    assert utility.lake.manifest == before


def test_an_account_keeps_its_number(utility: Utility) -> None:
    utility.writes(accounts=[account(2), account(1)], customers=[customer(1), customer(2)])
    utility.loads()
    utility.writes(accounts=[account(3, customer_id="C1"), account(1, area_code="x")])
    utility.loads()
    numbers = {row["account_id"]: row["account_no"] for row in utility.rows("accounts")}
    assert numbers == {"A2": 1, "A1": 2, "A3": 3}


def test_a_currency_never_changes(utility: Utility) -> None:
    utility.loads()
    utility.writes(accounts=[account(1, currency="USD")])
    utility.loads()
    assert utility.faults() == [("A1", "currency", "USD")]
    assert [row["currency"] for row in utility.rows("accounts")] == ["EUR"]


@pytest.mark.parametrize(
    ("declared", "refused"),
    [({"rows": 2, "amount": "50.505"}, False), ({"rows": 2}, False), ({"rows": 3}, True),
     ({"rows": 2, "amount": "50.50"}, True), ({"amount": 50.505}, False), ({"rows": "2"}, True),
     ({"amount": "much"}, True)],
)  # fmt: skip
def test_totals_unlike_those_declared_refuse_the_load(
    utility: Utility, declared: dict[str, Any], refused: bool
) -> None:
    utility.writes(bills=[bill(1), bill(2, amount="0.505")])
    utility.declares(tables={"bills": declared})
    if refused:
        with pytest.raises(Refused):
            utility.loads()
        assert utility.lake.manifest.version == 0
    else:
        assert utility.loads().tables["bills"]["read"] == 2


@pytest.mark.parametrize(
    "said",
    [{"kind": "half"}, {"tables": {"debts": {"rows": 1}}}, {"exported_at": "2026-02-01T06:00:00"},
     {"exported_at": "yesterday"}, {"tables": []}],
)  # fmt: skip
def test_a_declaration_that_says_the_unknown_is_refused(
    utility: Utility, said: dict[str, Any]
) -> None:
    utility.declares(**said)
    with pytest.raises(Refused):
        utility.loads()


def test_an_older_export_is_refused(utility: Utility) -> None:
    utility.declares(kind="full", exported_at=AT.format(3))
    utility.loads()
    utility.declares(kind="delta", exported_at=AT.format(2))
    utility.writes(bills=[bill(2)])
    with pytest.raises(Refused, match="older"):
        utility.loads()
    assert utility.ids("bills") == ["B1"]


def test_the_time_of_a_load_is_when_it_was_exported(utility: Utility) -> None:
    utility.loads()
    utility.declares(exported_at="2026-03-01T00:30:00+01:00")
    utility.writes(bills=[bill(1, amount="2")])
    utility.loads("2026-05-05")
    assert utility.rows("bills")[0]["known_from"] == date(2026, 2, 28)


@pytest.mark.parametrize(
    "bills", [[bill(n) for n in range(7)], [bill(n, amount="500.00") for n in range(10)], []]
)
def test_a_full_load_unlike_the_last_is_held_for_a_person(
    utility: Utility, bills: list[Any]
) -> None:
    utility.writes(bills=[bill(n) for n in range(10)])
    utility.declares(kind="full")
    utility.loads()
    utility.writes_text("bills", ",".join(bill(1)) + "\n")
    utility.writes(**({"bills": bills} if bills else {}))
    with pytest.raises(Refused, match="--accept-drift"):
        utility.loads("2026-02-02")
    assert len(utility.ids("bills")) == 10
    utility.loads("2026-02-02", accept_drift=True)
    assert utility.ids("bills") == [row["bill_id"] for row in bills]


def test_a_strict_load_takes_every_row_or_none(utility: Utility) -> None:
    utility.writes(bills=[bill(1), bill(2, amount="x")])
    with pytest.raises(Refused, match="bills 1"):
        utility.loads(strict=True)
    assert utility.lake.manifest.version == 0
    assert list(utility.workspace.root.rglob("*.parquet")) == []


def test_two_loads_never_run_at_once(utility: Utility) -> None:
    utility.loads()
    with (utility.workspace.lake / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StepMissing, match="Another load"):
            utility.loads()


def test_a_load_that_was_killed_leaves_the_state_before(utility: Utility, monkeypatch: Any) -> None:
    utility.loads()
    before = utility.lake.manifest
    utility.writes(bills=[bill(1, amount="1")])
    monkeypatch.setattr("tideover.portfolio.intake.alone.sweep", lambda lake: None)
    monkeypatch.setattr("tideover.portfolio.lake.Lake.commit", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        utility.loads()
    assert utility.lake.manifest == before
    monkeypatch.undo()
    utility.loads("2026-02-02")
    utility.loads("2026-02-03")  # sweeps away what the load before replaced
    parts = {path for table in utility.lake.manifest.parts for path in utility.lake.parts(table)}
    assert set(utility.workspace.lake.glob("*/*/*")) == parts
    assert [row["amount_minor"] for row in utility.rows("bills")] == [100]


def test_a_bucket_of_many_parts_is_written_as_one(utility: Utility, monkeypatch: Any) -> None:
    monkeypatch.setattr(versions, "PARTS_LIMIT", 3)
    for number in range(1, 5):
        utility.writes(bills=[bill(number)])
        utility.loads()
    assert len(utility.lake.parts("bills")) == 2
    assert utility.ids("bills") == ["B1", "B2", "B3", "B4"]
    assert {row["load_no"] for row in utility.rows("bills")} == {1, 2, 3, 4}
