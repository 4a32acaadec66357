"""Replies as the inbox asks about them, understood by the words and examples we ship."""

from __future__ import annotations

from datetime import date

from tideover.casework.outreach.inbox.hearing import Understood, Unread
from tideover.casework.outreach.replies.understanding import understand


def understood(text: str, language: str, on: date) -> Understood:
    """Return what a reply means; what it proposes waits for a person."""
    said = understand(text, on=on, lang=language.split("-")[0] or None)
    minor = None
    if said.amount is not None:
        minor = said.amount.minor_units
    return Unread(
        said.opt_out, said.intent, said.confidence, said.sentiment, said.lang or "",
        said.to_person, said.first, said.promise_on, minor,
    )  # fmt: skip
