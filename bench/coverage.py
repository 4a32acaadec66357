"""How often the interval of a lift holds the true effect, which a living twin knows.

One message goes to half of those in arrears, drawn by lot, and nobody hears anything else for
thirty days. The twin is lived with and without it under the same luck, so what each would have done
either way is known. The true effect is the mean over many lucks; each gives several campaigns.
"""

from __future__ import annotations

import argparse
import copy

import numpy as np

from tideover.rehearsal.living import Messages, World
from tideover.rehearsal.living.messages import OFFERS, TONES, minute_in, silence
from tideover.rehearsal.living.worth import permitted
from tideover.rehearsal.twin import Plan
from tideover.rehearsal.twin.people import Bools
from tideover.rehearsal.twin.reach import CHANNELS
from tideover.rehearsal.twin.texts import Ints
from tideover.rules.lift import Group, Lift, lift

DAYS = 30
ARMS = (("none", "friendly", "email"), ("plan", "empathetic", "email"),
        ("grant", "empathetic", "letter"), ("notice", "formal", "letter"))  # fmt: skip
HEAD = "| arm | people | true effect | campaigns | interval holds it | mean width |"


def main() -> None:
    """Print one row an arm."""
    options = argparse.ArgumentParser(prog="python -m bench.coverage", description=__doc__)
    options.add_argument("--accounts", type=int, default=3_000)
    options.add_argument("--lucks", type=int, default=200)
    options.add_argument("--lots", type=int, default=5, help="Campaigns of each luck.")
    asked = options.parse_args()
    print(HEAD, "|---|---|---|---|---|---|", sep="\n")
    for arm in ARMS:
        print(covered(arm, asked.accounts, asked.lucks, asked.lots), flush=True)


def covered(arm: tuple[str, str, str], accounts: int, lucks: int, lots: int) -> str:
    """Return an arm's row of the table."""
    opening = World(Plan(accounts, 400, 1), DAYS)
    channel = CHANNELS.index(arm[2])
    row = np.flatnonzero((opening.arrears > 0) & permitted(opening.state)[:, channel])
    said = _message(arm, row)
    effects, found = [], []
    lot = np.random.Generator(np.random.Philox(5))
    for seed in range(lucks):
        with_it, without = (_paid(opening, seed, each, row) for each in (said, silence()))
        effects.append(with_it.mean() - without.mean())
        found += [_campaign(with_it, without, lot.random(len(row)) < 0.5) for _ in range(lots)]
    truth = float(np.mean(effects))
    holds = np.mean([one.low <= truth <= one.high for one in found])
    width = np.mean([one.high - one.low for one in found])
    return (f"| {' '.join(arm)} | {len(row):,} | {100 * truth:+.2f} points | {len(found):,} | "
            f"{holds:.1%} | {100 * width:.1f} points |")  # fmt: skip


def _message(arm: tuple[str, str, str], row: Ints) -> Messages:
    places = OFFERS.index(arm[0]), TONES.index(arm[1]), CHANNELS.index(arm[2])
    offer, tone, channel = (np.full(len(row), place) for place in places)
    return Messages(row, offer, tone, channel, minute_in(np.ones(len(row), np.int64)))


def _paid(opening: World, seed: int, said: Messages, row: Ints) -> Bools:
    """Return who paid their arrears in full within thirty days, had this been said."""
    base = opening.state.base
    world = copy.deepcopy(opening, {id(base): base})
    world.seed = seed
    owed, paid = world.arrears[row], np.zeros(len(world.state), np.int64)
    for _ in range(DAYS):
        happened = world.live(said)
        said = silence()
        for table, sign in (("payments", 1), ("reversals", -1)):
            rows = happened.rows(table)
            if rows:
                np.add.at(paid, rows["row"], sign * rows["amount"])
    enough: Bools = paid[row] >= owed
    return enough


def _campaign(with_it: Bools, without: Bools, treated: Bools) -> Lift:
    one, other = with_it[treated], without[~treated]
    told = lift(Group(int(one.sum()), len(one)), Group(int(other.sum()), len(other)))
    assert told is not None
    return told


if __name__ == "__main__":
    main()
