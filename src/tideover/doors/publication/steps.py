"""Which step of a ladder a decision takes, and what the rulebooks call such a notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from tideover.doors.strategies.shelf import InForce


@dataclass(frozen=True)
class Steps:
    """The notices of the strategies in force.

    Args:
        kinds: By the strategy's label and its row, the kind of the notice it sends.
    """

    kinds: Mapping[tuple[str, str], str]

    @classmethod
    def of_strategies(cls, strategies: InForce) -> Steps:
        """Return the notices of strategies."""
        return cls({
            (label, row.id): row.then.notice.kind
            for label, policy in strategies.policies.items() for row in policy.rows
            if row.then.notice is not None and row.then.notice.kind
        })  # fmt: skip

    def of(self, decided: pa.Table, ladders: pa.Table) -> tuple[pa.Array, pa.Array]:
        """Return the step and the notice's kind of each decision; empty where it takes none."""
        taking = ladders.filter(pc.is_valid(ladders["decision_id"]))
        place = pc.index_in(decided["decision_id"], taking["decision_id"].combine_chunks())
        step = pc.fill_null(taking["step"].take(place), "")
        takes = pc.is_valid(place).to_pylist()
        named = zip(decided["strategy"].to_pylist(), decided["rule"].to_pylist(), takes,
                    strict=True)  # fmt: skip
        kinds = [self.kinds.get((label, rule), "") if taken else ""
                 for label, rule, taken in named]  # fmt: skip
        return step, pa.array(kinds, pa.string())
