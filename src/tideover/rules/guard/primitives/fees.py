"""fee_cap: what may be charged, by a scale, or together with what was charged in a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tideover.rules.guard.days import plus, years_after
from tideover.rules.guard.meaning import Unclear
from tideover.rules.guard.primitives.clause import NEVER, Evaluate, Outcome, Terms, until
from tideover.rules.guard.primitives.holds import hold
from tideover.rules.guard.scenario import Event, Moment

CENT = Decimal("0.01")
Bands = Sequence[Mapping[str, Any]]


def fee_cap(terms: Terms) -> Evaluate:
    """Deny an amount above a scale of `bands`, or wait until a year's `charged` leave room.

    With neither it is a hold (`deny`).
    """
    if terms.has("bands"):
        return _scale(terms)
    return _yearly(terms) if terms.has("charged") else hold(terms)


def _scale(terms: Terms) -> Evaluate:
    """Deny above the scale `of` a sum, not below `least`, not above `most`, times `factor`."""
    bands, of = terms.words("bands"), terms.path("of")
    for band in bands:
        if not isinstance(band, dict) or not set(band) <= {"up_to", "base", "pct"}:
            raise Unclear("a band has up_to, base and pct")
        if not all(type(amount) in (int, Decimal) for amount in band.values()):
            raise Unclear("what a band has are numbers")
    least, most, factor = (
        terms.value(name) if terms.has_value(name) else None for name in ("least", "most", "factor")
    )
    if_factor = terms.test("factor_if").run if terms.has("factor_if") else None

    def evaluate(moment: Moment) -> Outcome:
        owed = moment.flat.get(of)
        if owed is None:
            return None
        cap = on_scale(Decimal(owed), bands)
        cap = max(cap, least(moment)) if least else cap
        cap = min(cap, most(moment)) if most else cap
        if factor and (if_factor is None or if_factor(moment)):
            cap = cap * factor(moment)
        cap = Decimal(cap).quantize(CENT, ROUND_HALF_UP)
        return NEVER if moment.flat["action.amount"] > cap else None

    return evaluate


def on_scale(owed: Decimal, bands: Bands) -> Decimal:
    """Return what a scale gives: each band's share of what lies in it, from its base on.

    A band without a base goes on from the end of the one before.

    Examples:
        >>> bands = [{"up_to": 2500, "pct": 15}, {"up_to": 5000, "pct": 10}, {"pct": 5}]
        >>> on_scale(Decimal(3000), bands)
        Decimal('425')
    """
    lower, so_far = Decimal(0), Decimal(0)
    for band in bands:
        so_far = Decimal(band.get("base", so_far))
        upper = band.get("up_to")
        inside = owed if upper is None else min(owed, Decimal(upper))
        so_far += max(inside - lower, Decimal(0)) * band.get("pct", 0) / 100
        if upper is None or owed <= upper:
            break
        lower = Decimal(upper)
    return so_far


def _yearly(terms: Terms) -> Evaluate:
    """Deny more than `most` at once; wait until the last twelve months leave room for it."""
    charged, most = terms.events("charged"), terms.value("most")

    def evaluate(moment: Moment) -> Outcome:
        amount, cap = moment.flat["action.amount"], most(moment)
        if amount > cap:
            return NEVER
        counting = [e for e in charged(moment) if e.day > years_after(moment.day, -1)]
        return until(moment, _room_on(counting, cap - amount))

    return evaluate


def _room_on(events: Sequence[Event], room: Any) -> Any:
    """Return the first day on which what is still counted leaves room; none if there is now."""
    total = sum(event.facts["amount"] for event in events)
    if total <= room:
        return None
    for index, event in enumerate(events):
        total -= event.facts["amount"]
        same_day = index + 1 < len(events) and events[index + 1].day == event.day
        if total <= room and not same_day:
            gone = years_after(event.day, 1)
            return gone if years_after(gone, -1) >= event.day else plus(gone, 1)
    return None
