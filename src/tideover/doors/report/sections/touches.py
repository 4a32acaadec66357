"""What came before the payments: first and last touch, told as stories."""

from __future__ import annotations

from collections.abc import Sequence

from tideover.doors.findings.stories import Story
from tideover.doors.report import blocks
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.words import amount, count, of_all, plain


def told_of(stories: Sequence[Story]) -> Html:
    """Return the payments of the last days by the channel of their first and last contact."""
    if not stories:
        return joined()
    every = sum(one.last for one in stories)
    touched = sum(one.last for one in stories if one.channel)
    lead = (
        f"Of {count(every, 'payment')} in these days {count(touched)} ({of_all(touched, every)}) "
        "came within sixty days after a message, a call or a letter, whoever sent it. Which of "
        "these came first and which last is a story about a payment, and no effect: most would "
        "have been paid anyway. What outreach added is said above, from the hold-out alone."
    )
    rows = [(plain(one.channel) if one.channel else "Nothing came before", count(one.first),
             amount(one.first_minor, one.currency), count(one.last),
             amount(one.last_minor, one.currency)) for one in stories]  # fmt: skip
    columns = ("Channel", "Payments it came first before", "Their money",
               "Payments it came last before", "Their money")  # fmt: skip
    numbers = blocks.table("First and last touch before payments, by channel", columns, rows)
    return joined(el("h3", "What came before the payments: a story, not an effect"), el("p", lead),
                  blocks.folded("First and last touch, by channel", numbers))  # fmt: skip
