"""Which version holds on a day, who has which share, and what there is to return to."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from tideover.rules.choice import held_out
from tideover.rules.strategy.head import Challenge
from tideover.rules.strategy.versions import (
    Holding,
    Publication,
    Version,
    before,
    holding,
    refusal,
)

MARCH, APRIL, MAY = (date(2026, month, 1) for month in (3, 4, 5))
IDS = [f"A{number}" for number in range(4000)]


def version(number: int, *, name: str = "default", share: float = 0.0) -> Version:
    challenge = Challenge("default", share) if share else None
    return Version(name, number, f"hash {name} {number}", "Ann", MARCH, challenge)


FIRST, SECOND = version(1), version(2)
BOLD = version(1, name="bold", share=0.2)


def labels(held: Holding | None) -> list[str]:
    return [one.label for one in held.versions] if held else []


def test_a_version_holds_from_its_day() -> None:
    told = [Publication(FIRST, MARCH), Publication(SECOND, MAY)]
    assert labels(holding(told, date(2026, 2, 28))) == []
    assert labels(holding(told, date(2026, 4, 30))) == ["default 1"]
    assert labels(holding(told, MAY)) == ["default 2"]


def test_of_two_from_one_day_the_later_publication_holds() -> None:
    told = [Publication(FIRST, MARCH), Publication(SECOND, MARCH)]
    assert labels(holding(told, MARCH)) == ["default 2"]


def test_a_challenger_stands_beside_its_champion_until_a_new_one() -> None:
    told = [Publication(FIRST, MARCH), Publication(BOLD, APRIL), Publication(SECOND, MAY)]
    assert labels(holding(told, APRIL)) == ["default 1", "bold 1"]
    assert labels(holding(told, MAY)) == ["default 2"]


def test_a_challenge_to_what_does_not_hold_is_refused() -> None:
    assert "nothing holds from that day" in refusal([], BOLD, APRIL)
    other = version(1, name="other")
    assert "other holds" in refusal([Publication(other, MARCH)], BOLD, APRIL)
    assert refusal([Publication(FIRST, MARCH)], BOLD, APRIL) == ""


def test_challengers_leave_the_champion_half() -> None:
    told = [Publication(FIRST, MARCH), Publication(BOLD, APRIL)]
    greedy = version(1, name="greedy", share=0.4)
    assert "more than 50%" in refusal(told, greedy, APRIL)
    assert refusal(told, version(1, name="meek", share=0.3), APRIL) == ""


def test_rolling_back_ends_challengers_first_and_then_returns_to_the_champion_before() -> None:
    told = [Publication(FIRST, MARCH), Publication(SECOND, APRIL), Publication(BOLD, APRIL)]
    assert before(told, APRIL) == SECOND
    told.append(Publication(SECOND, APRIL, returned=True))
    assert labels(holding(told, APRIL)) == ["default 2"]
    assert before(told, APRIL) == FIRST
    told.append(Publication(FIRST, MAY, returned=True))
    assert labels(holding(told, MAY)) == ["default 1"]
    assert before(told, MAY) is None


@given(st.integers(0, 2**32), st.floats(0.01, 0.5), st.floats(0.01, 0.5))
@settings(max_examples=20, deadline=None)
def test_each_has_its_stated_share_of_accounts(seed: int, one: float, other: float) -> None:
    shares = {"a": one / 2, "b": other / 2}
    rivals = tuple(version(1, name=name, share=share) for name, share in shares.items())
    chosen = [Holding(FIRST, rivals).version_for(i, seed=seed).name for i in IDS]
    for name, share in {**shares, "default": 1 - sum(shares.values())}.items():
        deviation = (len(IDS) * share * (1 - share)) ** 0.5
        assert abs(chosen.count(name) - len(IDS) * share) <= 5 * deviation + 1


@given(st.integers(0, 2**32), st.text(max_size=20))
def test_an_account_stays_with_its_version_on_every_night(seed: int, account_id: str) -> None:
    held = Holding(FIRST, (BOLD,))
    assert held.version_for(account_id, seed=seed) == held.version_for(account_id, seed=seed)


def test_a_challenger_that_grows_keeps_its_accounts() -> None:
    small, large = (Holding(FIRST, (version(1, name="bold", share=s),)) for s in (0.1, 0.3))
    mine = [{i for i in IDS if h.version_for(i, seed=7).name == "bold"} for h in (small, large)]
    assert mine[0] < mine[1]


def test_the_share_says_nothing_of_the_hold_out() -> None:
    held = Holding(FIRST, (version(1, name="bold", share=0.5),))
    left_alone = [i for i in IDS if held_out(i, share=0.5)]
    bold = sum(held.version_for(i, seed=7).name == "bold" for i in left_alone)
    assert abs(bold / len(left_alone) - 0.5) < 0.06
