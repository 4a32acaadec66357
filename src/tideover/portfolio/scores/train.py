"""Learning the scores from what followed past days.

The latest snapshots are kept out of learning: one half of their accounts says when to stop and
whether to calibrate, the other half judges. What is reported was seen by nothing before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tideover.portfolio.scores.boosting import Rows, fit_boosting
from tideover.portfolio.scores.calibration import calibrate
from tideover.portfolio.scores.card import model_card, score_card
from tideover.portfolio.scores.drift import usual_shares
from tideover.portfolio.scores.hazard import Hazard, Timing, fit_hazard, life_table
from tideover.portfolio.scores.inputs import Facts, facts, known, offered
from tideover.portfolio.scores.models import BOOSTING, Learnt, Models
from tideover.portfolio.scores.outcomes import (
    OUTCOMES,
    PAID,
    Mask,
    Numbers,
    Outcome,
    concerned,
    numbers,
)
from tideover.portfolio.scores.rates import BY, fit_rates
from tideover.portfolio.scores.scorecard import fit_scorecard

MOST_ROWS = 100_000  # more cost minutes and gain nothing that was measured
MOST_HAZARD_ROWS = 15_000  # each is repeated up to twelve times
HAZARD_INPUTS = 16
LATER_SHARE = 0.2
SEASONS_DAYS = 690
# Fewer rows, or fewer of the rarer outcome, and the simpler learner takes over.
BOOSTING_NEEDS = (2_000, 200)
SCORECARD_NEEDS = (300, 40)
CALIBRATION_NEEDS = 400


@dataclass(frozen=True)
class Past:
    """One group's rows of history, in a stable order."""

    table: pa.Table
    facts: Facts

    def column(self, name: str) -> Numbers:
        """Return a column as numbers."""
        return numbers(self.table, name)

    def rows(self, which: Mask) -> Past:
        """Return some of the rows."""
        return Past(self.table.filter(pa.array(which)), self.facts.rows(which))


def train(history: pa.Table, *, as_of: date, seed: int) -> Models:
    """Learn the four scores, the paid-by curves and their model card.

    Table in: history: features joined to followups, several snapshot days; key (account_no, as_of)
    Raises:
        Refused: A carried column tells who a person is, not how they pay.
        ColumnMissing: Names the column, and the columns that were there.
    """
    names = [name for name in offered(history.column_names)
             if known(name).family != "season" or _seasons_came_back(history)]  # fmt: skip
    currency = _commonest_currency(history)
    pasts = {group: _past(history, mask, names=names, currency=currency, seed=seed)
             for group, mask in concerned(history).items()}  # fmt: skip
    learnt, cards = {}, {}
    for outcome in OUTCOMES:
        learnt[outcome.name], cards[outcome.name] = _learn(pasts[outcome.group], outcome, seed=seed)
    return Models(
        as_of=as_of, seed=seed, currency=currency,
        names={group: past.facts.names for group, past in pasts.items()},
        learnt=learnt, hazard=_hazard(pasts[PAID.group], learnt[PAID.name], seed=seed),
        usual={group: usual_shares(_latest(past).facts) for group, past in pasts.items()},
        card=model_card(history, cards, as_of=as_of, seed=seed),
    )  # fmt: skip


def _latest(past: Past) -> Past:
    """Return the last snapshot alone: a pooled year would call every season a drift."""
    days = past.column("as_of")
    return past.rows(days == days.max()) if len(days) else past


def _seasons_came_back(history: pa.Table) -> bool:
    """Whether a month can be told from the year it happened in: it takes two of each."""
    days = numbers(history, "as_of")
    return len(days) > 0 and bool(days.max() - days.min() >= SEASONS_DAYS)


def _commonest_currency(history: pa.Table) -> str:
    if "currency" not in history.column_names:
        return "EUR"
    counted = pc.value_counts(history.column("currency").drop_null()).to_pylist()
    most = sorted(counted, key=lambda each: (-each["counts"], each["values"]))
    return str(most[0]["values"]) if most else "EUR"


def _past(history: pa.Table, mask: Mask, *, names: list[str], currency: str, seed: int) -> Past:
    order = np.lexsort((numbers(history, "account_no"), numbers(history, "as_of")))
    places = order[mask[order]]
    if len(places) > MOST_ROWS:
        drawn = np.random.default_rng(seed).choice(len(places), MOST_ROWS, replace=False)
        places = places[np.sort(drawn)]
    table = history.take(pa.array(places))
    every = facts(table, names, currency=currency)
    telling = tuple(name for name in names if name == BY or _tells(every.of(name)))
    return Past(table, every.only(telling))


def _tells(values: Numbers) -> bool:
    there = values[~np.isnan(values)]
    if not len(there):
        return False
    return len(there) < len(values) or bool(there.min() < there.max())


@dataclass(frozen=True)
class Periods:
    """Which rows teach, which tune and which judge."""

    early: Mask
    tune: Mask
    judged: Mask


def periods(days: Numbers, account_no: Numbers, *, window_days: int, seed: int) -> Periods:
    """Keep the latest fifth of snapshots from learning; with fewer than three days, of accounts.

    A snapshot whose window reaches into the later ones teaches nothing: it knows how they began.
    """
    accounts, place = np.unique(account_no, return_inverse=True)
    chance = np.random.default_rng(seed).random(len(accounts))[place]
    distinct, counts = np.unique(days, return_counts=True)
    if len(distinct) < 3:
        later = chance < LATER_SHARE
        tune = chance < LATER_SHARE / 2
        return Periods(~later, tune, later & ~tune)
    from_latest = np.cumsum(counts[::-1])[::-1]
    first = distinct[from_latest >= LATER_SHARE * len(days)][-1]
    first = max(first, distinct[1])
    early = days + window_days <= first
    if not early.any():
        early = days < first
    later = days >= first
    return Periods(early, later & (chance < 0.5), later & (chance >= 0.5))


def _learn(past: Past, outcome: Outcome, *, seed: int) -> tuple[Learnt, dict[str, object]]:
    seen = past.rows(~np.isnan(past.column(outcome.name)))
    y = seen.column(outcome.name)
    split = periods(seen.column("as_of"), seen.column("account_no"),
                    window_days=outcome.window_days, seed=seed)  # fmt: skip
    learnt = _fitted(Rows(seen.facts, y), split, outcome=outcome, seed=seed)
    judged = seen.rows(split.judged)
    card = score_card(learnt, outcome, judged=judged.table, facts=judged.facts, seed=seed)
    card["learnt_from"] = {
        "rows": int(split.early.sum()), "events": int(y[split.early].sum()),
        "censored_or_open": len(past.facts) - len(seen.facts),
    }  # fmt: skip
    return learnt, card


def _fitted(seen: Rows, split: Periods, *, outcome: Outcome, seed: int) -> Learnt:
    early = Rows(seen.facts.rows(split.early), seen.outcome[split.early])
    tune = Rows(seen.facts.rows(split.tune), seen.outcome[split.tune])
    n, rarer = len(early.outcome), min(early.outcome.sum(), (1 - early.outcome).sum())
    scorecard = boosting = None
    if n >= SCORECARD_NEEDS[0] and rarer >= SCORECARD_NEEDS[1]:
        scorecard = fit_scorecard(*early)
    if n >= BOOSTING_NEEDS[0] and rarer >= BOOSTING_NEEDS[1]:
        boosting = fit_boosting(early, tune, signs=signs(seen.facts.names, outcome), seed=seed)
    learnt = Learnt(fit_rates(*early), scorecard, boosting)
    if scorecard is None or len(tune.outcome) < CALIBRATION_NEEDS:
        return learnt
    curve = calibrate(learnt.predict(tune.facts), tune.outcome)
    return Learnt(learnt.rates, scorecard, boosting, curve)


def signs(names: tuple[str, ...], outcome: Outcome) -> list[int]:
    """Return for each input which way the trade is sure it moves an outcome."""
    way = 1 if outcome.good else -1
    return [0 if known(name).family in outcome.free else way * known(name).sign for name in names]


def _hazard(past: Past, paid: Learnt, *, seed: int) -> Hazard:
    timing = Timing(past.column("weeks_to_paid"), past.column("weeks_seen"))
    if paid.status != BOOSTING or paid.boosting is None:
        return Hazard(life_table(timing))
    share = paid.boosting.importance()
    most = tuple(sorted(share, key=lambda name: (-share[name], name))[:HAZARD_INPUTS])
    seen: npt.NDArray[np.int64] = np.flatnonzero(timing.last > 0)
    if len(seen) > MOST_HAZARD_ROWS:
        drawn = np.random.default_rng(seed).choice(len(seen), MOST_HAZARD_ROWS, replace=False)
        seen = seen[np.sort(drawn)]
    some = Timing(timing.weeks_to_paid[seen], timing.weeks_seen[seen])
    if (~np.isnan(some.weeks_to_paid)).sum() < BOOSTING_NEEDS[1]:
        return Hazard(life_table(timing))
    rows = Facts(most, past.facts.only(most).values[seen])
    return fit_hazard(rows, some, signs=signs(most, PAID), seed=seed)
