"""What the page's words mean."""

from __future__ import annotations

from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.morning import Morning

WORDS = {
    "Past due, arrears": "Billed and not paid by the end of the due date. A later date agreed "
    "with the customer changes how they are treated, not what is past due.",
    "Account-day": "One account in arrears on one past day that was looked at. An account can "
    "count on several days.",
    "Paid in full": "Money that came in within 30 days reaches what was past due on the day. "
    "Write-offs and credits do not count as paying.",
    "Zone": "A band of what is past due. Up as soon as it passes a threshold; down only when it is "
    "a tenth below, so that nobody is moved to and fro by small change.",
    "Clear": "Nothing past due.",
    "Threshold": "The balance above which the next zone begins.",
    "95% interval": "If the past could be drawn again many times, about 95 of 100 such intervals "
    "would hold the true value. Narrow: rely on it. Wide: take it as a hint. Where two intervals "
    "overlap, the difference may be chance.",
    "Score": "A likelihood. Of 100 accounts with a score of 70%, about 70 should do it.",
    "Held out": "A small, random, standing group that is not contacted. Only they show what "
    "would have happened anyway.",
    "In doubt": "A row of the account could not be taken in, so its balance may be wrong.",
    "Surprise saved": "How much better thresholds foretell who pays than no thresholds do, on "
    "accounts they were not learnt from (share of deviance). One percent is little, ten is much.",
    "Currencies": "Amounts are never added up across currencies.",
}


def inside(morning: Morning) -> Html:
    """Return the section's inside."""
    words = [joined(el("dt", word), el("dd", meaning)) for word, meaning in WORDS.items()]
    return joined(el("dl", words), el("p", f"All of it as of the end of {morning.day}."))
