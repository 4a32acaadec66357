"""What a bank says came in: signs, batches, references, currencies, versions."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.casework.payments.statement import (
    IBAN,
    RF,
    detail,
    document,
    entry,
    free,
    lines,
    structured,
)


def pairs(*texts: str, **more: str) -> list[tuple[int | None, str]]:
    return [(one.amount, one.reference) for one in lines(document(*texts, **more))]


def test_one_transaction_has_all_that_was_said_of_it() -> None:
    parties = (
        "<RltdPties><Dbtr><Nm>A. Payer</Nm></Dbtr><Cdtr><Nm>The utility</Nm></Cdtr></RltdPties>"
    )
    (one,) = lines(document(entry(details=detail(parties + structured(RF)))))
    assert (one.account, one.booked_on, one.amount) == (IBAN, date(2026, 3, 31), 5000)
    assert (one.currency, one.reference, one.counterparty) == ("EUR", RF, "A. Payer")
    assert one.reversal is False


@pytest.mark.parametrize(("sign", "reversal", "amount", "name"), [
    ("CRDT", "false", 5000, "Payer"), ("DBIT", "false", -5000, "Utility"),
    ("DBIT", "true", -5000, "Payer"),  # a payment that went back: the payer is still the payer
    ("CRDT", "1", 5000, "Utility"),  # what we paid came back
])  # fmt: skip
def test_the_sign_is_that_of_what_is_booked_also_when_it_takes_back(
    sign: str, reversal: str, amount: int, name: str
) -> None:
    parties = (
        "<RltdPties><Dbtr><Pty><Nm>Payer</Nm></Pty></Dbtr><Cdtr><Nm>Utility</Nm></Cdtr></RltdPties>"
    )
    (one,) = lines(document(entry(details=detail(parties), sign=sign, reversal=reversal)))
    assert (one.amount, one.counterparty) == (amount, name)
    assert one.reversal == (reversal in ("true", "1"))


@pytest.mark.parametrize(("amount", "currency", "minor"), [
    ("2700", "JPY", 2700), ("2700.00", "JPY", 2700), ("1.234", "KWD", 1234), ("1.2", "KWD", 1200),
    ("105.750", "EUR", 10575), ("0.5", "EUR", 50), (".5", "EUR", 50), ("8.", "EUR", 800),
    ("0008.85", "EUR", 885), ("+3", "EUR", 300), ("0", "EUR", 0), (" 5.00 ", "EUR", 500),
])  # fmt: skip
def test_amounts_are_whole_minor_units_of_their_currency(
    amount: str, currency: str, minor: int
) -> None:
    assert pairs(entry(amount, currency)) == [(minor, "")]


def test_every_transaction_of_a_batch_stands_on_its_own() -> None:
    batch = "<Btch><NbOfTxs>3</NbOfTxs></Btch>" + "".join([
        detail(structured(RF), "20.00"), detail(free("no reference"), "40.00"),
        detail(structured("R2"), "10.00", "DBIT")])  # fmt: skip
    assert pairs(entry("50.00", details=batch)) == [(2000, RF), (4000, ""), (-1000, "R2")]


def test_of_a_batch_that_leaves_one_amount_out_it_is_the_rest() -> None:
    batch = detail(structured("R1"), "20.00") + detail(structured("R2"))
    assert pairs(entry("50.00", details=batch)) == [(2000, "R1"), (3000, "R2")]


def test_of_a_batch_that_says_no_amounts_none_is_made_up() -> None:
    batch = detail(structured("R1")) + detail(structured("R2"))
    assert pairs(entry("50.00", details=batch)) == [(None, "R1"), (None, "R2")]


def test_older_versions_say_the_amount_further_in() -> None:
    inner = ('<AmtDtls><InstdAmt><Amt Ccy="USD">9.99</Amt></InstdAmt>'
             '<TxAmt><Amt Ccy="EUR">{}</Amt></TxAmt></AmtDtls>')  # fmt: skip
    batch = "".join(detail(inner.format(amount)) for amount in ("20.00", "30.00"))
    assert pairs(entry("50.00", details=batch)) == [(2000, ""), (3000, "")]


def test_charges_and_other_currencies_do_not_change_what_was_booked() -> None:
    more = ('<AmtDtls><InstdAmt><Amt Ccy="USD">60.00</Amt></InstdAmt></AmtDtls>'
            '<Chrgs><Rcrd><Amt Ccy="EUR">1.50</Amt></Rcrd></Chrgs>')  # fmt: skip
    assert pairs(entry("48.50", details=detail(more, "50.00"))) == [(4850, "")]


@pytest.mark.parametrize(("inner", "reference"), [
    (structured("12345"), "12345"),
    (structured("INV 7") + "", "INV 7"),
    (free(f"bill {RF[:4]} {RF[4:8]} {RF[8:12]} {RF[12:]} thank you"), RF),
    (free(f"bill:{RF.lower()}, march"), RF),
    (free("RF19539007547034"), ""),  # its check digits fail
    (structured("rf18 5390 0754 7034"), RF),
    (f"<Refs><EndToEndId>{RF.lower()}</EndToEndId></Refs>", RF),
    ("<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>", ""),
    ("<Refs><EndToEndId>E2E-7</EndToEndId></Refs>" + free("hello"), "E2E-7"),
    ((structured("X") + structured(RF)).replace("</RmtInf><RmtInf>", ""), RF),
])  # fmt: skip
def test_the_surest_reference_is_taken(inner: str, reference: str) -> None:
    assert pairs(entry(details=detail(inner))) == [(5000, reference)]


def test_an_entry_without_transactions_is_one() -> None:
    (one,) = lines(document(entry(more="<AddtlNtryInf>cash  paid\n in</AddtlNtryInf>")))
    assert (one.amount, one.text, one.counterparty) == (5000, "cash paid in", "")


@pytest.mark.parametrize("status", [
    "<Sts>PDNG</Sts>", "<Sts><Cd>PDNG</Cd></Sts>", "<Sts>INFO</Sts>", "<Sts><Cd>FUTR</Cd></Sts>",
])  # fmt: skip
def test_what_is_pending_is_left_out(status: str) -> None:
    assert pairs(entry("1.00", status=status), entry("2.00")) == [(200, "")]


@pytest.mark.parametrize(("day", "booked"), [
    ("<BookgDt><DtTm>2026-03-31T00:30:00+02:00</DtTm></BookgDt>", date(2026, 3, 31)),
    ("<ValDt><Dt>2026-04-01</Dt></ValDt>", date(2026, 4, 1)), ("", None),
    ("<BookgDt><Dt>2026-03-31+01:00</Dt></BookgDt>", date(2026, 3, 31)),
])  # fmt: skip
def test_the_day_is_as_the_bank_wrote_it(day: str, booked: date | None) -> None:
    assert [one.booked_on for one in lines(document(entry(day=day)))] == [booked]


@pytest.mark.parametrize("version", [
    *(f"053.001.{number:02}" for number in range(2, 14)), "054.001.02", "054.001.08", "052.001.06",
])  # fmt: skip
def test_all_versions_are_read(version: str) -> None:
    status = "<Sts><Cd>BOOK</Cd></Sts>" if int(version[-2:]) >= 7 else "<Sts>BOOK</Sts>"
    assert pairs(entry(status=status), version=version) == [(5000, "")]


def test_several_statements_in_a_file_keep_their_own_accounts() -> None:
    second = (
        "<Stmt><Id>S2</Id><Acct><Id><Othr><Id>12 34</Id></Othr></Id></Acct>" + entry() + "</Stmt>"
    )
    found = lines(document(entry(), more=second))
    assert [one.account for one in found] == [IBAN, "1234"]


def test_prefixes_envelopes_and_other_letters_are_read() -> None:
    plain = document(entry(details=detail(free("Grüße"))))
    other = plain.replace("xmlns=", "xmlns:n=").replace("<", "<n:").replace("<n:/", "</n:")
    other = other.replace("<n:?", "<?")
    wrapped = f'<env xmlns="urn:other"><head/>{plain.partition("?>")[2]}<tail/></env>'
    for text in (plain, other, wrapped):
        assert [one.text for one in lines(text)] == ["Grüße"]
    assert lines(plain.replace("UTF-8", "UTF-16").encode("utf-16"))[0].text == "Grüße"
    assert lines(plain.replace("UTF-8", "ISO-8859-1").encode("latin-1"))[0].text == "Grüße"


def test_the_statements_of_another_project_come_out_as_it_reads_them(shared: Path) -> None:
    folder = shared / "peers/camt-genkgo/files"
    seen = 0
    for path in sorted(folder.glob("*.xml")):
        if not path.with_suffix(".json").is_file():
            continue
        parsed = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        found = lines(path.read_bytes())
        at = 0
        for one in parsed["getEntries"]:
            count = max(len(one["getTransactionDetails"] or [1]), 1)
            _same(one, found[at : at + count])
            at, seen = at + count, seen + 1
        assert at == len(found)
    assert seen >= 8


def _same(theirs: dict[str, Any], ours: list[Any]) -> None:
    """Compare an entry with the transactions in it."""
    money, account = theirs["getAmount"], theirs["getRecord"]["getAccount"]["getIdentification"]
    if len(ours) == 1:
        assert ours[0].amount == int(money["getAmount"])
    day = (theirs["getBookingDate"] or {}).get("0", "")[:10]
    for one in ours:
        assert one.account == account
        assert one.currency == money["getCurrency"]["getCode"]
        assert one.reversal == theirs["getReversalIndicator"]
        assert not day or f"{one.booked_on}" == day
    for one, detail_ in zip(ours, theirs["getTransactionDetails"], strict=False):
        remittance = detail_["getRemittanceInformation"] if isinstance(detail_, dict) else None
        said = (remittance or {}).get("getCreditorReferenceInformation") or {}
        assert not said or one.reference == said["getRef"]
