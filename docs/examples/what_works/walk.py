"""Letters, e-mails and clicks that were given by lot: python docs/examples/what_works/walk.py"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[1])]

from walking import Walk, ask, read_columns, start, tideover, write_source  # noqa: E402

# Points against no letter, paid in full by September, of all 19,039 owners: the paper's table.
PUBLISHED = {"Reminder": 3.0, "Lien": 7.3, "Sheriff": 6.7, "Neighborhood": 1.6, "Community": 2.5,
             "Peer": 3.4, "Duty": 2.3}  # fmt: skip
LETTERS, MAILS, CLICKS = "philly_tax_letters", "hillstrom_email", "open_bandit_sample"


def letters(walk: Walk) -> Any:
    """Seven letters and none, by lot among owners of one property."""
    owners = read_columns(walk.set_of(f"{LETTERS}/owners_dev.parquet"))
    write_source(walk.out, "letters", owners, owners["unq_own"] == 1)
    asked = ("experiment", "analyse", "--file", walk.out / "letters.csv", "--arm", "treat8",
             "--control", "Holdout", "--outcome", "paid_full_sep",
             "--features", "total_due,assessed_mv,tenure,azavea_section,kde")  # fmt: skip
    found = ask(*asked)
    print("\nPoints of a hundred who paid in full by September, against no letter")
    for arm in (one for one in found["arms"] if one["lift"] is not None):
        low, at, high = (100 * arm[name] for name in ("low", "lift", "high"))
        print(f"  {arm['arm']:<13} {at:+5.1f} [{low:+5.1f}, {high:+5.1f}]"
              f"   published {PUBLISHED[arm['arm']]:+.1f}")  # fmt: skip
    print(f"  By customer: {found['personal']['verdict']}")
    return found


def mails(walk: Walk) -> Any:
    """Two e-mails and none, by lot among customers of a shop."""
    write_source(walk.out, "mails", read_columns(walk.set_of(f"{MAILS}/customers_dev.parquet")))
    asked = ("experiment", "analyse", "--file", walk.out / "mails.csv", "--arm", "segment",
             "--control", "No E-Mail", "--outcome", "visit",
             "--features", "recency,history,mens,womens,zip_code,newbie,channel")  # fmt: skip
    tideover(*asked)
    return ask(*asked)


def clicks(walk: Walk) -> Any:
    """What showing items at random is worth: by each log, beside what its own clicks say."""
    found, seen = {}, {}
    for name in ("random_men", "random_women", "bts_men", "bts_women"):
        log = read_columns(walk.set_of(f"{CLICKS}/{name}.parquet"))
        kept = {column: log[column] for column in ("item_id", "click", "propensity_score")}
        kept["at_random"] = np.random.default_rng(7).choice(
            np.unique(log["item_id"]), len(log["click"])
        )
        write_source(walk.out, name, kept)
        told = ask("value", "--log", walk.out / f"{name}.csv", "--outcome", "click", "--arm",
                   "item_id", "--propensity", "propensity_score",
                   "--policy-arm", "at_random")  # fmt: skip
        seen[name] = float(log["click"].mean())
        random_log = seen[name.replace("bts", "random")]
        found[name] = told | {"random_log": random_log}
        print(f"  {name:<13} {told['dr']:.4f} [{told['dr_low']:.4f}, {told['dr_high']:.4f}]   "
              f"random log {random_log:.4f}   {told['ess']:.0f} rows' worth, "
              f"{told['status']}")  # fmt: skip
    return found


WAYS = {"letters": letters, "mails": mails, "clicks": clicks}


def main() -> None:
    """Go each way that is asked for, and keep the figures."""
    walk = start(__file__, __doc__ or "", ways=tuple(WAYS))
    walk.tell({way: WAYS[way](walk) for way in walk.ways})


if __name__ == "__main__":
    main()
