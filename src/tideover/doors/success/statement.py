"""A month's statement: payments that a written rule attributes, what is charged and given back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import pyarrow as pa

from tideover.doors.findings.standing import OUTCOMES, standing_lift
from tideover.doors.night.desk import open_lake
from tideover.doors.success.followed import attributed_payments, left_of
from tideover.doors.success.shelf import (
    CHARGE,
    CREDIT,
    LINES,
    every_line,
    issued,
    keep,
    read_lines,
    read_sums,
)
from tideover.portfolio.files import one_at_a_time
from tideover.portfolio.lake import Lake
from tideover.portfolio.workspace import Workspace
from tideover.rules.success import (
    INCREMENTAL,
    LINK,
    Added,
    Terms,
    added,
    charges,
    check_terms,
    fee_of,
)
from tideover.terms.calendar import days, month_end_before
from tideover.terms.faults import Usage
from tideover.terms.money import minor

LONGEST_DAYS = 60  # before a payment that its message may lie
NO_EVIDENCE = "No night's thirty days are over by the end of the month: nothing is charged."
EVIDENCE = "paid_anything"  # what the hold-out is compared in


@dataclass(frozen=True)
class Statement:
    """A month's lines and sums.

    Args:
        anew: Whether it was issued now, and not before.
    """

    lines: pa.Table
    sums: dict[str, Any]
    anew: bool


def terms_of(workspace: Workspace) -> Terms:
    """Return what was agreed, from the settings.

    Raises:
        Usage: An amount is none, or terms say what cannot be.
    """
    said, currency = workspace.settings.success, workspace.settings.utility.currency
    try:
        fee, payment, month = (minor(text, currency) for text in
                               (said.fee, said.cap_payment, said.cap_month))  # fmt: skip
        found = Terms(said.rule, said.window_days, fee, Decimal(said.share), payment, month)
    except (ValueError, InvalidOperation):
        raise Usage("An amount cannot be read", where="tideover.toml [success]",
                    mend='Write it as fee = "1.50", share = "0.05"') from None  # fmt: skip
    check_terms(found)
    return found


def statement(workspace: Workspace, month: str, *, keep_it: bool = True) -> Statement:
    """Return a month's statement; one that was issued stays as it is.

    A payment is charged once, whatever the rule was then and is now: one that any statement lists
    is never listed again. What came late is in the next statement; what went back is credited in
    the month in which that is seen.

    Raises:
        Usage: The month is none, not over, or a later one was issued.
    """
    _month(month)
    if month in issued(workspace):
        return Statement(read_lines(workspace, month), read_sums(workspace, month), anew=False)
    lake, terms = open_lake(workspace), terms_of(workspace)
    if not keep_it:
        return _made(workspace, lake, terms, month=month)
    workspace.success.mkdir(exist_ok=True)
    with one_at_a_time(workspace.success / ".lock", work="success", where=workspace.root):
        found = _made(workspace, lake, terms, month=month)
        keep(workspace, month, found.lines, found.sums)
    return found


def _made(workspace: Workspace, lake: Lake, terms: Terms, *, month: str) -> Statement:
    first, last = _month(month)
    _check_order(workspace, lake, month, last)
    before = every_line(workspace)
    evidence = _evidence(workspace, terms, last)
    start = min([first, *(date.fromisoformat(f"{one}-01") for one in issued(workspace)[:1])])
    found = _candidates(workspace, lake, terms, before=before, span=(start, last))
    charged = _charged(found, terms, evidence[0], month)
    back = _credits(workspace, lake, before, month=month, last=last)
    lines = pa.Table.from_pylist([*charged, *back], LINES)
    sums = _sums(workspace, terms, lines, evidence=evidence, month=month)
    return Statement(lines, sums, anew=True)


def _month(text: str) -> tuple[date, date]:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Usage(f"{text!r} is no month", where="--month", mend="Write it as 2026-03") from None
    return first, month_end_before(first, 0)


def _check_order(workspace: Workspace, lake: Lake, month: str, last: date) -> None:
    loaded = date.fromisoformat(lake.manifest.loads[-1]["day"])
    if last > loaded:
        raise Usage(f"{month} is not over in what was loaded, up to {loaded}", where="--month",
                    mend="Load an export of a day after it")  # fmt: skip
    later = [one for one in issued(workspace) if one > month]
    if later:
        raise Usage(f"The statement of {later[0]} was issued already", where="--month",
                    mend=f"What {month} would say is in it")  # fmt: skip


def _evidence(workspace: Workspace, terms: Terms, last: date) -> tuple[Added, str]:
    """Return which part of payments is charged, and in a sentence what that rests on."""
    if terms.rule != INCREMENTAL:
        return Added(Fraction(1), Fraction(1), Fraction(1)), ""
    found = standing_lift(workspace, last).compared.get(EVIDENCE)
    if found is None:
        return Added(Fraction(0), Fraction(0), Fraction(0)), NO_EVIDENCE
    return added(found.treated, found.held), f"{OUTCOMES[EVIDENCE].capitalize()}: {found.sentence}"


def _candidates(
    workspace: Workspace, lake: Lake, terms: Terms, *, before: pa.Table, span: tuple[date, date]
) -> list[dict[str, Any]]:
    """Return payments of some days that the rule attributes and no statement lists, in order.

    Of a month whose statement was issued only what came since: a new rule changes no old month.
    """
    first, last = span
    listed = set(before["payment_id"].to_pylist())
    own = workspace.settings.utility.currency
    rows = attributed_payments(workspace, lake, first - days(2 * LONGEST_DAYS), last).to_pylist()
    told = {one: read_sums(workspace, one)["load_no"] for one in issued(workspace)}
    kept = [row for row in rows if first <= row["received_on"] <= last
            and row["payment_id"] not in listed and row["currency"] == own
            and row["load_no"] > told.get(f"{row['received_on']:%Y-%m}", 0)
            and _counts(row, terms)]  # fmt: skip
    return sorted(kept, key=lambda row: (row["received_on"], row["payment_id"]))


def _counts(row: Mapping[str, Any], terms: Terms) -> bool:
    if row["joined_by"] == LINK:
        return True
    since = (row["received_on"] - row["sent_on"]).days
    return terms.rule != LINK and since <= terms.window_days


def _charged(
    rows: list[dict[str, Any]], terms: Terms, part: Added, month: str
) -> list[dict[str, Any]]:
    fees = [fee_of(terms, row["amount_minor"]) for row in rows]
    sums = charges(fees, part.part, room_minor=terms.cap_month_minor or None)
    found = []
    for row, fee, due in zip(rows, fees, sums, strict=True):
        late = f"{row['received_on']:%Y-%m}" < month
        because = "it came late into the export" if late else ""
        found.append({name: row.get(name) for name in LINES.names} | {
            "month": month, "kind": CHARGE, "decided_on": row["as_of"], "rule": terms.rule,
            "fee_minor": fee, "charged_minor": due, "because": because})  # fmt: skip
    return found


def _credits(
    workspace: Workspace, lake: Lake, before: pa.Table, *, month: str, last: date
) -> list[dict[str, Any]]:  # fmt: skip
    """Return what is given back: what was charged, less what the payment as it stands would be."""
    rows = before.to_pylist()
    owed: Counter[str] = Counter()  # charged and not given back yet
    for row in rows:
        owed[row["payment_id"]] += row["charged_minor"]
    charged = {row["payment_id"]: row for row in rows
               if row["kind"] == CHARGE and owed[row["payment_id"]] > 0}  # fmt: skip
    left = left_of(lake, set(charged), last) if charged else {}
    found = []
    for name, (amount, why) in sorted(left.items()):
        back = owed[name] - _due(workspace, charged[name], amount)
        if back > 0:
            found.append(charged[name] | {"month": month, "kind": CREDIT, "because": why,
                                          "charged_minor": -back})  # fmt: skip
    return found


def _due(workspace: Workspace, line: Mapping[str, Any], amount: int) -> int:
    """Return what a line would have charged for another amount, by the terms of its month."""
    if amount >= line["amount_minor"]:
        return int(line["charged_minor"])
    said = read_sums(workspace, line["month"])["terms"]
    whole = {name: int(said[name]) for name in Terms._fields if name not in {"rule", "share"}}
    fee = fee_of(Terms(rule=said["rule"], share=Decimal(said["share"]), **whole), amount)
    return int(line["charged_minor"] * fee // line["fee_minor"])


def _sums(
    workspace: Workspace, terms: Terms, lines: pa.Table, *, evidence: tuple[Added, str], month: str
) -> dict[str, Any]:
    rows, (part, sentence) = lines.to_pylist(), evidence
    charged = [row for row in rows if row["kind"] == CHARGE]
    whole = sum(row["fee_minor"] for row in charged)
    totals = {name: sum(row["charged_minor"] for row in rows if row["kind"] == name)
              for name in (CHARGE, CREDIT)}  # fmt: skip
    return {
        "month": month, "currency": workspace.settings.utility.currency, "rule": terms.rule,
        "terms": {name: str(value) for name, value in terms._asdict().items()},
        "payments": len(charged), "paid_minor": sum(row["amount_minor"] for row in charged),
        "fees_minor": whole, "charged_minor": totals[CHARGE], "credited_minor": totals[CREDIT],
        "credits": len(rows) - len(charged), "due_minor": sum(totals.values()),
        "part": round(float(part.part), 4), "part_low": round(float(part.low), 4),
        "part_high": round(float(part.high), 4), "evidence": sentence,
        "load_no": open_lake(workspace).manifest.loads[-1]["load_no"],
        "low_minor": int(whole * part.low), "high_minor": int(whole * part.high),
    }  # fmt: skip
