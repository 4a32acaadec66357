"""What a decision of the log counts in the value of a strategy: weights that average 1."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tideover.doors.findings.policy_value import PARTLY_UNSEEN, _warned, _weight
from tideover.doors.findings.standing import as_drawn
from tideover.portfolio.worth.value import DO_NOT_FIT, OK, Value
from tideover.rules.strategy import Proposal

WOULD = Proposal("so", "nudge", channels=("sms", "email"), tones=("direct",))
Cells = dict[str, Any]
ASKS: dict[str, Cells] = {"treated": {"arm": "treated", "propensity": 0.5},
                          "none": {"arm": "none"}}  # fmt: skip
EMPTY: Cells = {"propensity": None, "blocked_by": None, "defer_until": None, "offer": "none",
                "tone": "direct", "channel": None,
                "send_at": "2026-06-02T10:00:00+02:00"}  # fmt: skip
N = 2_000


def logged(held: float, silence: float, after: str | None) -> list[Cells]:
    """Return decisions of one kind of account: a draw, and what took contacts back after it."""
    chance = np.random.default_rng(1)
    rows = []
    for out, by in chance.random((N, 2)):
        channel = "sms" if by < silence + (1 - silence) / 2 else "email"
        drew = {"arm": "treated", "channel": channel, "propensity": (1 - silence) / 2}
        if by < silence:
            drew = {"arm": "none", "propensity": silence}
        if after:
            drew = {"arm": "none", "blocked_by": after}
        rows.append(EMPTY | ({"arm": "holdout"} if out < held else drew))
    drawn = as_drawn(pa.Table.from_pylist(rows)).to_pylist()
    return [row | {"drawn": arm} for row, arm in zip(rows, drawn, strict=True)]


@settings(max_examples=15)
@given(st.floats(0.05, 0.5), st.floats(0.0, 0.9), st.sampled_from([None, "capacity",
                                                                   "contact_cap"]))  # fmt: skip
def test_weights_average_one_of_a_strategy_that_asks_for_silence(
    held: float, silence: float, after: str | None
) -> None:
    rows = logged(held, silence, after)
    weights = [_weight(row, ASKS["none"], (WOULD, WOULD), held) for row in rows]
    assert np.mean(np.array(weights, float)) == pytest.approx(1, abs=6 / np.sqrt(held * N))


@settings(max_examples=15)
@given(st.floats(0.0, 0.5), st.floats(0.0, 0.8))
def test_weights_average_one_of_a_strategy_that_asks_for_a_contact(
    held: float, silence: float
) -> None:
    rows = logged(held, silence, None)
    weights = [_weight(row, ASKS["treated"], (WOULD, WOULD), held) for row in rows]
    spread = 6 / np.sqrt((1 - held) * (1 - silence) * N)
    assert np.mean(np.array(weights, float)) == pytest.approx(1, abs=spread)


def test_of_silence_only_the_hold_out_and_what_was_certain_tell() -> None:
    rows = {"left alone by lot": EMPTY | {"arm": "none", "propensity": 0.6, "drawn": "treated"},
            "no room": EMPTY | {"arm": "none", "drawn": "treated"},
            "held out": EMPTY | {"arm": "holdout", "drawn": "holdout"},
            "nothing proposed": EMPTY | {"arm": "none", "drawn": "none"}}  # fmt: skip
    weights = {name: [_weight(row, ASKS["none"], (WOULD, WOULD), held) for held in (0.1, 0.0)]
               for name, row in rows.items()}  # fmt: skip
    assert weights == {"left alone by lot": [0.0, None], "no room": [0.0, None],
                       "held out": [10.0, None], "nothing proposed": [1.0, 1.0]}  # fmt: skip
    assert _weight(rows["no room"], ASKS["treated"], (WOULD, WOULD), 0.1) is None


@pytest.mark.parametrize(("at", "status", "said"), [
    (0.0, OK, PARTLY_UNSEEN), (0.5, DO_NOT_FIT, DO_NOT_FIT), (None, OK, OK),
])  # fmt: skip
def test_what_is_left_out_is_said_and_hides_nothing_worse(
    at: float | None, status: str, said: str
) -> None:
    found = Value(at, at, at, at, 500.0, 1.0, 900, status)
    assert _warned(found, 3).status == said
    assert _warned(found, 0).status == status
