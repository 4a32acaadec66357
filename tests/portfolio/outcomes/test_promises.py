"""Promises judged by the outcomes, by the features and by casework's rule, on random money."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np

from tests.portfolio import lake_rows as rows
from tests.portfolio.outcomes.happenings import after, each_followed, noon, paid
from tideover.portfolio.features.agreements import promises
from tideover.rules.arrangement.promise import KEPT, Promised, promise_state

WORLDS = 60
MADE = noon(2)


def promise(name: str, amount_minor: int, due: int) -> dict[str, Any]:
    return {"account_no": 1, "account_id": "A1", "promise_id": name, "made_at": MADE,
            "made_on": MADE.date(), "due_on": after(due), "amount_minor": amount_minor}  # fmt: skip


def at(days: int, hour: int) -> datetime:
    return noon(days).replace(hour=hour)


def world(chance: np.random.Generator) -> dict[str, Any]:
    """Return two promises made on one noon, and money around their days: paid, granted, gone."""
    money = [rows.payment(1, after(day), int(chance.integers(1, 7)) * 100, payment_id=f"P{nth}",
                          received_at=at(day, int(chance.choice([9, 12, 15]))))
             for nth, day in enumerate(chance.integers(1, 12, size=chance.integers(0, 4)).tolist())
             ]  # fmt: skip
    for one in money:
        if chance.random() < 0.2:
            one |= {"status": "reversed", "reversed_on": one["received_on"] + timedelta(days=1)}
    grants = [rows.adjustment(1, after(int(day)), -200, kind)
              for day in chance.integers(1, 12, size=chance.integers(0, 2)).tolist()
              for kind in [str(chance.choice(["assistance_grant", "rebate"]))]]  # fmt: skip
    due = [promise(name, int(chance.integers(1, 9)) * 100, int(chance.integers(3, 11)))
           for name in ("R", "S")]  # fmt: skip
    return {"payments": money, "adjustments": grants, "promises": due}


def kept_by_the_rule(told: dict[str, Any]) -> int:
    """Return how many promises casework's rule calls kept."""
    came = [(one["received_on"], one["amount_minor"]) for one in told["payments"]
            if one["status"] == "settled" and one["received_at"] > MADE]  # fmt: skip
    came += [(one["posted_on"], -one["amount_minor"]) for one in told["adjustments"]
             if one["kind"] == "assistance_grant"]  # fmt: skip
    return sum(promise_state(Promised(one["made_on"], one["amount_minor"], one["due_on"]), came,
                             after(30)) == KEPT for one in told["promises"])  # fmt: skip


def test_outcomes_features_and_casework_call_the_same_promises_kept(warm_engine: Any) -> None:
    chance = np.random.default_rng(11)
    worlds = [world(chance) for _ in range(WORLDS)]
    expected = [kept_by_the_rule(told) for told in worlds]
    assert set(expected) == {0, 1, 2}
    found = each_followed(warm_engine, worlds)
    assert [row["promises_kept"] for row in found] == expected
    assert {row["promises_due"] for row in found} == {2}
    warm_engine.at(after(30))
    judged = {
        row["account_no"]: row for row in warm_engine.arrow(promises(warm_engine)).to_pylist()
    }
    for nth, kept in enumerate(expected):
        row = judged[1 + 2 * nth]
        assert (row["promises_kept_12m"], row["promises_broken_12m"]) == (kept, 2 - kept)


def test_one_payment_keeps_every_promise_it_reaches_and_assistance_is_money(
    warm_engine: Any,
) -> None:
    two = [promise("R", 300, 5), promise("S", 400, 9)]
    grant = rows.adjustment(1, after(4), -400, "assistance_grant")
    found = each_followed(warm_engine, [
        {"promises": two, "payments": [paid(4, 400)]}, {"promises": two, "adjustments": [grant]},
        {"promises": two, "payments": [paid(4, 399)]},
    ])  # fmt: skip
    assert [row["promises_kept"] for row in found] == [2, 2, 1]
