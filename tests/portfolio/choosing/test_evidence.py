"""What past decisions may be taken for: no more than what the draw made comparable."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from tests.portfolio.choosing.world import PRICES
from tideover.portfolio.choosing import COLUMNS, History, Terms, evidence_of, learn, traits
from tideover.portfolio.choosing.traits import NAMES
from tideover.portfolio.choosing.weigh import Believed
from tideover.rules.choice import Option
from tideover.rules.contact import CHANNELS

DAY = date(2026, 1, 31)
BOTH = tuple(Option("nudge", channel, "direct", "none", "morning") for channel in ("sms", "email"))


def difference(*, weighted: bool, seed: int = 5, n: int = 8_000) -> float:
    """Return what SMS seems to bring over e-mail, where neither does, and SMS went to payers.

    Whether somebody pays depends on something that no trait tells.
    """
    random = np.random.default_rng(seed)
    hidden, held = random.random(n) < 0.5, random.random(n) < 0.05
    sms = np.where(hidden, 0.9, 0.1)
    drawn = np.where(random.random(n) < sms, "sms", "email")
    rows = pa.table({
        "account_no": np.arange(n), "as_of": pa.array([DAY] * n, pa.date32()),
        "arm": np.where(held, "holdout", "treated"), "treatment": ["nudge"] * n, "channel": drawn,
        "tone": ["direct"] * n, "offer": ["none"] * n, "part": ["morning"] * n,
        "propensity": pa.array(np.where(drawn == "sms", sms, 1 - sms), mask=held),
        "reward": (random.random(n) < np.where(hidden, 0.8, 0.2)).astype(float),
    })  # fmt: skip
    weight = evidence_of(rows, Terms(DAY, 90, 0.05)) if weighted else np.ones(n)
    known = np.zeros((n, len(NAMES)))
    known[:, 0] = 1.0
    lessons = learn(rows, known, np.zeros((n, len(CHANNELS))), weight)
    worth = Believed(lessons, "1", dict.fromkeys(PRICES, 0.0)).of_ways(BOTH)[0]
    return float(worth[0, 0] - worth[1, 0])


def test_a_way_that_was_drawn_for_payers_is_not_taken_for_what_helps() -> None:
    assert difference(weighted=False) > 0.2, "else there would be nothing to weigh away"
    assert abs(difference(weighted=True)) < 0.06


def history() -> History:
    days = [date(2026, 1, 3), date(2026, 1, 9), date(2026, 1, 12), date(2026, 2, 9)]
    return History.of(pa.table({
        "account_no": [1, 1, 2, 1], "occurred_on": pa.array(days, pa.date32()),
        "channel": ["sms", "sms", "sms", "email"],
        "outcome": ["replied", "sent", "failed", "clicked"],
    }))  # fmt: skip


def test_what_was_answered_counts_by_channel_and_only_until_the_day() -> None:
    day = (DAY - date(1970, 1, 1)).days
    answers = history().answers([1, 2, 3], [day] * 3)
    sms, email = (answers[:, CHANNELS.index(c)] for c in ("sms", "email"))
    assert sms[0] > 0 > sms[1]
    assert sms[2] == pytest.approx(0.0), "of who was never written to nothing is known"
    assert email[0] == pytest.approx(0.0), "the click came later"
    assert history().answers([1], [day + 30])[0, CHANNELS.index("email")] > 0


def test_what_is_not_known_of_an_account_stands_at_what_is_usual() -> None:
    empty = pa.table({name: pa.array([None], pa.float64()) for name in COLUMNS}
                     | {"zone": pa.array(["red"]), "as_of": pa.array([DAY])})  # fmt: skip
    found = dict(zip(NAMES, traits(empty)[0], strict=True))
    assert (found.pop("always"), found.pop("red")) == (1.0, 1.0)
    assert set(found.values()) == {0.0}


def test_near_their_payday_people_are_seen_to_be_near_it() -> None:
    near, far = (pa.table({name: pa.array([0.0]) for name in COLUMNS} | {
        "zone": pa.array(["green"]), "as_of": pa.array([DAY]), "pays_on": pa.array([on]),
        "pays_regularly": pa.array([1.0])}) for on in (31.0, 15.8))  # fmt: skip
    soon = NAMES.index("pays soon")
    assert traits(near)[0, soon] > 0.95
    assert traits(far)[0, soon] < -0.95
