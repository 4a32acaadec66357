"""Draws for many at once: as likely as was recorded, and scarce letters where they help most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.portfolio.decisions.people import SHIPPED, cases_of, with_choice
from tests.portfolio.decisions.test_permission import AS_OF, STRICT, situation
from tideover.portfolio.choice_settings import CapacitySettings
from tideover.portfolio.decisions import Drawing, Guarding, decide
from tideover.portfolio.decisions.capacity import filled, room_for, rooms, standing_of
from tideover.portfolio.decisions.drawing import Ways, places
from tideover.rules.choice import LEFT_ALONE, draw, options
from tideover.rules.strategy.proposal import OFFERS, TONES, Proposal

N = 600


def people(n: int = N, **said: Any) -> pa.Table:
    owing = ({"account_id": f"A{number}", "arrears_minor": 10_000 + number} | said
             for number in range(n))  # fmt: skip
    cases = cases_of(*owing)
    return cases.append_column("account_no", pa.array(range(n), pa.int64()))


def nobody(numbers: pa.Array) -> pa.Table:
    rows = [{"account_no": no} | situation()._asdict() for no in numbers.to_pylist()]
    return pa.Table.from_pylist(rows)


def night(cases: pa.Table, drawing: Drawing | None, seed: int = 1) -> pa.Table:
    return decide(cases, policy=SHIPPED, settings=with_choice(seed=seed), as_of=AS_OF,
                  guarding=Guarding(STRICT, nobody, drawing))  # fmt: skip


class Believes:
    """Believes that e-mail helps, and that those who owe least are better left alone."""

    def of(self, cases: pa.Table) -> Believes:
        self.small = cases["arrears_minor"].to_numpy() < 10_000 + N // 2
        return self

    def weighed(self, which: Sequence[int], ways: Ways, *, leaves: bool) -> Any:
        gain = np.array([[0.1 * (w.channel == "email") for w in ways]] * len(which))
        if leaves:
            gain = np.column_stack([gain, np.where(self.small[list(which)], 0.5, -0.5)])
        best = (gain == gain.max(axis=1, keepdims=True)).astype(float)
        return best / best.sum(axis=1, keepdims=True), gain, gain.max(axis=1)


def test_without_evidence_all_is_drawn_as_it_always_was() -> None:
    cases = people(60)
    assert night(cases, Drawing()) == night(cases, None)


def test_a_number_falls_on_the_same_way_for_one_and_for_many() -> None:
    ways = options(Proposal("so", "t", OFFERS, ("sms",), TONES), ("sms",), ("morning",))
    shares = np.random.default_rng(1).dirichlet(np.ones(len(ways)), 50)
    for i in range(50):
        drawn = draw(ways, seed=1, account_id=str(i), as_of=AS_OF, shares=shares[i].tolist())
        number = np.array([chance_of(str(i))])
        assert ways[places(shares[i : i + 1], number)[0]] == drawn.option


def chance_of(account_id: str) -> float:
    from tideover.rules.choice import chance

    return chance(seed=1, account_id=account_id, as_of=AS_OF)[0]


def test_what_is_believed_is_drawn_more_often_and_nothing_never() -> None:
    decided = night(people(), Drawing(Believes(), frozenset({"yellow"})))
    alone = pc.equal(decided["arm"], "none").to_numpy(zero_copy_only=False)
    assert alone[: N // 2].mean() > 0.5 > 0.2 > alone[N // 2 :].mean() > 0
    told = decided.filter(pa.array(alone))
    assert set(told["treatment"].to_pylist()) == {"none"}, "nobody is laid before a person by it"
    assert told["reasons"][0].as_py().startswith("left alone: ")
    treated = decided.filter(pc.equal(decided["arm"], "treated"))
    counted = Counter(treated.slice(N // 4)["channel"].to_pylist())
    assert counted["email"] > counted["sms"] > 0


def test_who_is_left_alone_is_left_alone_for_days() -> None:
    cases, drawing = people(), Drawing(Believes(), frozenset({"yellow"}), floor=0.1)
    nights = [decide(cases, policy=SHIPPED, settings=with_choice(), as_of=AS_OF + timedelta(n),
                     guarding=Guarding(STRICT, nobody, drawing)) for n in (0, 1, 8)]  # fmt: skip
    alone = [pc.equal(each["arm"], "none").to_numpy(zero_copy_only=False) for each in nights]
    seldom = slice(N // 2, None)  # those of whom few are left alone
    assert alone[0][seldom].mean() < 0.2
    stays = (alone[0] & alone[1])[seldom].sum() / alone[0][seldom].sum()
    assert stays > 0.6, "but for those whose week ends"
    assert (alone[0] & alone[2])[seldom].sum() / alone[0][seldom].sum() < 0.4


def test_leaving_alone_is_a_way_only_in_the_zones_that_the_utility_says() -> None:
    decided = night(people(80), Drawing(Believes(), frozenset({"green"})))
    assert set(decided["arm"].to_pylist()) == {"treated"}


def test_propensities_are_those_of_the_draw() -> None:
    drawing = Drawing(Believes(), frozenset({"yellow"}))
    sums = Counter[str]()
    for seed in range(8):
        for row in night(people(), drawing, seed).to_pylist():
            sums[row["channel"] or LEFT_ALONE.channel] += 1 / row["propensity"]
    of_ways = {"email": 27, "sms": 27, "letter": 27, "none": 1}
    for channel, ways in of_ways.items():
        assert sums[channel] / (8 * N * ways) == pytest.approx(1.0, abs=0.25)


LETTERS = CapacitySettings(letters=40)


def with_room(seed: int = 1, capacity: CapacitySettings = LETTERS) -> tuple[Any, Any, Any]:
    drawing = Drawing(scarce=frozenset(rooms(capacity)))
    decided = night(people(), drawing, seed)
    choices = drawing.table.take(pc.index_in(decided["account_id"], drawing.table["account_id"]
                                             .combine_chunks()))  # fmt: skip
    room = room_for(choices, standing_of(choices, decided), rooms(capacity))
    return decided, room, filled(decided, choices, room)


def test_letters_go_where_most_is_at_stake_and_the_others_get_another_way() -> None:
    before, room, after = with_room()
    wanted = pc.equal(before["channel"], "letter").to_numpy(zero_copy_only=False)
    kept = pc.equal(after["channel"], "letter").to_numpy(zero_copy_only=False)
    assert kept.sum() == 40 < wanted.sum()
    assert set(np.flatnonzero(kept)) == set(np.flatnonzero(wanted)[-40:]), "those who owe most"
    assert set(after["arm"].to_pylist()) == {"treated"}
    assert room.told["letter"] == {"room": 40, "wanted": wanted.sum(), "used": 40,
                                   "left_out": wanted.sum() - 40, "left_over": 0}  # fmt: skip
    changed = after.filter(pa.array(wanted & ~kept))
    assert set(changed["channel"].to_pylist()) <= {"email", "sms"}
    assert not set(changed["decision_id"].to_pylist()) & set(before["decision_id"].to_pylist())


def test_nothing_changes_where_a_night_was_killed_and_fills_again() -> None:
    drawing = Drawing(scarce=frozenset({"letter"}))
    decided = night(people(), drawing)
    room = room_for(drawing.table, standing_of(drawing.table, decided), {"letter": 40})
    once = filled(decided, drawing.table, room)
    again = room_for(drawing.table, standing_of(drawing.table, once), {"letter": 40})
    assert filled(once, drawing.table, again) == once


def test_propensities_are_right_for_those_there_was_no_room_for_too() -> None:
    emails, everyone = 0.0, 0.0
    for seed in range(12):
        _, _, after = with_room(seed)
        for row in after.to_pylist()[:400]:  # those who owe least: for them there are no letters
            everyone += 1
            emails += (row["channel"] == "email") / row["propensity"]
    assert emails / (27 * everyone) == pytest.approx(1.0, abs=0.05)


def test_who_has_no_other_way_is_left_alone_and_told_why() -> None:
    only_letters = {f"consent_{c}": None for c in ("email", "sms", "whatsapp", "voice")}
    cases, drawing = people(50, **only_letters), Drawing(scarce=frozenset({"letter"}))
    decided = night(cases, drawing)
    room = room_for(drawing.table, standing_of(drawing.table, decided), {"letter": 10})
    after = filled(decided, drawing.table, room).to_pylist()
    left = [row for row in after if row["arm"] == "none"]
    assert len(left) == 40
    assert {row["blocked_by"] for row in left} == {"capacity"}
    assert {row["propensity"] for row in left} == {None}
    assert all("no room" in row["reasons"] for row in left)


def test_calls_are_bound_by_the_hours_of_agents_too() -> None:
    hours = CapacitySettings(calls=30, agent_hours=2.0, minutes_a_call=6.0)
    assert rooms(hours) == {"voice": 20}
    assert rooms(replace(hours, agent_hours=9.0)) == {"voice": 30}
    assert rooms(CapacitySettings()) == {}


class LettersHelpSome:
    """Believes that a letter helps every third account more than an e-mail does."""

    def of(self, cases: pa.Table) -> LettersHelpSome:
        self.helped = np.array([int(one[1:]) % 3 == 0 for one in cases["account_id"].to_pylist()])
        return self

    def weighed(self, which: Sequence[int], ways: Ways, *, leaves: bool) -> Any:
        by_letter = np.where(self.helped[list(which)], 0.3, 0.05)
        gain = np.array([[letter if w.channel == "letter" else 0.04 for w in ways]
                         for letter in by_letter])  # fmt: skip
        return np.full(gain.shape, 1 / len(ways)), gain, gain.max(axis=1)


def test_a_letter_goes_to_those_whom_it_is_expected_to_help_more_than_another_way() -> None:
    drawing = Drawing(LettersHelpSome(), scarce=frozenset({"letter"}))
    decided = night(people(), drawing)
    room = room_for(drawing.table, standing_of(drawing.table, decided), {"letter": 50})
    after = filled(decided, drawing.table, room).to_pylist()
    sent = [row["account_id"] for row in after if row["channel"] == "letter"]
    assert len(sent) == 50
    assert all(int(account_id[1:]) % 3 == 0 for account_id in sent)
