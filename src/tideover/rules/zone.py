"""Green, yellow, red from fitted thresholds; what "entering yellow" means; no flapping.

A zone is worked out from the facts each time, by walking the arrears at the last month ends up to
now; it is never chained from what a former night said, so no step can be skipped or lost.
This is the scalar reference; `portfolio.zones` does the same for millions, and a test compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tideover.terms.calendar import month_end_before

ZONES = ("green", "yellow", "red")
MARKS = 12  # month ends looked back on
FAST_DAYS = 30  # a threshold reached within these days is reached fast


@dataclass(frozen=True)
class Place:
    """Where an account stands.

    Args:
        zone: 0 green, 1 yellow, 2 red.
        entered: Place in the path where it came into this zone; None when it was there all along.
    """

    zone: int
    entered: int | None


def way_back_minor(at_minor: int) -> int:
    """Return the arrears at which an account above a threshold counts as below it again.

    A tenth below the threshold. A late fee, a small part payment or one estimated bill moves a
    balance by a few per cent: that must not move a person to and fro. The threshold's own interval
    does not serve: it says how sure the threshold is, not how much balances wobble. A wide one
    would hold people in red who paid half, and one of no width would let them flap.

    Examples:
        >>> way_back_minor(120_00)
        10800
    """
    return at_minor - at_minor // 10


def place(path_minor: Sequence[int], thresholds_minor: Sequence[int]) -> Place:
    """Return the zone at the end of a path of arrears, and since when.

    Up a zone as soon as arrears are more than its threshold; down only at a tenth below it.

    Args:
        path_minor: Arrears in order of time, the last is now; minor units, zero or more.
        thresholds_minor: The largest arrears of green, and of yellow; ascending.

    Examples:
        >>> place([0, 130_00, 115_00], (120_00, 400_00)), place([0, 115_00], (120_00, 400_00))
        (Place(zone=1, entered=1), Place(zone=0, entered=None))
    """
    zone, entered = 0, None
    for step, arrears in enumerate(path_minor):
        before = zone
        while zone < len(thresholds_minor) and arrears > thresholds_minor[zone]:
            zone += 1
        while zone > 0 and arrears <= way_back_minor(thresholds_minor[zone - 1]):
            zone -= 1
        if zone != before:
            # At the first mark nobody knows since when it was so.
            entered = step or None
    return Place(zone, entered)


def entered_on(entered: int | None, as_of: date, *, marks: int = MARKS) -> date | None:
    """Return the month end, or the day itself, on which a path shows the zone was entered.

    Examples:
        >>> entered_on(12, date(2026, 3, 15)), entered_on(11, date(2026, 3, 15))
        (datetime.date(2026, 3, 15), datetime.date(2026, 2, 28))
    """
    if entered is None:
        return None
    return as_of if entered == marks else month_end_before(as_of, marks - entered)


def days_to_next(
    zone: int, arrears_minor: int, thresholds_minor: Sequence[int], speed_minor_per_day: float
) -> float | None:
    """Return the days until arrears reach the next threshold at the present speed.

    None in the last zone, and while arrears stand still or fall.

    Examples:
        >>> days_to_next(0, 100_00, (120_00, 400_00), 2_00.0)
        10.0
    """
    if zone >= len(thresholds_minor) or speed_minor_per_day <= 0:
        return None
    return (thresholds_minor[zone] - arrears_minor) / speed_minor_per_day


def entering_yellow_fast(
    zone: int, arrears_minor: int, days: float | None, *, just_arrived: bool
) -> bool:
    """Say whether an account is entering yellow fast.

    On the way: in arrears, still green, and yellow within 30 days at the present speed.
    Just arrived: yellow since the last month end, in a first spell of arrears.

    Examples:
        >>> entering_yellow_fast(0, 100_00, 10.0, just_arrived=False)
        True
    """
    on_the_way = zone == 0 and arrears_minor > 0 and days is not None and days <= FAST_DAYS
    return on_the_way or (zone == 1 and just_arrived)
