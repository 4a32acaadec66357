"""What somebody used, against last year, and what that may cost next.

Only what a night published is known here: a ratio to the same months of last year, and bills. A
comparison that nobody published is not made up.
"""

from __future__ import annotations

from dataclasses import dataclass

from tideover.casework.cases.models import Account, Standing
from tideover.casework.portal.journeys.paying_later import usual_minor

KNOWN = ("water", "electricity", "gas")
# What a household saves a month, in thousandths of its usual bill, by doing one thing.
# Orders of size for a household, ours: a shower of five minutes, a full machine, a dripping tap.
TIPS = {"water": (60, 25, 30), "electricity": (50, 40, 25), "gas": (70, 50, 40)}
ANY = "any"


@dataclass(frozen=True)
class Usage:
    """What is known of somebody's use.

    Args:
        more_percent: How much more than the same months a year before; negative is less.
        next_minor: About what the next bill will be.
        tips_minor: What each tip may save a month.
    """

    commodity: str
    more_percent: int | None
    next_minor: int | None
    tips_minor: tuple[int, ...]


def usage_of(account: Account) -> Usage:
    """Return what is known of an account's use."""
    standing = Standing.objects.filter(pk=account.pk).first()
    told = standing.inputs if standing else {}
    ratio, usual = told.get("usage_ratio"), usual_minor(account)
    kind = account.commodity if account.commodity in KNOWN else ANY
    shares = TIPS.get(kind, (40, 30, 20))
    tips = tuple(max(1, usual * share // 1000) for share in shares) if usual else ()
    return Usage(kind, round((ratio - 1) * 100) if ratio else None, usual, tips)
