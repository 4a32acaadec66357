"""Whether a message helped: known values, and coverage on made-up groups."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tideover.rules.lift import Group, lift, too_few, wilson

GROUPS = st.integers(1, 400).flatmap(lambda of: st.builds(Group, st.integers(0, of), st.just(of)))


# Newcombe 1998, table II, method 10.
@pytest.mark.parametrize(("treated", "held", "low", "high"), [
    (Group(56, 70), Group(48, 80), 0.0524, 0.3339),
    (Group(9, 10), Group(3, 10), 0.1705, 0.8090),
    (Group(5, 56), Group(0, 29), -0.0381, 0.1926),
    (Group(0, 10), Group(0, 20), -0.1611, 0.2775),
    (Group(10, 10), Group(0, 10), 0.6075, 1.0000),
])  # fmt: skip
def test_the_interval_is_the_published_one(
    treated: Group, held: Group, low: float, high: float
) -> None:
    found = lift(treated, held)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(GROUPS, GROUPS)
def test_the_interval_holds_the_difference_and_turns_with_the_groups(
    one: Group, other: Group
) -> None:
    found, turned = lift(one, other), lift(other, one)
    assert found is not None
    assert turned is not None
    assert -1 - 1e-9 <= found.low <= found.at + 1e-9 <= found.high + 2e-9 <= 1 + 3e-9
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))


@given(GROUPS)
def test_more_people_make_a_share_surer(group: Group) -> None:
    low, high = wilson(group)
    more_low, more_high = wilson(Group(group.did * 4, group.of * 4))
    assert more_high - more_low < high - low


def test_nobody_in_a_group_tells_nothing() -> None:
    assert lift(Group(3, 10), Group(0, 0)) is None


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    chance, held = Random(7), 0
    cases = list(product((0.05, 0.4, 0.9), (0.0, 0.05), range(150)))
    for base, added, _ in cases:
        groups = [Group(sum(chance.random() < share for _ in range(of)), of)
                  for share, of in ((base + added, 240), (base, 60))]  # fmt: skip
        found = lift(*groups)
        assert found is not None
        held += found.low <= added <= found.high
    assert 0.93 <= held / len(cases) <= 0.98


def test_small_cells_are_said_to_be_small() -> None:
    assert too_few(Group(15, 29), Group(50, 100))
    assert too_few(Group(2, 100), Group(2, 100))
