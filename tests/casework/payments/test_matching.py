"""Whose the money on a bank statement is; the export then brings it, and it is counted once."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.casework import people
from tests.casework.payments.acting import LATER, begun, paid
from tests.casework.payments.statement import detail, document, entry, structured
from tests.casework.people import MONDAY
from tideover.casework.access.erasure import erase
from tideover.casework.api.deltas.payments import take_payments
from tideover.casework.cases.models import Event, Standing
from tideover.casework.outreach.authoring import REFERENCE
from tideover.casework.payments.books import pending_minor
from tideover.casework.payments.brought import CisPayment, accounts_that_wait, bring
from tideover.casework.payments.camt.lines import Line
from tideover.casework.payments.checks import money_findings
from tideover.casework.payments.matching import assign, take_lines
from tideover.casework.payments.models import BankLine
from tideover.casework.payments.owed import owed
from tideover.casework.payments.paying import state
from tideover.casework.payments.settling import Settled, differences, match_payouts, take_report
from tideover.doors import operations
from tideover.doors.cli import run
from tideover.terms.faults import Refused
from tideover.terms.reference import rf_reference

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
DAY = MONDAY.date()


def line(amount: int = 5_000, reference: str = "", text: str = "", **more: object) -> Line:
    plain = Line("NL91ABNA0417164300", DAY, amount, "EUR", reference, text, "A. Payer", False)
    return dataclasses.replace(plain, **more)  # type: ignore[arg-type]


def taken(*lines: Line) -> dict[str, int]:
    return take_lines(lines, now=LATER)


def test_a_transfer_with_our_reference_is_the_customers_and_counts_once() -> None:
    anna = people.account("anna", arrears_minor=12_000)
    one = begun(anna.pk, method="bank_transfer")
    assert taken(line(3_000, one.reference)) == {"reference": 1}
    assert taken(line(3_000, one.reference)) == {"known_before": 1}  # the same file again
    assert owed(anna.pk).arrears_minor == 9_000
    assert taken(line(2_000, one.reference)) == {"reference": 1}
    assert state(one.payment_id).net_minor == 5_000
    assert money_findings() == []


def test_two_transfers_that_are_alike_are_two() -> None:
    anna = people.account("anna", arrears_minor=12_000)
    one = begun(anna.pk, method="bank_transfer")
    assert taken(line(1_000, one.reference), line(1_000, one.reference)) == {"reference": 2}
    assert owed(anna.pk).arrears_minor == 10_000


def test_a_transfer_that_goes_back_is_owed_again() -> None:
    anna = people.account("anna", arrears_minor=12_000)
    one = begun(anna.pk, method="bank_transfer")
    taken(line(5_000, one.reference), line(-5_000, one.reference, reversal=True))
    assert owed(anna.pk).arrears_minor == 12_000
    assert money_findings() == []


def test_the_reference_of_a_letters_slip_leads_to_its_account() -> None:
    anna = people.account("anna", arrears_minor=12_000)
    key = uuid.uuid4()
    people.message(anna, key=key)
    reference = rf_reference(key.hex[:REFERENCE].upper())
    assert taken(line(5_000, reference)) == {"reference": 1}
    assert owed(anna.pk).arrears_minor == 7_000


@pytest.mark.parametrize(("amount", "text", "how"), [
    (12_000, "account A-anna thanks", "amount"), (11_999, "account A-anna thanks", "waiting"),
    (12_000, "thanks", "waiting"), (12_000, "A-anna and A-bob", "waiting"),
])  # fmt: skip
def test_without_a_reference_account_and_sum_must_both_fit(
    amount: int, text: str, how: str
) -> None:
    people.account("A-anna", arrears_minor=12_000)
    people.account("A-bob", arrears_minor=12_000)
    assert taken(line(amount, text=text)) == {how: 1}
    assert money_findings() == []


def test_what_waits_is_given_to_an_account_by_a_person_once() -> None:
    anna = people.account("anna", arrears_minor=12_000)
    taken(line(4_000, text="from grandma"))
    waiting = BankLine.objects.get(how="")
    assign(waiting.line_id, anna.pk, by="lena", now=LATER)
    assert owed(anna.pk).arrears_minor == 8_000
    with pytest.raises(Refused):
        assign(waiting.line_id, anna.pk, by="olga", now=LATER)
    assert money_findings() == []


@pytest.mark.parametrize("cis_id", ["reference", "CIS-77"])
def test_the_export_brings_a_payment_and_nothing_is_counted_twice(cis_id: str) -> None:
    anna = people.account("anna", arrears_minor=12_000)
    payment = paid(anna.pk, 5_000)
    assert accounts_that_wait() == [anna.pk]
    named = payment.reference if cis_id == "reference" else cis_id
    row = CisPayment(named, anna.pk, DAY + timedelta(days=2), 5_000)
    Standing.objects.filter(pk=anna.pk).update(balance_minor=7_000, arrears_minor=7_000)
    assert bring([row], now=LATER) == 1
    assert bring([row], now=LATER) == 0  # every night brings it again
    assert (owed(anna.pk).arrears_minor, pending_minor([anna.pk])) == (7_000, {})
    assert accounts_that_wait() == []
    assert money_findings() == []


@pytest.mark.parametrize("other", [
    {"amount_minor": 4_000}, {"received_on": date(2026, 3, 1)}, {"received_on": date(2026, 4, 30)},
])  # fmt: skip
def test_another_payment_of_the_export_is_not_taken_for_ours(other: dict[str, object]) -> None:
    anna = people.account("anna", arrears_minor=12_000)
    paid(anna.pk, 5_000)
    row = CisPayment("CIS-77", anna.pk, DAY, 5_000)
    assert bring([dataclasses.replace(row, **other)], now=LATER) == 0  # type: ignore[arg-type]
    assert pending_minor([anna.pk]) == {anna.pk: 5_000}


def test_one_row_of_the_export_brings_one_of_two_payments_that_are_alike() -> None:
    anna = people.account("anna", arrears_minor=12_000)
    paid(anna.pk, 5_000), paid(anna.pk, 5_000)
    bring([CisPayment("CIS-1", anna.pk, DAY, 5_000)], now=LATER)
    assert pending_minor([anna.pk]) == {anna.pk: 5_000}
    bring([CisPayment(f"CIS-{n}", anna.pk, DAY, 5_000) for n in (1, 2)], now=LATER)
    assert pending_minor([anna.pk]) == {}


def test_a_delta_between_two_exports_does_not_count_it_again() -> None:
    anna = people.account("anna", arrears_minor=12_000)
    paid(anna.pk, 5_000)
    row = {"payment_id": "CIS-77", "account_id": anna.pk, "received_at": MONDAY.isoformat(),
           "amount": "50.00", "method": "ideal", "status": "settled"}  # fmt: skip
    assert take_payments([row], by="api", now=LATER) == {"known_before": 1}
    assert Event.objects.filter(kind="paid").count() == 1
    more = take_payments([{**row, "payment_id": "CIS-78", "amount": "9.00"}], by="api", now=LATER)
    assert more == {"recorded": 1}


def test_a_settlement_agrees_with_the_ledger_and_the_bank_or_says_where_not() -> None:
    anna = people.account("anna", arrears_minor=12_000)
    payment, later = paid(anna.pk, 5_000), DAY + timedelta(days=9)
    (unsettled,) = differences("sandbox", later)
    assert unsettled.what == "paid, and in no report"
    report = [Settled("stl_1", "l1", payment.provider_id, 5_000, 29, "EUR", DAY)]
    assert (take_report("sandbox", report), take_report("sandbox", report)) == (1, 0)
    assert [one.what for one in differences("sandbox", later)] == ["reported, and not on the bank"]
    taken(line(4_971, text="payout stl_1"))
    assert match_payouts("sandbox", now=LATER) == 1
    assert list(differences("sandbox", later)) == []
    assert money_findings() == []
    take_report("sandbox", [Settled("stl_2", "l2", "sb_strange", 700, 0, "EUR", later)])
    assert [one.what for one in differences("sandbox", later)] == [
        "reported, and we never heard of it"]  # fmt: skip


def test_a_statement_is_taken_in_by_a_command_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = people.account("anna", arrears_minor=12_000)
    one = begun(anna.pk, method="bank_transfer")
    file, workspace = tmp_path / "bank.xml", tmp_path / "ws"
    file.write_text(document(entry(details=detail(structured(one.reference)))), encoding="utf-8")
    assert run(["init", str(workspace)]) == 0
    monkeypatch.setattr(operations, "open_casework", lambda _: None)  # the test's own database
    assert run(["statement", "take", str(workspace), str(file), "--json"]) == 0
    assert capsys.readouterr().out.endswith('{"reference": 1}\n')
    assert owed(anna.pk).arrears_minor == 7_000


def test_erasing_a_person_takes_away_who_paid_and_leaves_every_sum() -> None:
    anna = people.account("anna", arrears_minor=12_000)
    one = begun(anna.pk, method="bank_transfer")
    taken(line(3_000, one.reference, "for the gas, A. Payer"))
    before = pending_minor([anna.pk])
    erase(anna.person_id, by="olga", at=LATER)
    kept = BankLine.objects.get()
    assert (kept.text, kept.counterparty, kept.amount_minor) == ("", "", 3_000)
    assert pending_minor([anna.pk]) == before
    assert money_findings() == []
