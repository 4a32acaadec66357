"""What two strategies decide on the same account on the same day, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tideover.rules.contact import PARTS_OF_DAY
from tideover.rules.strategy import SILENCE

BEFORE, AFTER = "before", "after"
NOT_ASKED = "not_due"  # nothing past due, and neither strategy had a word to say
UNSAID = "nothing is past due, and nothing is said before the due date"
OUTCOMES = ("contact", "person", "held_out", "blocked", "silence")
CHANGES = ("same", "outcome", "treatment", "way", "obstacle")
_SAID = ("rule", "arm", "treatment", "channel", "tone", "offer", "send_at", "blocked_by",
         "reasons", "stage")  # fmt: skip
OF_THE_CASE = ("account_no", "account_id", "customer_id", "currency", "zone", "segment",
                "arrears_minor", "holds", "area")  # fmt: skip


class Said(NamedTuple):
    """What one strategy decides on an account, as far as it makes a difference to the customer.

    Args:
        outcome: One of `OUTCOMES`.
        part: Of the day; none where nothing is sent.
        because: The first reason: that of the row.
    """

    rule: str
    outcome: str
    treatment: str
    channel: str | None
    tone: str | None
    offer: str
    part: str | None
    blocked_by: str | None
    because: str
    stage: str | None


SAID_NOTHING = Said(NOT_ASKED, "silence", SILENCE, None, None, "none", None, None, UNSAID, None)


class Pair(NamedTuple):
    """One account on one day under both strategies."""

    before: Said
    after: Said

    @property
    def change(self) -> str:
        """Return in what they differ, the weightiest first: one of `CHANGES`."""
        one, other = self
        if one.outcome != other.outcome:
            return "outcome"
        if one.treatment != other.treatment:
            return "treatment"
        if one[3:7] != other[3:7]:
            return "way"
        return "obstacle" if one.blocked_by != other.blocked_by else "same"


def beside(cases: pa.Table, decided: Mapping[str, pa.Table]) -> tuple[pa.Table, list[Pair]]:
    """Return the cases on which either strategy decided something, and both decisions on each.

    Args:
        decided: By `BEFORE` and `AFTER`.

    Table in: cases, key account_id; decisions as `decide` gives them
    Table out: columns of the case: account_no, account_id, customer_id, currency, zone, segment,
        arrears_minor, holds, area; rows in the order of the cases
    """
    said = {side: _said(cases, table) for side, table in decided.items()}
    either = [i for i, (one, other) in enumerate(zip(said[BEFORE], said[AFTER], strict=True))
              if one is not None or other is not None]  # fmt: skip
    kept = cases.select(OF_THE_CASE).take(pa.array(either, pa.int64()))
    pairs = [Pair(said[BEFORE][i] or SAID_NOTHING, said[AFTER][i] or SAID_NOTHING) for i in either]
    return kept, pairs


def _said(cases: pa.Table, decided: pa.Table) -> list[Said | None]:
    place = pc.index_in(cases["account_id"], decided["account_id"].combine_chunks())
    columns = decided.select(_SAID).to_pydict()
    rows = [_one(*row) for row in zip(*(columns[name] for name in _SAID), strict=True)]
    return [None if at is None else rows[at] for at in place.to_pylist()]


def _one(*row: Any) -> Said:
    rule, arm, treatment, channel, tone, offer, send_at, blocked_by, reasons, stage = row
    return Said(rule, _outcome(arm, treatment, blocked_by), treatment, channel, tone, offer,
                _part(send_at[11:13]) if send_at else None, blocked_by,
                (reasons or "").split(";")[0], stage)  # fmt: skip


@lru_cache(maxsize=4096)
def _outcome(arm: str, treatment: str, blocked_by: str | None) -> str:
    if arm != "none":
        return "contact" if arm == "treated" else "held_out"
    if blocked_by:
        return "blocked"
    return "silence" if treatment == SILENCE else "person"


@lru_cache(maxsize=24)
def _part(hour: str) -> str:
    opens = [hours.opens.hour for hours in PARTS_OF_DAY.values()]
    return list(PARTS_OF_DAY)[max(int(np.searchsorted(opens, int(hour), side="right")) - 1, 0)]
