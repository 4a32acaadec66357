"""Decisions of earlier nights beside what followed them -> rows to learn from, with weights.

Only decisions whose window is over count: of those still open only the quick payers would be seen.
A decision weighs less the older it is; less where it was likely than where it was drawn by rare
chance, so that what was drawn more often for some accounts is not taken for what helps; and less
where the same account was decided on in the same way many nights running, if one cure would be
counted for each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tideover.portfolio.choice_settings import ChoiceSettings

Floats = npt.NDArray[np.float64]
MONTH_DAYS = 30
LARGEST = 10.0  # no row weighs more than ten times what is usual
TREATED, HOLDOUT = "treated", "holdout"
EVIDENCE = ("account_no", "as_of", "arm", "treatment", "channel", "tone", "offer", "part",
            "propensity", "reward")  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """On what terms decisions are learnt from.

    Args:
        as_of: The day of learning.
        holdout_share: Of everyone; who is held out was not drawn for.
        of_account: What is rewarded is the account's, such as a cure that follows several messages,
            and not of one message alone.
    """

    as_of: date
    half_life_days: int
    holdout_share: float
    of_account: bool = True


def rewarded(followed: pa.Table, choice: ChoiceSettings) -> pa.Table:
    """Return the decisions of which it is known what they brought, with that as `reward`.

    What a contact costs is known beforehand and comes off later, when ways are weighed.

    Table in: followed, one row a decision: cured, plan_kept, promised, complained, opted_out (1, 0,
        null); money_in_minor, linked_minor, arrears_minor (above zero)
    Table out: those rows where it is known, and `reward` f64
    """
    known = pc.or_(pc.is_valid(followed["cured"]), pc.fill_null(pc.equal(followed["plan_kept"], 1),
                                                                False))  # fmt: skip
    reward = pc.max_element_wise(*(
        pc.multiply(pc.fill_null(followed[name], 0).cast(pa.float64()), worth)
        for name, worth in (("cured", choice.reward_cured), ("plan_kept", choice.reward_plan_kept),
                            ("promised", choice.reward_promised))
    ))  # fmt: skip
    for name, worth in (
        ("money_in_minor", choice.reward_paid),
        ("linked_minor", choice.reward_linked),
    ):
        part = pc.divide(followed[name].cast(pa.float64()), followed["arrears_minor"])
        part = pc.min_element_wise(pc.max_element_wise(part, 0.0), 1.0)
        reward = pc.add(reward, pc.multiply(part, worth))
    for name, price in (
        ("complained", choice.price_complaint),
        ("opted_out", choice.price_opt_out),
    ):
        bad = pc.fill_null(followed[name], 0).cast(pa.float64())
        reward = pc.subtract(reward, pc.multiply(bad, price))
    return followed.append_column("reward", reward).filter(known)


def evidence_of(rows: pa.Table, terms: Terms) -> Floats:
    """Return the weight of each decision.

    Table in: rows, columns of `EVIDENCE`; propensity null for the held-out
    """
    age = _days(pa.scalar(terms.as_of)) - _days(rows["as_of"])
    fading = 0.5 ** (age / terms.half_life_days)
    weight: Floats = fading * _by_chance(rows, terms)
    return weight * _shared(rows) if terms.of_account else weight


def _by_chance(rows: pa.Table, terms: Terms) -> Floats:
    """Return one over the probability of what was done, times what that is for its like.

    Every way is so seen as if it had been drawn for everyone alike, whoever it was likelier for.
    """
    held = rows["arm"].to_numpy(zero_copy_only=False) == HOLDOUT
    drawn = rows["propensity"].cast(pa.float64()).fill_null(1.0).to_numpy() * (
        1 - terms.holdout_share
    )
    chance = np.where(held, max(terms.holdout_share, 1e-9), drawn)
    words = (rows[name].fill_null("") for name in ("arm", "treatment", "channel", "tone", "offer",
                                                   "part"))  # fmt: skip
    way = pc.binary_join_element_wise(*words, "|").combine_chunks().dictionary_encode().indices
    place = way.to_numpy()
    usual = np.bincount(place, chance) / np.bincount(place)
    weight: Floats = np.minimum(usual[place] / chance, LARGEST)
    return weight


def _shared(rows: pa.Table) -> Floats:
    """Return one over how often the account was contacted, or left alone, in that month."""
    contacted = rows["arm"].to_numpy(zero_copy_only=False) == TREATED
    month = _days(rows["as_of"]) // MONTH_DAYS
    key = (rows["account_no"].to_numpy() * 10_000 + month) * 2 + contacted
    _, place, times = np.unique(key, return_inverse=True, return_counts=True)
    share: Floats = 1.0 / times[place]
    return share


def _days(dates: Any) -> Any:
    days = dates.cast(pa.int32())
    return days.as_py() if isinstance(days, pa.Scalar) else days.to_numpy().astype(np.int64)
