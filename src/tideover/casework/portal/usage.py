"""What somebody used, against last year and homes like theirs, and what that may cost next.

Only what a night published is known here. A comparison that nobody published is not made up.
"""

from __future__ import annotations

from dataclasses import dataclass

from tideover.casework.cases.models import Account, UsageSeen
from tideover.casework.payments.arranging import usual_bill_minor
from tideover.casework.portal.journeys.paying_later import usual_minor

KNOWN = ("water", "electricity", "gas")
# What a household saves a month, in thousandths of its usual bill, by doing one thing.
# Orders of size for a household, ours: a shower of five minutes, a full machine, a dripping tap.
TIPS = {"water": (60, 25, 30), "electricity": (50, 40, 25), "gas": (70, 50, 40)}
ANY = "any"
A_YEAR = 12
LEAST, MOST = 0.5, 2.0  # of the usual bill: past that, an estimate says more of its data


@dataclass(frozen=True)
class Usage:
    """What is known of somebody's use.

    Args:
        more_percent: How much more than the same months a year before; negative is less.
        own_percent: The same, with what changed for everybody around taken out: mostly weather.
        similar_percent: How much more than the median of homes like theirs, nearby.
        months: Name as `2026-05`, use, and a year before; the newest last.
        next_minor: About what the next bill will be.
        tips_minor: What each tip may save a month.
    """

    commodity: str
    unit: str
    more_percent: int | None
    own_percent: int | None
    similar_percent: int | None
    used: float | None
    similar: float | None
    months: tuple[tuple[str, float, float | None], ...]
    next_minor: int | None
    tips_minor: tuple[int, ...]


def usage_of(account: Account) -> Usage:
    """Return what is known of an account's use."""
    seen = UsageSeen.objects.filter(pk=account.pk).first() or UsageSeen(account=account)
    usual = usual_bill_minor(account) or usual_minor(account)
    kind = account.commodity if account.commodity in KNOWN else ANY
    shares = TIPS.get(kind, (40, 30, 20))
    tips = tuple(max(1, usual * share // 1000) for share in shares) if usual else ()
    ratio = seen.used / seen.year_before if seen.used and seen.year_before else None
    own = ratio / seen.around if ratio and seen.around else None
    similar = seen.used / seen.alike if seen.used and seen.alike else None
    months = tuple((str(name), float(used), before) for name, used, before in seen.months)
    return Usage(kind, seen.unit, _percent(ratio), _percent(own), _percent(similar), seen.used,
                 seen.alike, months[-A_YEAR:], next_bill(usual, months, ratio), tips)  # fmt: skip


def _percent(ratio: float | None) -> int | None:
    return None if ratio is None else round((ratio - 1) * 100)


def next_bill(
    usual: int | None, months: tuple[tuple[str, float, float | None], ...], ratio: float | None
) -> int | None:
    """Return about what the next bill will be: by the season of last year and the use of this one.

    Without a year of months it is the usual bill.

    Examples:
        >>> next_bill(10_000, tuple((f"2026-{m:02}", 10.0, None) for m in range(1, 13)), None)
        10000
    """
    if not usual or len(months) < A_YEAR:
        return usual or None
    used = [month[1] for month in months[-A_YEAR:]]
    mean = sum(used) / A_YEAR
    if mean <= 0:
        return usual
    share = used[0] / mean * (ratio or 1)  # the oldest of twelve is next month, a year ago
    return round(usual * min(max(share, LEAST), MOST))
