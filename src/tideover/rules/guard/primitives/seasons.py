"""season_ban: a part of the year in which something is not done, or only after further duties."""

from __future__ import annotations

from datetime import date

from tideover.rules.guard.days import any_year, month_day, next_month_day, plus, season_began
from tideover.rules.guard.primitives.clause import Evaluate, Outcome, Terms, until
from tideover.rules.guard.primitives.holds import hold
from tideover.rules.guard.scenario import Moment


def season_ban(terms: Terms) -> Evaluate:
    """Wait for the season's end; with `deny` or `until` stated, those hold within the season.

    Values `begins` and `through` (its last day) or `ends` (the first day after it). `extended` is
    the fact of a day through which this season goes on.
    """
    duties = hold(terms) if terms.has("deny") or terms.has("until") else None
    begins = terms.value("begins", any_year)
    through = terms.value("through", any_year) if terms.has_value("through") else None
    ends = None if through else terms.value("ends", any_year)
    extended = terms.path("extended") if terms.has("extended") else None

    def evaluate(moment: Moment) -> Outcome:
        began = season_began(begins(moment), moment.day)
        if through is not None:
            over = plus(next_month_day(through(moment), began), 1)
        else:
            over = next_month_day(ends(moment), plus(began, 1)) if ends else began
        if extended:
            over = _extended(over, began, moment.flat.get(extended))
        if duties is not None:
            return duties(moment) if moment.day < over else None
        return until(moment, over)

    return evaluate


def _extended(over: date, began: date, through: date | None) -> date:
    """Return the end of a season that was prolonged; another season's word changes nothing."""
    if through is None or not began <= through < month_day(f"{began:%m-%d}", began.year + 1):
        return over
    return max(over, plus(through, 1))
