"""Early signalling: the municipality is told of whom the law permits, once a month, and no more."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.casework.people import MONDAY, account
from tideover.casework.cases import deeds, ledger
from tideover.casework.cases.deeds import Doing
from tideover.casework.cases.models import Account, Event
from tideover.casework.outreach.early_warning import Signalled, signalled
from tideover.casework.outreach.outbox.law import GuardLaw
from tideover.doors.cli import run
from tideover.doors.early_warning import COLUMNS, write_signals
from tideover.doors.rulebooks import guard_of, law, shipped_policy
from tideover.portfolio.workspace import Workspace

pytestmark = pytest.mark.django_db
REMINDED = {"type": "notice", "at": "2026-03-02T12:00:00+01:00", "kind": "reminder",
            "delivery": "mail", "content": ["debt_help_info"]}  # fmt: skip
CALLED = {"type": "contact", "at": "2026-03-09T12:00:00+01:00", "channel": "phone"}
REFUSED_PLAN = {"class": "residential", "plan": {"status": "refused"}}


def behind(name: str, history: Any = (REMINDED, CALLED), **more: Any) -> Account:
    """Return somebody who falls behind, was reminded and called, and wanted no plan."""
    made = account(name, **more)
    made.standing.situation |= {"history": list(history), "customer": REFUSED_PLAN}
    made.standing.save()
    return made


def told(days: int = 0) -> Signalled:
    """Return whom the municipality is told of, so many days later."""
    return signalled(
        GuardLaw(guard_of([*law(), shipped_policy()])), MONDAY + timedelta(days=days), "ann"
    )


def test_it_is_told_of_whom_was_reminded_reached_and_offered_a_plan() -> None:
    behind("A1")
    behind("A2", history=[CALLED])
    behind("A3", history=[REMINDED])
    account("A4")
    found = told()
    assert [(one.account_id, one.name, one.amount_minor) for one in found.signals] == [
        ("A1", "Resident A1", 10_000)]  # fmt: skip
    assert found.not_yet == {"NL-WGS-SHARE": 3}


def test_the_ledger_says_so_and_it_is_not_told_again_within_four_weeks() -> None:
    behind("A1")
    told()
    said = Event.objects.get(kind="data_shared")
    assert (said.account_id, said.by, said.facts["recipient"]) == ("A1", "ann", "municipality")
    assert (told(7).signals, len(told(29).signals)) == ([], 1)


def test_who_paid_since_the_night_is_left_alone() -> None:
    paid = {"payment_id": "P", "amount_minor": 10_000, "method": "ideal", "status": "settled"}
    ledger.record(behind("A1").pk, "paid", at=MONDAY, by="bank", facts=paid)
    assert told().signals == []


def test_what_is_on_hold_or_disputed_is_nobodys_business_yet() -> None:
    made = behind("A1")
    deeds.hold(Doing(made.pk, by="ann", at=MONDAY), reason="dispute")
    found = told()
    assert (found.signals, list(found.not_yet)) == ([], ["on hold: dispute"])


def test_who_wants_no_messages_may_need_help_all_the_same() -> None:
    made = behind("A1")
    facts = {"scope": "everything", "via": "sms"}
    ledger.record(made.pk, "opted_out", at=MONDAY, by="customer", facts=facts)
    assert len(told().signals) == 1


def test_nobody_elsewhere_is_signalled() -> None:
    Account.objects.filter(pk=behind("A1").pk).update(jurisdiction="US-PA")
    assert told() == Signalled()


def test_the_file_holds_what_is_needed_and_where_it_cannot_be_written_nothing_is_noted(
    tmp_path: Path,
) -> None:
    behind("A1")
    assert run(["init", str(tmp_path / "ws")]) == 0
    workspace = Workspace.open(tmp_path / "ws")
    with pytest.raises(IsADirectoryError):
        write_signals(workspace, tmp_path / "ws", now=MONDAY, by="ann")
    assert not Event.objects.filter(kind="data_shared").exists()
    count, _ = write_signals(workspace, tmp_path / "signals.csv", now=MONDAY, by="ann")
    head, row = (tmp_path / "signals.csv").read_text().splitlines()
    assert (count, head) == (1, ",".join(COLUMNS))
    assert row == "2026-03-30,,A1,Resident A1,,,+31612340002,,100.00,EUR"
