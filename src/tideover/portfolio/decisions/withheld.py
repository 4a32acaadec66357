"""Decisions to contact that are taken back: too many for one customer, or no longer for sending."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from tideover.portfolio.decisions.arms import NONE, TREATED
from tideover.rules.choice import decision_id

Rows = Collection[tuple[str, str]]
OF_A_TREATED = ("channel", "tone", "send_at", "propensity")


class Obstacle(NamedTuple):
    """What takes a contact back, as a code and in words."""

    code: str
    words: str


FULL = Obstacle(
    "contact_cap", "another account of the same customer is written to, and that fills the cap"
)


def too_many(
    decided: pa.Table, siblings: pa.Table, cap: int, *, required: Rows = frozenset()
) -> set[str]:
    """Return the accounts that are left alone tonight because their customer is reached otherwise.

    Notices that the law requires are kept, and count; then the accounts with the largest arrears,
    then those first by account_id. No draw has a part in that, so the recorded probabilities stay
    those of the draw.

    Args:
        cap: At most so many outbound contacts of a customer, with those of late.
        required: The rows of strategies that send such notices, each by the strategy's label.

    Table in: decided: account_id, arm, arrears_minor, strategy, rule, of all buckets; siblings, as
        reach gives them
    """
    treated = decided.filter(
        pc.and_(pc.equal(decided["arm"], TREATED), pc.is_in(decided["account_id"],
                                                            _ids(siblings)))
    )  # fmt: skip
    columns = (siblings[name].to_pylist()
               for name in ("account_id", "customer_id", "customer_contacts_cap"))  # fmt: skip
    customer_of = {account: (customer, n) for account, customer, n in zip(*columns, strict=True)}
    rows = zip(treated["strategy"].to_pylist(), treated["rule"].to_pylist(), strict=True)
    owing = zip((row not in required for row in rows),
                (-minor for minor in treated["arrears_minor"].to_pylist()),
                treated["account_id"].to_pylist(), strict=True)  # fmt: skip
    written: defaultdict[str, int] = defaultdict(int)
    left: set[str] = set()
    for may_wait, _, account_id in sorted(owing):
        customer, so_far = customer_of[account_id]
        # Of a treated account there is room for one: contacts count by the hour, these by the day.
        if may_wait and written[customer] >= max(1, cap - so_far):
            left.add(account_id)
        written[customer] += 1
    return left


def _ids(siblings: pa.Table) -> Any:
    return siblings["account_id"].combine_chunks()


def withheld(decided: pa.Table, accounts: Collection[str], obstacle: Obstacle, *,
             anew: bool = False) -> pa.Table:  # fmt: skip
    """Return decisions with the contacts of some accounts taken back.

    Args:
        anew: These are other decisions, with ids of their own; else they stay what was decided.

    Table out: as in; of these accounts, where they were treated, arm is `none`, channel, tone,
        send_at and propensity are null, offer is `none`, and the obstacle is named
    """
    named = pc.is_in(decided["account_id"], pa.array(sorted(accounts), pa.string()))
    mine = pc.and_(named, pc.equal(decided["arm"], TREATED)).combine_chunks()
    told: dict[str, Any] = dict.fromkeys(OF_A_TREATED)
    told |= {"arm": NONE, "offer": "none", "blocked_by": obstacle.code}
    for name, value in told.items():
        decided = _put(decided, name, pc.if_else(mine, pa.scalar(value, _type(decided, name)),
                                                 decided[name]))  # fmt: skip
    changed = mine.to_pylist()
    decided = _put(decided, "reasons", pa.array([
        with_words(reasons, obstacle.words) if changes else reasons
        for reasons, changes in zip(decided["reasons"].to_pylist(), changed, strict=True)
    ], pa.string()))  # fmt: skip
    if not anew:
        return decided
    return _put(decided, "decision_id", pa.array([
        withheld_id(former, obstacle) if changes else former
        for former, changes in zip(decided["decision_id"].to_pylist(), changed, strict=True)
    ], pa.string()))  # fmt: skip


def withheld_id(former: str, obstacle: Obstacle) -> str:
    """Return the id of a decision that came of another one by taking its contact back."""
    return decision_id(former, obstacle.code)


def _type(decided: pa.Table, name: str) -> pa.DataType:
    return decided.schema.field(name).type


def _put(decided: pa.Table, name: str, column: Any) -> pa.Table:
    place = decided.schema.get_field_index(name)
    return decided.set_column(place, decided.schema.field(name), column)


def with_words(reasons: str, words: str) -> str:
    """Put words after the first reason, which is the strategy's."""
    because, *others = reasons.split(";")
    return ";".join((because, words, *others))
