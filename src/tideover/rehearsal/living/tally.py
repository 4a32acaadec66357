"""What one night of a living twin came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tideover.rehearsal.living.messages import Messages
from tideover.rehearsal.living.world import World
from tideover.rehearsal.living.worth import worth_of
from tideover.rehearsal.twin.ledger import AID
from tideover.rehearsal.twin.reach import CHANNELS
from tideover.rehearsal.twin.texts import Ints, day_of


@dataclass(frozen=True)
class Night:
    """One night; money in minor units.

    Args:
        behind: Accounts in arrears.
        cured: Of those in arrears the evening before, how many are not any more.
        money_in: Paid by customers; `aid` is what others paid or gave.
        cost_minor: Of the messages of the day.
        regret_minor: What they were worth less than the best to the same people, all together.
        best_minor: What these would have been worth, all together.
    """

    day: str
    arrears_minor: int
    behind: int
    cured: int
    money_in_minor: int
    aid_minor: int
    contacts: int
    cost_minor: float
    complaints: int
    opt_outs: int
    plans: int
    regret_minor: float
    best_minor: float


def lived(world: World, said: Messages, cost: Mapping[str, int]) -> Night:
    """Live the next day of a world and count it.

    Args:
        said: The messages that leave on it.
        cost: Of a message by channel, in thousandths of a minor unit.
    """
    before, (worth, most) = world.arrears, worth_of(world, said)
    world.live(said)
    return _counted(world, before, (float(worth.sum()), float(most.sum())), cost)


def _counted(
    world: World, before: Ints, worths: tuple[float, float], cost: Mapping[str, int]
) -> Night:
    happened, arrears = world.happened, world.arrears
    paid, posted, sent = (happened.rows(name) for name in ("payments", "adjustments", "messages"))
    own = aid = 0
    if paid:
        aid = int(paid["amount"][paid["kind"] == AID].sum())
        own = int(paid["amount"].sum()) - aid
    if posted:
        aid -= int(posted["amount"][posted["kind"] == "assistance_grant"].sum())
    said = np.bincount(sent["channel"], minlength=len(CHANNELS)) if sent else np.zeros(5, int)
    complaints = happened.rows("said")
    plans = happened.rows("arrangements")
    return Night(
        day=day_of(world.today).isoformat(), arrears_minor=int(arrears.sum()),
        behind=int((arrears > 0).sum()), cured=int(((before > 0) & (arrears == 0)).sum()),
        money_in_minor=own - happened.total("reversals", "amount"), aid_minor=aid,
        contacts=int(said.sum()),
        cost_minor=sum(cost[c] * int(n) for c, n in zip(CHANNELS, said, strict=True)) / 1000,
        complaints=int((complaints["purpose"] == "complaint").sum()) if complaints else 0,
        opt_outs=happened.count("opt_outs"),
        regret_minor=worths[1] - worths[0],
        best_minor=worths[1],
        plans=int((plans["status"] == "active").sum()) if plans else 0,
    )  # fmt: skip
