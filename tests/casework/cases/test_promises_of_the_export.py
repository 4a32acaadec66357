"""Promises that the export knows of, and those that it takes back: casework follows."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.casework import cast
from tideover.casework.cases.models import Promise
from tideover.doors.publication.facts import bring_promises
from tideover.doors.publication.store import opened
from tideover.portfolio.lake import Lake, Manifest, lake_schema
from tideover.terms.tables import TABLES

pytestmark = pytest.mark.django_db(transaction=True)
PAYER, NEIGHBOUR = "A-payer", "A-vulnerable"


def bring(folder: Path, whose: list[str], *promised: str) -> dict[str, bool]:
    """Bring the promises of some accounts from a lake where some have one; say which stand."""
    rows = [{"promise_id": f"W-{account}", "account_id": account, "made_at": cast.NOW,
             "amount_minor": 5_000, "due_on": cast.TODAY, "load_no": 1}
            for account in promised]  # fmt: skip
    part = folder / "promises" / "bucket=0" / f"{len(promised)}.parquet"
    part.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, lake_schema(TABLES["promises"])), part)
    lake = Lake(folder, Manifest(buckets=1, parts={"promises": {"0": [part.name]}}))
    accounts = pa.table({"account_id": pa.array(whose, pa.string()),
                         "customer_id": pa.array(whose, pa.string())})  # fmt: skip
    with opened(folder / "scratch") as store:
        bring_promises(store, lake, accounts)
    return {made.account_id: made.withdrawn_at is None for made in Promise.objects.all()}


def test_a_promise_that_the_export_takes_back_is_open_no_more(tmp_path: Path) -> None:
    cast.payer(), cast.vulnerable()
    both = [PAYER, NEIGHBOUR]
    assert bring(tmp_path, both, *both) == {PAYER: True, NEIGHBOUR: True}
    assert bring(tmp_path, both, NEIGHBOUR) == {PAYER: False, NEIGHBOUR: True}


def test_of_accounts_that_a_night_does_not_tell_of_promises_stand(tmp_path: Path) -> None:
    cast.payer(), cast.vulnerable()
    bring(tmp_path, [PAYER, NEIGHBOUR], PAYER, NEIGHBOUR)
    assert bring(tmp_path, [NEIGHBOUR]) == {PAYER: True, NEIGHBOUR: False}
