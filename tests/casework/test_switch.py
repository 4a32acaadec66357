"""What a night lays aside for an account that casework lacks is refused, all of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from tests.casework import people
from tideover.casework.cases.models import Account, OpenDebit
from tideover.doors.publication.store import Store, opened
from tideover.doors.publication.switch import Switch
from tideover.doors.publication.tables import DECISION, MESSAGE, OPEN_DEBIT, STANDING, USAGE
from tideover.terms.faults import StepMissing

DAY = date(2026, 6, 30)


def laid_aside(store: Store, account_id: str) -> None:
    """Lay a night aside that knows one debit, of an account."""
    store.stage("standing", STANDING, ("arrears_minor > 0 AS in_treatment",))
    store.stage("usage_seen", USAGE)
    store.stage("message", MESSAGE)
    store.stage("decision", DECISION[:1], name="decided")
    store.stage("open_debit", OPEN_DEBIT)
    debit = dict(zip(OPEN_DEBIT, (account_id, "new", DAY, DAY, 500, 500), strict=True))
    store.fill("open_debit", pa.Table.from_pylist([debit]))


@pytest.mark.django_db(transaction=True)
def test_a_night_with_a_debit_of_nobody_leaves_the_former_one(tmp_path: Path) -> None:
    old = OpenDebit(account=people.account("A1"), debit_id="old", issued_on=DAY, due_on=DAY,
                    amount_minor=700, unpaid_minor=700)  # fmt: skip
    old.save()
    people.night(DAY, "new")
    with opened(tmp_path) as store:
        turn = Switch(store, "new", DAY, lambda words: None).turn
        laid_aside(store, "nobody")
        with pytest.raises(StepMissing, match="1 rows of open_debit are of accounts"):
            turn()
        assert list(OpenDebit.objects.values_list("debit_id", flat=True)) == ["old"]
        laid_aside(store, Account.objects.get().pk)
        turn()
    assert list(OpenDebit.objects.values_list("debit_id", flat=True)) == ["new"]
