"""Champion and challengers, each deciding on the accounts that are its own."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tideover.doors.strategies.shelf import InForce
from tideover.portfolio.decisions import Guarding, decide
from tideover.portfolio.workspace import Settings


def decided_by(
    strategies: InForce, cases: pa.Table, *, settings: Settings, as_of: date,
    guarding: Guarding | None = None,
) -> pa.Table:  # fmt: skip
    """Return the decisions on cases, each by the strategy that its account is shared to.

    Table in: cases, as `decide` takes them
    Table out: as `decide` gives them, in the order of the cases
    """
    if len(strategies.policies) == 1:
        (policy,) = strategies.policies.values()
        return decide(cases, policy=policy, settings=settings, as_of=as_of, guarding=guarding)
    seed = settings.choice.seed
    whose = pa.array([strategies.label_for(account_id, seed=seed)
                      for account_id in cases["account_id"].to_pylist()], pa.string())  # fmt: skip
    decided = pa.concat_tables([
        decide(cases.filter(pc.equal(whose, label)), policy=policy, settings=settings, as_of=as_of,
               guarding=guarding)
        for label, policy in strategies.policies.items()
    ])  # fmt: skip
    place = pc.index_in(decided["account_id"], cases["account_id"].combine_chunks())
    return decided.take(pa.array(np.argsort(place.to_numpy(), kind="stable")))
