"""A statement as a page to print, and as a CSV file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from tideover.doors.report import blocks
from tideover.doors.report.frame import Part, framed
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.words import amount, count, day, plain, short_month
from tideover.doors.success.shelf import CHARGE, CREDIT, LINES
from tideover.doors.success.statement import Statement
from tideover.rules.success import INCREMENTAL, LINK
from tideover.terms import money

MOST_LINES = 500  # on the page; the CSV file has all
CELLS = tuple(name.removesuffix("_minor") for name in LINES.names)


def cells(found: Statement) -> Iterator[list[Any]]:
    """Yield the lines as cells of text; money is decimal, a credit is below zero."""
    for row in found.lines.to_pylist():
        yield [money.text(row[f"{name}_minor"], row["currency"]) if f"{name}_minor" in row
               else "" if row[name] is None else row[name] for name in CELLS]  # fmt: skip


def page(found: Statement) -> str:
    """Return the whole page."""
    sums = found.sums
    month = date.fromisoformat(f"{sums['month']}-01")
    named = day(month).split("\u00a0", 1)[1].replace("\u00a0", " ")
    parts = (
        Part("due", "What is due", "What is due", _due(sums)),
        Part("rule", "The rule", "By which rule", _rule(sums)),
        Part("lines", "Lines", "Every line", _lines(found)),
    )
    return framed(f"Success statement, {named}",
                  "Payments that followed a message, what is charged for them, and what is given "
                  "back.", parts, "Accounts are named by their own numbers; names and addresses "
                  "are not on this page.")  # fmt: skip


def _due(sums: dict[str, Any]) -> Html:
    own = sums["currency"]
    rows = [
        ("Payments that followed a message", count(sums["payments"]),
         amount(sums["paid_minor"], own)),
        ("Fees for them", "", amount(sums["fees_minor"], own)),
        ("Charged", "", amount(sums["charged_minor"], own)),
        ("Given back, for payments that went back", count(sums["credits"]),
         amount(sums["credited_minor"], own)),
        ("Due", "", amount(sums["due_minor"], own)),
    ]  # fmt: skip
    table = blocks.table("Sums of the month", ("", "Payments", "Sum"), rows)
    answer = el("p", el("strong", f"{amount(sums['due_minor'], own)} is due."), class_="answer")
    return joined(answer, table)


def _rule(sums: dict[str, Any]) -> Html:
    terms, own = sums["terms"], sums["currency"]
    which = "The payment names the message that it followed (its contact_id)." if (
        sums["rule"] == LINK) else (
        "The payment names the message, or names none and came within "
        f"{terms['window_days']} days of the last message before it.")  # fmt: skip
    said = [
        which, "A payment belongs to one message, and is charged once, whatever the rule was when.",
        f"The fee is {amount(int(terms['fee_minor']), own)} and {terms['share']} of the payment, "
        "never more than the payment, and rounded down.",
        *_caps(terms, own),
        "A payment that went back is not charged; one that was charged before is given back in the "
        "month in which that is seen.",
    ]  # fmt: skip
    if sums["rule"] == INCREMENTAL:
        said.append(
            f"Only the part is charged that would not have paid anyway: {sums['part']:.1%}, "
            f"95% interval {sums['part_low']:.1%} to {sums['part_high']:.1%}, which would be "
            f"{amount(sums['low_minor'], own)} to {amount(sums['high_minor'], own)}. "
            f"{sums['evidence']}"
        )
    else:
        said.append("It does not say how many would have paid without a message: many would.")
    return el("ul", (el("li", each) for each in said))


def _caps(terms: dict[str, str], own: str) -> Iterator[str]:
    for name, of in (("cap_payment_minor", "a payment"), ("cap_month_minor", "the month")):
        if int(terms[name]):
            yield f"For {of} at most {amount(int(terms[name]), own)}."


def _lines(found: Statement) -> Html:
    rows = found.lines.to_pylist()
    shown = [(row["payment_id"], row["account_id"], row["decision_id"], _how(row),
              _short(row["sent_on"]), _short(row["received_on"]),
              amount(row["amount_minor"], row["currency"]),
              amount(row["charged_minor"], row["currency"]))
             for row in rows[:MOST_LINES]]  # fmt: skip
    kinds = Counter(row["kind"] for row in rows)
    words = f"{count(kinds[CHARGE], 'charge')}, {count(kinds[CREDIT], 'credit')}"
    more = f"; the first {MOST_LINES}, the CSV file has all" if len(rows) > MOST_LINES else ""
    columns = ("Payment", "Account", "Decision", "Message", "Sent", "Paid", "Amount", "Charged")
    note = el("p", "Why a decision was taken: tideover explain WORKSPACE ACCOUNT --as-of DATE.")
    return joined(note, blocks.table(f"{words}{more}", columns, shown, words=6) if rows else
                  el("p", "No payment followed a message."))  # fmt: skip


def _how(row: dict[str, Any]) -> str:
    if row["kind"] == CREDIT:
        return f"{plain(row['channel'] or '')}; {row['because']}"
    late = f"; {row['because']}" if row["because"] else ""
    return f"{plain(row['channel'] or '')}, by {row['joined_by']}{late}"


def _short(when: date) -> str:
    return f"{when.day} {short_month(when)}"
