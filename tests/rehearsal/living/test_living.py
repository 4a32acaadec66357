"""A twin that lives on: the same luck for all policies, money that adds up, answers as stated."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from tideover.rehearsal.living import SIMPLE, Messages, Night, World, lived
from tideover.rehearsal.living.answers import PAYS, TAKES, Hearers, chance_complaint, chance_pays
from tideover.rehearsal.living.messages import DIRECT, FORMAL, FRIENDLY, minute_in, silence
from tideover.rehearsal.living.worth import worth_of
from tideover.rehearsal.twin import Plan
from tideover.rehearsal.twin.people import CRISIS, FORGOT, PAYDAY, REASONS, RELIABLE, Floats
from tideover.rehearsal.twin.reach import CHANNELS, EMAIL

PLAN = Plan(accounts=600, days=400, seed=11)
NIGHTS = 45
COST = dict.fromkeys(CHANNELS, 1000)


def nights_of(name: str, nights: int = NIGHTS) -> tuple[World, list[Night]]:
    """Return a world after some nights of a policy, and the nights."""
    world, policy = World(PLAN, NIGHTS), SIMPLE[name]()
    return world, [lived(world, policy.say(world), COST) for _ in range(nights)]


def arrears(name: str) -> float:
    """Return the mean of all nights' arrears."""
    return float(np.mean([night.arrears_minor for night in nights_of(name)[1]]))


def regret(world: World, said: Messages) -> Floats:
    """Return what each message is worth less than the best way."""
    worth, most = worth_of(world, said)
    return most - worth


def hearers(mood: int, *, lately: int = 0, to_payday: int = 15) -> Hearers:
    """Return one who hears a message."""
    return Hearers(*(np.array([value]) for value in (mood, lately, -1, to_payday)))


def a_mail(tone: int = FRIENDLY, row: int = 0) -> Messages:
    """Return a plain reminder by mail."""
    at, offer, said, channel = (np.array([value]) for value in (row, 0, tone, EMAIL))
    return Messages(at, offer, said, channel, minute_in(np.array([1])))


def test_the_same_seed_lives_the_same_life() -> None:
    assert nights_of("random", 20)[1] == nights_of("random", 20)[1]


def test_another_luck_is_another_life_of_the_same_people() -> None:
    one, other = World(PLAN, 5), World(PLAN, 5, seed=99)
    assert (one.arrears == other.arrears).all()
    for world in (one, other):
        for _ in range(5):
            world.live(silence())
    assert (one.arrears != other.arrears).any()


def test_what_is_owed_is_what_was_billed_less_what_came_in() -> None:
    world, policy = World(PLAN, NIGHTS), SIMPLE["random"]()
    owed = world.state.books.owed.sum()
    for _ in range(NIGHTS):
        happened = world.live(policy.say(world))
        owed += happened.total("bills", "amount") + happened.total("adjustments", "amount")
        owed += happened.total("reversals", "amount") - happened.total("payments", "amount")
        assert world.state.books.owed.sum() == owed


def test_bills_of_a_living_day_are_those_of_every_policy() -> None:
    worlds = [World(PLAN, NIGHTS) for _ in range(2)]
    for name, world in zip(("nobody", "random"), worlds, strict=True):
        for _ in range(NIGHTS):
            world.live(SIMPLE[name]().say(world))
    assert (worlds[0].state.books.bills == worlds[1].state.books.bills).all()
    assert (worlds[0].state.books.credits != worlds[1].state.books.credits).any()


def test_who_knows_the_truth_leaves_less_owed_than_letters_and_letters_less_than_nobody() -> None:
    found = [arrears(name) for name in ("threats", "oracle", "letters", "nobody")]
    assert found == sorted(found)
    assert len(set(found)) == len(found)


def test_nobody_sends_nothing_and_costs_nothing() -> None:
    _, nights = nights_of("nobody")
    kept = ("contacts", "cost_minor", "complaints", "opt_outs", "regret_minor")
    assert not any(asdict(night)[name] for night in nights for name in kept)


def test_no_policy_writes_more_often_than_the_cap_allows() -> None:
    world, policy = World(PLAN, NIGHTS), SIMPLE["random"]()
    for _ in range(NIGHTS):
        world.live(policy.say(world))
        assert world.state.sent_since(world.today + 1, 7).max() <= 2


def test_whoever_withdrew_consent_is_not_written_to_on_that_channel() -> None:
    world, policy = World(PLAN, NIGHTS), SIMPLE["random"]()
    world.state.consent[:, EMAIL] = 2
    for _ in range(10):
        assert EMAIL not in policy.say(world).channel
        world.live(policy.say(world))


def test_every_reason_has_its_answers_and_no_answer_is_surer_than_certain() -> None:
    assert PAYS.shape == TAKES.shape == (len(REASONS), 5)
    assert ((PAYS + TAKES) <= 1).all()


@pytest.mark.parametrize("lately", [1, 2, 4])
def test_many_messages_are_heard_less_and_complained_of_more(lately: int) -> None:
    often, once = hearers(FORGOT, lately=lately), hearers(FORGOT)
    assert chance_pays(a_mail(), often) < chance_pays(a_mail(), once)
    assert chance_complaint(a_mail(), often) > chance_complaint(a_mail(), once)


def test_a_hard_word_helps_nobody_in_a_crisis() -> None:
    assert chance_pays(a_mail(FORMAL), hearers(CRISIS)) < chance_pays(a_mail(), hearers(CRISIS))


def test_who_waits_for_payday_answers_near_it() -> None:
    near, far = (chance_pays(a_mail(), hearers(PAYDAY, to_payday=days)) for days in (2, 15))
    assert near > 2 * far


def test_a_crisis_sours_readiness_to_pay_when_spoken_to_sternly() -> None:
    world = World(PLAN, NIGHTS)
    row = int(np.flatnonzero(world.state.mood(world.today + 1) == CRISIS)[0])
    world.live(a_mail(DIRECT, row))
    assert world.state.soured[row] > 0
    assert not world.state.soured[world.state.mood(world.today) == RELIABLE].any()


def test_the_best_message_leaves_no_regret_and_a_stern_one_does() -> None:
    world = World(PLAN, NIGHTS)
    said = SIMPLE["oracle"]().say(world)
    stern = Messages(said.row, said.offer, np.full(len(said), FORMAL), said.channel, said.minute)
    assert len(said) > 20
    assert regret(world, said).max() < 1e-6
    assert regret(world, stern).sum() > 0


def test_leaving_alone_is_one_of_the_ways_that_regret_is_measured_by() -> None:
    world = World(PLAN, NIGHTS)
    row = np.flatnonzero(world.arrears > 0)
    plain, tone, channel, minute = (np.full(len(row), at) for at in (0, FORMAL, EMAIL, 570))
    worth, most = worth_of(world, Messages(row, plain, tone, channel, minute))
    assert (worth < 0).any()
    assert (most >= np.maximum(worth, 0)).all()
