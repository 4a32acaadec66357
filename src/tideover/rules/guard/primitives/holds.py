"""Rules that hold while a fact does: denied, or until a day.

Most types of the catalogue are this: status_hold, prohibited_recipient, approval, plan_first,
plan_terms, min_debt, consent, opt_out, delivery_form, weather_ban, credit_reporting, data_sharing,
human_review, retention, portfolio_cap. What differs is what they ask, and the rulebook says that.
"""

from __future__ import annotations

from tideover.rules.guard.primitives.clause import NEVER, Evaluate, Outcome, Terms, until
from tideover.rules.guard.scenario import Moment


def hold(terms: Terms) -> Evaluate:
    """Deny where `deny` holds, else wait for `until`; with neither, deny."""
    deny = terms.test("deny").run if terms.has("deny") else None
    ends = terms.run("until") if terms.has("until") else None
    if deny is None and ends is None:
        return lambda moment: NEVER
    if deny is None and ends is not None:
        return lambda moment: until(moment, ends(moment))

    def evaluate(moment: Moment) -> Outcome:
        if deny is not None and deny(moment):
            return NEVER
        return until(moment, ends(moment)) if ends is not None else None

    return evaluate


def min_notice(terms: Terms) -> Evaluate:
    """Deny where no such `notice` was given; else as a hold does (`deny`, `until`)."""
    if not terms.has("notice"):
        return hold(terms)
    given = terms.events("notice")
    rest = hold(terms) if terms.has("deny") or terms.has("until") else None

    def evaluate(moment: Moment) -> Outcome:
        if not given(moment):
            return NEVER
        return rest(moment) if rest else None

    return evaluate
