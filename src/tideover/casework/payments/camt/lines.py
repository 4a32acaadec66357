"""Entries of a statement -> one line for each transaction, with its sign, reference and text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from tideover.casework.payments.camt.reader import Node, Walk
from tideover.terms.calendar import FIRST_DAY, LAST_DAY
from tideover.terms.money import MINOR_DIGITS, minor
from tideover.terms.reference import is_rf_reference

CREDIT, DEBIT = "CRDT", "DBIT"
BOOKED = ("BOOK", "")
BOOKS = "Stmt"  # a statement books; notifications and reports tell early
STATES = ("BOOK", "PDNG", "INFO", "FUTR", "")
NOTHING = ("NOTPROVIDED", "NOT PROVIDED", "NONREF")
_AMOUNT = re.compile(r"\+?(\d{0,18})(?:\.(\d{0,17}))?", re.ASCII)
_RF = re.compile(r"(?<![0-9A-Z])RF\d{2}(?: ?[0-9A-Z]){1,40}", re.ASCII)
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[TZ+-].*)?", re.ASCII)


@dataclass(frozen=True)
class Line:
    """One transaction on a bank account.

    Args:
        amount: Minor units; above zero came in. None where the bank books several transactions in
            one sum and does not say how much each was.
        booked_on: None where the bank does not say.
        reference: The creditor reference, else one found in the text, else the payer's own.
        reversal: It takes back an earlier one; its sign is that of what is booked now.
        bank_reference: The bank's own number of the entry, to know it again; empty where it has
            none (`NtryRef` is no such number: banks count in it, or repeat it).
        part: Which of several transactions of its entry it is, from 1; 0 where it is the whole.
        place: Where it stands: the statement's number and which entry; for what has no other.
        booked: It stands on a statement (camt.053); else it was told early.
    """

    account: str
    booked_on: date | None
    amount: int | None
    currency: str
    reference: str
    text: str
    counterparty: str
    reversal: bool
    bank_reference: str = ""
    part: int = 0
    place: str = ""
    booked: bool = True


@dataclass(frozen=True)
class _Detail:
    """What a transaction of an entry says of itself."""

    amounts: tuple[tuple[str, str], ...]  # currency, text; the first one is the transaction's own
    sign: str
    reference: str
    text: str
    names: tuple[str, str, str, str]  # debtor, creditor, ultimate debtor, ultimate creditor
    bank_reference: str = ""


def read_lines(file: BinaryIO, where: str, give: Callable[[Line], None]) -> int:
    """Read a statement to its end, give each line in its order, and return how many there were.

    Pending entries are none: they may still go away.

    Raises:
        Refused: The file is no statement that can be trusted; what was given then counts nothing.
    """
    reading = _Reading(where, give)
    reading.walk.read(file)
    return reading.count


class _Reading:
    def __init__(self, where: str, give: Callable[[Line], None]) -> None:
        self.walk = Walk(self._take, where)
        self.give, self.count = give, 0
        self.account, self.statement, self.entries = "", "", 0
        self.details: list[_Detail] = []

    def _take(self, kind: str, node: Node) -> None:
        if kind == "TxDtls":
            self.details.append(_detail(node))
        elif kind == "Acct":
            self.account = _account(node)
        elif kind == "Id":
            self.statement = node.text
        elif kind == "Ntry":
            self.entries += 1
            for line in self._lines(node, self.details):
                self.count += 1
                self.give(line)
            self.details = []
        elif kind == "end":
            self.account, self.statement, self.entries = "", "", 0

    def _lines(self, entry: Node, details: Sequence[_Detail]) -> Iterator[Line]:
        state = entry.said("Sts", "Cd") or entry.said("Sts")
        if state not in STATES:
            raise self.walk.wrong(f"No entry is {state[:20]!r}: it is BOOK, PDNG, INFO or FUTR")
        if not self.account:
            raise self.walk.wrong("The statement does not say of which account it is")
        whole, currency = self._amount(entry.child("Amt"))
        sign, reversal = entry.said("CdtDbtInd"), entry.said("RvslInd") in ("true", "1")
        if sign not in (CREDIT, DEBIT):
            raise self.walk.wrong("An entry does not say whether money came in or went out")
        day = self._day(entry)
        if state not in BOOKED:
            return
        more = entry.said("AddtlNtryInf")
        banks, several = _given(entry.said("AcctSvcrRef")), len(details) > 1
        place, booked = f"{self.statement} {self.entries}", self.walk.path[2] == BOOKS
        for at, (one, amount, way) in enumerate(self._each(details, whole, currency, sign), 1):
            yield Line(
                self.account, day, amount, currency, one.reference, one.text or more,
                _counterparty(one.names, came_in=(way == CREDIT) != reversal), reversal,
                banks or one.bank_reference, at if several else 0, place, booked,
            )  # fmt: skip

    def _each(
        self, details: Sequence[_Detail], whole: int, currency: str, sign: str
    ) -> Iterator[tuple[_Detail, int | None, str]]:
        """Yield each transaction of an entry with its signed amount.

        Alone in its entry it is what was booked, whatever else it says of other currencies and of
        charges. Of several each says its own; where just one does not, it is the rest.
        """
        if len(details) < 2:
            alone = details[0] if details else _NOTHING
            yield alone, whole if sign == CREDIT else -whole, sign
            return
        ways = [one.sign or sign for one in details]
        amounts = [self._own(one, currency) for one in details]
        signed = [None if amount is None else amount if way == CREDIT else -amount
                  for amount, way in zip(amounts, ways, strict=True)]  # fmt: skip
        if signed.count(None) == 1:
            rest = (whole if sign == CREDIT else -whole) - sum(one or 0 for one in signed)
            at = signed.index(None)
            fits = rest != 0 and (rest > 0) == (ways[at] == CREDIT)
            signed[at] = rest if fits else None
        yield from zip(details, signed, ways, strict=True)

    def _own(self, one: _Detail, currency: str) -> int | None:
        for of, text in one.amounts:
            if of == currency:
                return self._minor(text, of)
        return None

    def _amount(self, node: Node | None) -> tuple[int, str]:
        currency = node.attributes.get("Ccy", "") if node is not None else ""
        return self._minor(node.text if node is not None else "", currency), currency

    def _minor(self, text: str, currency: str) -> int:
        """Return an amount as minor units; zeros past the currency's digits say nothing."""
        found = _AMOUNT.fullmatch(text)
        digits = MINOR_DIGITS.get(currency)
        if digits is None:
            raise self.walk.wrong(f"{currency[:10]!r} is no currency we know")
        whole, part = (found[1] or "", found[2] or "") if found else ("", "")
        if not whole + part or part[digits:].strip("0"):
            raise self.walk.wrong(f"{text[:30]!r} is no amount in {currency}")
        try:
            return minor(f"{whole.lstrip('0') or '0'}.{part[:digits]}".rstrip("."), currency)
        except ValueError:
            raise self.walk.wrong(f"{text[:30]!r} is no amount in {currency}") from None

    def _day(self, entry: Node) -> date | None:
        """Return when an entry was booked, as the bank wrote it; else the day of its value."""
        for name in ("BookgDt", "ValDt"):
            said = entry.said(name, "Dt") or entry.said(name, "DtTm")
            if not said:
                continue
            found = _DAY.fullmatch(said)
            try:
                day = date.fromisoformat(found[1]) if found else None
            except ValueError:
                day = None
            if day is None or not FIRST_DAY <= day <= LAST_DAY:
                raise self.walk.wrong(f"{said[:30]!r} is no day")
            return day
        return None


_NOTHING = _Detail((), "", "", "", ("", "", "", ""))


def _account(node: Node) -> str:
    return (node.said("Id", "IBAN") or node.said("Id", "Othr", "Id")).replace(" ", "")


def _detail(node: Node) -> _Detail:
    structured = [one.text for one in node.all("RmtInf", "Strd", "CdtrRefInf", "Ref") if one.text]
    free = [one.text for one in node.all("RmtInf", "Ustrd") if one.text]
    more = [one.text for one in node.all("RmtInf", "Strd", "AddtlRmtInf") if one.text]
    text = " ".join(free or more) or node.said("AddtlTxInf")
    sign = node.said("CdtDbtInd")
    return _Detail(
        tuple(_amounts(node)), sign if sign in (CREDIT, DEBIT) else "",
        _reference(structured, " ".join([*free, *more]), node), text,
        (_name(node, "Dbtr"), _name(node, "Cdtr"), _name(node, "UltmtDbtr"),
         _name(node, "UltmtCdtr")),
        _given(node.said("Refs", "AcctSvcrRef")),
    )  # fmt: skip


def _amounts(node: Node) -> Iterator[tuple[str, str]]:
    """Yield what a transaction says it is worth, the likeliest to be booked first."""
    for path in (("Amt",), ("AmtDtls", "TxAmt", "Amt"), ("AmtDtls", "CntrValAmt", "Amt"),
                 ("AmtDtls", "InstdAmt", "Amt")):  # fmt: skip
        found = node.at(*path)
        if found is not None:
            yield found.attributes.get("Ccy", ""), found.text


def _reference(structured: Sequence[str], free: str, node: Node) -> str:
    """Return the reference of a transaction; one whose check digits hold is the surest."""
    for one in structured:
        if is_rf_reference(one.upper()):
            return one.upper().replace(" ", "")
    if structured:
        return structured[0]
    found = rf_in(free)
    if found:
        return found
    payers = _given(node.said("Refs", "EndToEndId"))
    return payers.upper().replace(" ", "") if is_rf_reference(payers.upper()) else payers


def _given(text: str) -> str:
    """Return a reference, or nothing where it only says that there is none."""
    return "" if text.upper() in NOTHING else text


def rf_in(text: str) -> str:
    """Return the creditor reference in a text, without its spaces; empty where there is none.

    Examples:
        >>> rf_in("thank you RF18 5390 0754 7034 kind regards")
        'RF18539007547034'
    """
    for found in _RF.finditer(text.upper()):
        groups, whole = found[0].split(" "), ""
        for count in range(1, len(groups) + 1):
            packed = "".join(groups[:count])
            if len(packed) > 4 and is_rf_reference(packed):
                whole = packed  # the longest that holds: it is printed in groups, and words follow
        if whole:
            return whole
    return ""


def _counterparty(names: tuple[str, str, str, str], *, came_in: bool) -> str:
    """Return who is on the other side; roles stay those of the first payment when it comes back."""
    debtor, creditor, last_debtor, last_creditor = names
    order = (debtor, last_debtor, creditor, last_creditor) if came_in else (
        creditor, last_creditor, debtor, last_debtor)  # fmt: skip
    return next((name for name in order if name), "")


def _name(node: Node, role: str) -> str:
    return node.said("RltdPties", role, "Nm") or node.said("RltdPties", role, "Pty", "Nm")
