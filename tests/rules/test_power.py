"""How many people it takes: as many as promised do see the difference, by what pages judge by."""

from __future__ import annotations

import numpy as np
import pytest

from tideover.rules.lift import Group
from tideover.rules.looking import lift_at_any_look
from tideover.rules.power import people_needed, points_seen

LOOKS, TRIES = 20, 300


def sees_it(chance: np.random.Generator, people: int, *, added: float, sure: float) -> bool:
    """Say whether a difference from 40 of 100 is seen at some look, of people who come in order."""
    held = chance.random(people) < 0.3
    did = chance.random(people) < np.where(held, 0.4, 0.4 + added)
    for n in np.linspace(people / LOOKS, people, LOOKS).astype(int):
        groups = [Group(int(did[:n][of].sum()), int(of.sum())) for of in (~held[:n], held[:n])]
        found = lift_at_any_look(*groups, planned=people, sure=sure)
        if found is not None and not found.may_be_chance:
            return True
    return False


@pytest.mark.parametrize("arms", [1, 3])
def test_so_many_people_do_see_the_difference_as_often_as_promised(arms: int) -> None:
    chance, sure = np.random.default_rng(11), 1 - 0.05 / arms
    people = people_needed(0.4, 10, held_share=0.3, sure=sure)
    seen = sum(sees_it(chance, people, added=0.1, sure=sure) for _ in range(TRIES)) / TRIES
    assert 0.75 <= seen <= 0.9


def test_what_is_seen_and_what_is_needed_agree() -> None:
    points = points_seen(0.4, 2_000, held_share=0.2)
    assert points is not None
    assert people_needed(0.4, points, held_share=0.2) <= 2_000
    assert people_needed(0.4, points - 1, held_share=0.2) > 2_000
