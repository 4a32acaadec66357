"""Rows that were not taken in, and the accounts nobody is chased on because of them."""

from __future__ import annotations

from tideover.doors.report import blocks
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.morning import Morning
from tideover.doors.report.words import count
from tideover.portfolio.situations.unread import told

MOST_SHOWN = 50
MOST_FACTS = 20


def inside(morning: Morning) -> Html:
    """Return the section's inside; no value of any row is shown."""
    faults = sorted(morning.quarantine.items(), key=lambda each: (-each[1], each[0]))
    rows = [(table, column, reason, count(n)) for (table, column, reason), n in faults]
    quarantined = sum(morning.quarantine.values())
    if not quarantined and not morning.in_doubt:
        return joined(
            el("p", "Every row of every load was taken in. No account is in doubt."),
            _unread(morning),
        )
    listing = blocks.table(
        f"Rows in quarantine, as the lake stands for {morning.day}",
        ("Table", "Column", "Reason", "Rows"), rows[:MOST_SHOWN], words=3,
    )  # fmt: skip
    return joined(
        el("p", el("strong", count(quarantined, "row")), " could not be taken in. They wait in "
           "quarantine until a later export mends them; none of their contents is shown here. "
           "The command ", el("code", "tideover quarantine"), " lists them for whoever mends "
           "them."),
        el("p", el("strong", count(morning.in_doubt, "account")), " in doubt: a bill, payment or "
           "adjustment of theirs is in quarantine, so what they owe may be wrong. They are shown "
           "in every figure above, and nobody is chased on them."),
        blocks.folded(f"{count(len(rows), 'kind')} of fault", listing)
        if len(rows) > blocks.LONG_ROWS else listing,
        el("p", f"{count(len(rows) - MOST_SHOWN)} more kinds are not shown.")
        if len(rows) > MOST_SHOWN else [],
        _unread(morning),
    )  # fmt: skip


def _unread(morning: Morning) -> Html | list[Html]:
    """Return which facts of the utility's own say nothing to the guard."""
    if not morning.unread:
        return []
    named = told(morning.unread)
    more = f"; and {count(len(named) - MOST_FACTS)} more" if len(named) > MOST_FACTS else ""
    return el("p", el("strong", "Facts that no rule reads: "), "; ".join(named[:MOST_FACTS]), more,
              ". They are kept and change nothing: a name may be misspelt, or its rule is in no "
              "rulebook here.")  # fmt: skip
