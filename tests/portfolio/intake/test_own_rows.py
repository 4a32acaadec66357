"""Casework's own rows lie beside those of the CIS: neither takes the other's away."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.portfolio.intake.exports import Row, Utility, account, bill, csv_text, customer, payment
from tideover.portfolio import intake
from tideover.portfolio.intake import IntakeReport

CONTACT = {"account_id": "A1", "channel": "email", "direction": "outbound", "purpose": "reminder",
           "occurred_at": "2026-02-02T09:00:00+01:00"}  # fmt: skip


def contact(contact_id: str, **said: str) -> Row:
    return CONTACT | {"contact_id": contact_id} | said


def carries(utility: Utility, through: int, *contacts: Row) -> IntakeReport:
    """Load contacts as the journal does."""
    folder = Path(utility.workspace.root) / "own"
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    if contacts:
        (folder / "contacts.csv").write_text(csv_text(contacts), encoding="utf-8")
    return intake.ingest(
        utility.workspace, folder, now=datetime(2026, 2, 3, tzinfo=UTC), progress=lambda _: None,
        conditions=intake.Conditions(journal={"through": through}),
    )  # fmt: skip


@pytest.fixture
def exported(utility: Utility) -> Utility:
    """Return a utility whose CIS knows of one contact, and says all it knows in every load."""
    utility.declares(kind="full")
    utility.writes(contacts=[contact("CIS-1", tone="formal")])
    utility.loads("2026-02-01")
    return utility


def test_a_full_load_does_not_withdraw_what_casework_brought(exported: Utility) -> None:
    carries(exported, 5, contact("D1"))
    exported.writes(contacts=[contact("CIS-2")], payments=[payment(1), payment(2)])
    exported.loads("2026-02-04")
    assert exported.ids("contacts") == ["CIS-2", "D1"]


def test_no_row_of_the_cis_gives_way_to_one_of_caseworks_own(exported: Utility) -> None:
    carries(exported, 5, contact("CIS-1", tone="friendly"), contact("D1"))
    tones = {row["contact_id"]: row["tone"] for row in exported.rows("contacts")}
    assert tones == {"CIS-1": "formal", "D1": None}


def test_the_cis_may_take_over_a_row_that_casework_brought(exported: Utility) -> None:
    carries(exported, 5, contact("D1"))
    exported.writes(contacts=[contact("CIS-1"), contact("D1", tone="direct")])
    exported.loads("2026-02-04")
    carries(exported, 6, contact("D1", tone="friendly"))
    tones = {row["contact_id"]: row["tone"] for row in exported.rows("contacts")}
    assert tones == {"CIS-1": None, "D1": "direct"}


def test_what_casework_knows_better_later_is_a_new_version(exported: Utility) -> None:
    carries(exported, 5, contact("D1", outcome="sent"))
    carries(exported, 6, contact("D1", outcome="delivered"))
    carries(exported, 7, contact("D1", outcome="delivered"))
    versions = [row for row in exported.rows("contacts", standing=False)
                if row["contact_id"] == "D1"]  # fmt: skip
    assert [row["outcome"] for row in versions] == ["sent", "delivered"]


def test_a_journal_without_rows_still_moves_its_mark(exported: Utility) -> None:
    carries(exported, 9)
    last = exported.lake.manifest.loads[-1]
    assert (last["kind"], last["journal"], last["tables"]) == ("journal", {"through": 9}, {})
    assert exported.lake.manifest.last_export["load_no"] == 1


def test_the_same_full_export_after_a_journal_is_nothing_new(exported: Utility) -> None:
    carries(exported, 5, contact("D1"))
    version = exported.lake.manifest.version
    exported.loads("2026-02-04")
    assert exported.lake.manifest.version == version


def test_the_utilitys_own_names_do_not_touch_caseworks_rows(utility: Utility) -> None:
    utility.maps('[tables.contacts.columns]\ncontact_id = "NR"\n')
    utility.writes(customers=[customer(1)], accounts=[account(1)], bills=[bill(1)],
                   payments=[payment(1)])  # fmt: skip
    utility.loads()
    assert carries(utility, 5, contact("D1")).tables["contacts"]["accepted"] == 1
