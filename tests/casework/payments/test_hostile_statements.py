"""A file that cannot be trusted is refused whole, with one sentence, and quickly."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path

import pytest

from tests.casework.payments.statement import RF, detail, document, entry, free, lines, structured
from tideover.doors.cli import run
from tideover.terms.faults import REFUSED, Refused

BOMB = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
ELSEWHERE = '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">'
GOOD = document(entry(details=detail(structured(RF))))


def with_(doctype: str) -> str:
    return GOOD.replace("?>", f"?>{doctype}", 1)


WRONG = {
    "a bomb": with_(BOMB), "a file from outside": with_(OUTSIDE), "an address": with_(ELSEWHERE),
    "nested": document(entry(details=detail("<Refs>" * 900 + "</Refs>" * 900))),
    "cut off": GOOD[:-40], "empty": "", "no XML": "date;amount\n2026-03-31;50.00",
    "another root": "<html><body/></html>", "another message": GOOD.replace("camt.053", "pain.001"),
    "version 01": GOOD.replace("001.02", "001.01"), "no statement": GOOD.replace("Stmt>", "Stm>"),
    "no amount": GOOD.replace('<Amt Ccy="EUR">50.00</Amt>', ""),
    "no currency": GOOD.replace(' Ccy="EUR"', ""), "no account": GOOD.replace("IBAN", "IBN"),
    "a made-up currency": document(entry(currency="XXZ")),
    "three decimals": document(entry("1.234")), "one of yen": document(entry("1.5", "JPY")),
    "letters": document(entry("fifty")), "a comma": document(entry("50,00")),
    "below zero": document(entry("-5.00")), "an exponent": document(entry("1e5")),
    "other digits": document(entry("٥٠.00")), "endless digits": document(entry("9" * 30)),
    "no sign": document(entry(sign="PLUS")), "no state": document(entry(status="<Sts>DONE</Sts>")),
    "30 February": document(entry(day="<BookgDt><Dt>2026-02-30</Dt></BookgDt>")),
    "a day in words": document(entry(day="<BookgDt><Dt>31 March</Dt></BookgDt>")),
    "a strange part": GOOD.replace("<BkTxCd/>", "<Bonus>5</Bonus>"),
    "another kind within": GOOD.replace("<BkTxCd/>", '<Amt xmlns="urn:x">7</Amt>'),
    "a long text": document(entry(details=detail(free("x" * 20_000)))),
    "two roots": GOOD + GOOD.partition("?>")[2],
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_it_is_refused(what: str) -> None:
    with pytest.raises(Refused, match=r"statement\.xml"):
        lines(WRONG[what])


def test_letters_that_are_not_what_the_file_says_are_refused() -> None:
    text = document(entry(details=detail(free("Grüße"))))
    for raw in (text.encode("latin-1"), text.replace("UTF-8", "UTF-16").encode(),
                text.replace("UTF-8", "klingon").encode(), GOOD.encode() + b"\0"):  # fmt: skip
        with pytest.raises(Refused):
            lines(raw)


class Endless(io.RawIOBase):
    """A file whose one attribute never ends."""

    def __init__(self) -> None:
        self.begun = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        begin, self.begun = not self.begun, True
        return GOOD.partition("<Ntry>")[0].encode() + b'<Ntry a="' if begin else b"x" * size


def test_a_token_without_end_is_given_up_early() -> None:
    from tideover.casework.payments.camt.lines import read_lines

    began = time.monotonic()
    with pytest.raises(Refused, match="too long"):
        read_lines(Endless(), "statement.xml", lambda _: None)  # type: ignore[arg-type]
    assert time.monotonic() - began < 20


def test_a_large_file_is_read_in_little_memory(tmp_path: Path) -> None:
    import tracemalloc

    head, _, tail = document("HERE").partition("HERE")
    one = entry(details=detail(structured(RF)))
    path = tmp_path / "statement.xml"
    path.write_text(head + one * 1_000 + tail, encoding="utf-8")
    tracemalloc.start()
    with path.open("rb") as file:
        from tideover.casework.payments.camt.lines import read_lines

        assert read_lines(file, path.name, lambda _: None) == 1_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_the_command_prints_a_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "statement.xml"
    path.write_text(GOOD, encoding="utf-8")
    assert run(["statement", "read", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [{
        "account": "NL91ABNA0417164300", "booked_on": "2026-03-31", "amount": 5000,
        "currency": "EUR", "reference": RF, "text": "", "counterparty": "", "reversal": False,
    }]  # fmt: skip
    assert run(["statement", "read", str(path)]) == 0
    assert "50.00 EUR  RF18539007547034" in capsys.readouterr().out


def test_the_command_refuses_with_one_sentence_and_prints_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "statement.xml"
    path.write_text(document(entry(), entry("1.234")), encoding="utf-8")
    assert run(["statement", "read", str(path), "--json"]) == REFUSED
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert run(["statement", "read", str(tmp_path / "none.xml"), "--json"]) == REFUSED
