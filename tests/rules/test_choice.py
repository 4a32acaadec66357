"""The hold-out stands still, the draw is fair, and a night can be replayed."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from math import fsum

from hypothesis import given, settings
from hypothesis import strategies as st

from tideover.rules.choice import (
    MOST_EXPLORED,
    decision_id,
    draw,
    floors_of,
    held_out,
    options,
    thompson,
    week_of,
)
from tideover.rules.strategy import OFFERS, TONES, Proposal

NIGHT = date(2026, 3, 31)
IDS = [f"A{number}" for number in range(4000)]


def proposal(tones: int, offers: int) -> Proposal:
    return Proposal("said so", "treat", OFFERS[:offers], ("email", "sms", "letter"), TONES[:tones])


@given(st.integers(1, 4), st.integers(1, 6), st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_every_permitted_way_is_drawn_as_often_as_was_recorded(
    tones: int, offers: int, seed: int
) -> None:
    permitted = options(proposal(tones, offers), ("email", "sms"), ("morning", "evening"))
    assert len(set(permitted)) == 2 * 2 * tones * offers
    drawn = [draw(permitted, seed=seed, account_id=i, as_of=NIGHT) for i in IDS]
    recorded = {d.option: d.propensity for d in drawn}
    assert set(recorded) == set(permitted)
    assert abs(fsum(recorded.values()) - 1) < 1e-12
    counted = Counter(d.option for d in drawn)
    expected = len(IDS) / len(permitted)
    chi_square = sum((counted[way] - expected) ** 2 / expected for way in permitted)
    freedom = len(permitted) - 1
    assert chi_square < freedom + 6 * (2 * freedom) ** 0.5


@given(st.integers(0, 2**63), st.text(min_size=1))
def test_a_draw_depends_on_nothing_but_seed_account_and_night(seed: int, account_id: str) -> None:
    permitted = options(proposal(4, 6), ("email",), ("morning",))
    first = draw(permitted, seed=seed, account_id=account_id, as_of=NIGHT)
    draw(permitted, seed=seed, account_id="another", as_of=NIGHT)
    assert draw(permitted, seed=seed, account_id=account_id, as_of=NIGHT) == first
    assert 0 <= first.spread < 1


def test_another_night_or_seed_draws_anew() -> None:
    permitted = options(proposal(4, 6), ("email", "sms"), ("morning", "evening"))
    nights = [(seed, date(2026, 3, day)) for seed in (1, 2) for day in (1, 2)]
    drawn = [[draw(permitted, seed=seed, account_id=i, as_of=day).option for i in IDS[:200]]
             for seed, day in nights]  # fmt: skip
    agreeing = [sum(a == b for a, b in zip(drawn[0], other, strict=True)) for other in drawn[1:]]
    assert max(agreeing) < 20


@given(st.text(), st.sampled_from([0.0, 0.05, 0.3, 1.0]))
@settings(max_examples=20, deadline=None)
def test_the_hold_out_has_its_share(prefix: str, share: float) -> None:
    held = sum(held_out(prefix + i, share=share) for i in IDS)
    deviation = (len(IDS) * share * (1 - share)) ** 0.5
    assert abs(held - len(IDS) * share) <= 5 * deviation


def test_a_larger_hold_out_keeps_everyone_of_the_smaller() -> None:
    small = {i for i in IDS if held_out(i, share=0.05)}
    assert small <= {i for i in IDS if held_out(i, share=0.1)}


def test_the_draw_of_the_hold_out_says_nothing_of_the_draw_of_the_way() -> None:
    permitted = options(proposal(1, 1), ("email", "sms"), ("morning",))
    held = [i for i in IDS if held_out(i, share=0.5)]
    emails = sum(draw(permitted, seed=7, account_id=i, as_of=NIGHT).option.channel == "email"
                 for i in held)  # fmt: skip
    assert abs(emails / len(held) - 0.5) < 0.06


def test_an_id_is_no_number_and_differs_with_what_was_decided() -> None:
    ids = {decision_id(7, NIGHT, i, "email") for i in IDS} | {decision_id(7, NIGHT, "A1", "sms")}
    assert len(ids) == len(IDS) + 1
    assert all(one.startswith("D") for one in ids)


shares_drawn = st.lists(st.floats(0, 1), min_size=2, max_size=12).filter(lambda row: sum(row) > 0.1)


@given(shares_drawn, st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_a_way_is_drawn_as_often_as_its_share_says(row: list[float], seed: int) -> None:
    shares = [one / fsum(row) for one in row]
    permitted = options(proposal(4, 6), ("email",), ("morning",))[: len(shares)]
    drawn = [draw(permitted, seed=seed, account_id=i, as_of=NIGHT, shares=shares) for i in IDS]
    counted = Counter(d.option for d in drawn)
    for way, share in zip(permitted, shares, strict=True):
        deviation = (len(IDS) * share * (1 - share)) ** 0.5
        assert abs(counted[way] - len(IDS) * share) <= 5 * deviation + 1
    assert all(d.propensity == shares[permitted.index(d.option)] > 0 for d in drawn)


worths = st.integers(1, 8).flatmap(lambda ways: st.lists(
    st.lists(st.integers(-3, 3), min_size=ways, max_size=ways), min_size=1,
    max_size=20))  # fmt: skip


@given(worths, st.booleans())
def test_no_way_is_without_a_chance_and_the_best_has_most(
    worth: list[list[float]], leaves: bool
) -> None:
    messages = len(worth[0]) - (leaves and len(worth[0]) > 1)
    floors = floors_of(messages, 0.03, leaves=len(worth[0]) > messages)
    shares = thompson(worth, floors)
    assert abs(fsum(shares) - 1) < 1e-9
    assert all(share >= floor > 0 for share, floor in zip(shares, floors, strict=True))
    assert sum(floors) <= MOST_EXPLORED + 0.03


@given(st.text(), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_an_accounts_week_has_seven_days_and_begins_on_a_day_of_its_own(
    account_id: str, day: date
) -> None:
    begins = week_of(account_id, day)
    assert timedelta(0) <= day - begins < timedelta(days=7)
    assert {week_of(account_id, begins + timedelta(days=n)) for n in range(7)} == {begins}
    assert week_of(account_id, begins + timedelta(days=7)) == begins + timedelta(days=7)
    assert len({week_of(i, day) for i in IDS[:200]}) == 7


def test_with_many_ways_each_channel_tone_and_offer_keeps_three_in_a_hundred() -> None:
    for tones, offers in ((1, 1), (2, 3), (4, 6)):
        ways = options(proposal(tones, offers), ("email", "sms", "letter"), ("morning", "evening"))
        floors = floors_of(len(ways), 0.03, leaves=False)
        for kind in range(1, 5):
            of_word: Counter[str] = Counter()
            for way, floor in zip(ways, floors, strict=True):
                of_word[way[kind]] += floor  # type: ignore[assignment]
            assert min(of_word.values()) >= 0.03 - 1e-9
