"""What a fit of zones found, as it is saved under models/ and shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any, Literal

from tideover.portfolio.zones.counts import Bands
from tideover.rules.zone import ZONES
from tideover.terms import money

Z95 = 1.959964

# learnt: found in the data and worth it. flat: enough data, but no drop that is more than chance.
# too_few: not enough customer-snapshots. fixed: no history at all in this currency.
# All but learnt have the thresholds the utility stated in the currency, or none.
Status = Literal["learnt", "fixed", "flat", "too_few"]


@dataclass(frozen=True)
class Threshold:
    """A balance above which the next zone begins, with its 95 % interval; minor units."""

    at_minor: int
    low_minor: int
    high_minor: int
    fixed: bool = False  # the utility's own, not learnt


@dataclass(frozen=True)
class Rate:
    """How many customer-snapshots of a zone paid in full."""

    n: int
    paid: int

    @property
    def share(self) -> float | None:
        """Return the share that paid; None of nobody."""
        return self.paid / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % Wilson interval of the share.

        Examples:
            >>> [round(end, 3) for end in Rate(10, 0).interval]
            [0.0, 0.278]
        """
        if not self.n:
            return 0.0, 1.0
        share, z2n = self.paid / self.n, Z95**2 / self.n
        middle = (share + z2n / 2) / (1 + z2n)
        half = Z95 / (1 + z2n) * sqrt(share * (1 - share) / self.n + z2n / (4 * self.n))
        return max(middle - half, 0.0), min(middle + half, 1.0)


@dataclass(frozen=True)
class CurvePoint:
    """One step of the curve: those with balances above the last point's, up to this one's."""

    balance_minor: int
    n: int
    paid: int


@dataclass(frozen=True)
class Cohort:
    """The zones of the customers that one segment describes, in one currency.

    Args:
        where: Dimension and part, in words; empty for all customers of the currency.
        n: Customer-snapshots in arrears whose outcome was seen.
        thresholds: Of yellow and of red; none where nothing was learnt and the utility stated none
            in this currency. Then everyone is green.
        gain: Share of the deviance saved on accounts not learnt from: against one rate for all,
            or, in a segment, against the thresholds of those it is a part of. None if not tried.
        curve_gain: The same of a 20-step curve against one rate: what any zones could save at most.
    """

    currency: str
    where: tuple[tuple[str, str], ...]
    n: int
    thresholds: tuple[Threshold, ...]
    rates: tuple[Rate, ...]
    gain: float | None
    curve_gain: float | None
    status: Status
    warnings: tuple[str, ...]
    curve: tuple[CurvePoint, ...]

    @property
    def name(self) -> str:
        """Return it in words, e.g. `EUR gas residential`."""
        return " ".join([self.currency, *(part for _, part in self.where)])

    @property
    def at_minor(self) -> tuple[int, ...]:
        """Return the largest balances of green and of yellow; empty without thresholds."""
        return tuple(threshold.at_minor for threshold in self.thresholds)


@dataclass(frozen=True)
class Fitted:
    """All zones of a utility. A cohort comes after those it is a part of."""

    cohorts: tuple[Cohort, ...]
    bands: Bands
    own: Mapping[str, Sequence[str]]  # the utility's own thresholds by currency, as decimals
    seed: int
    outcome: str  # in words, as a manager reads it

    def to_json(self) -> str:
        """Return it as text that `from_json` reads back unchanged."""
        return json.dumps(asdict(self), sort_keys=True, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Fitted:
        """Read what `to_json` wrote."""
        stated = json.loads(text)
        bands = stated["bands"]
        stated["bands"] = Bands({c: tuple(e) for c, e in bands["bills"].items()},
                                bands["indicator"], tuple(bands["areas"]))  # fmt: skip
        stated["cohorts"] = tuple(_cohort(cohort) for cohort in stated["cohorts"])
        return cls(**stated)

    def listing(self) -> list[dict[str, Any]]:
        """Return what `tideover zones --json` prints: a list by segment, amounts in currency."""
        return [_listed(cohort, self.outcome) for cohort in self.cohorts]


def _cohort(stated: dict[str, Any]) -> Cohort:
    return Cohort(**{
        **stated,
        "where": tuple((dimension, part) for dimension, part in stated["where"]),
        "thresholds": tuple(Threshold(**threshold) for threshold in stated["thresholds"]),
        "rates": tuple(Rate(**rate) for rate in stated["rates"]),
        "warnings": tuple(stated["warnings"]),
        "curve": tuple(CurvePoint(**point) for point in stated["curve"]),
    })  # fmt: skip


def _listed(cohort: Cohort, outcome: str) -> dict[str, Any]:
    def amount(minor: int) -> float:
        return float(money.text(minor, cohort.currency))

    return {
        "segment": dict(cohort.where),
        "currency": cohort.currency,
        "n": cohort.n,
        "outcome": outcome,
        "thresholds": [
            {"at": amount(t.at_minor), "low": amount(t.low_minor), "high": amount(t.high_minor),
             "fixed": t.fixed}
            for t in cohort.thresholds
        ],
        "rates": [
            {"zone": zone, "n": rate.n, "rate": rate.share,
             "low": rate.interval[0], "high": rate.interval[1]}
            for zone, rate in zip(ZONES, cohort.rates, strict=True)
        ],
        "gain": cohort.gain,
        "status": cohort.status,
        "curve_gain": cohort.curve_gain,
        "warnings": list(cohort.warnings),
        "curve": [
            {"balance": amount(p.balance_minor), "n": p.n, "rate": p.paid / p.n}
            for p in cohort.curve
        ],
    }  # fmt: skip
