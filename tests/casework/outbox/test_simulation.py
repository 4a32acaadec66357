"""The real outbox under crashes, stalls, lost replies, outages, stops, payments and clock jumps."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from tests.casework.outbox.world import World
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.outbox import calling, finishing, heeding, intent, recovery

pytestmark = pytest.mark.django_db
IN_TEST, IN_MATRIX, ENOUGH_TO_CATCH = 200, 2_000, 80
PROMISES = ("key", "lookup", "none")


def lived(seed: int) -> list[str]:
    """Return what went wrong in the world of a seed; nothing of it stays."""
    with transaction.atomic():
        found = World(seed, PROMISES[seed % 3]).run()
        transaction.set_rollback(True)
    return found


@pytest.mark.invariant("I8", "I9")
@pytest.mark.parametrize("lot", range(8))
def test_in_two_hundred_worlds_nothing_leaves_twice_or_after_a_stop(lot: int) -> None:
    seeds = range(lot, IN_TEST, 8)
    assert {seed: found for seed in seeds if (found := lived(seed))} == {}


@pytest.mark.matrix
def test_nor_in_two_thousand() -> None:
    assert {seed: found for seed in range(IN_MATRIX) if (found := lived(seed))} == {}


def test_the_same_seed_lives_the_same_life() -> None:
    def life() -> list[Any]:
        with transaction.atomic():
            world = World(7)
            world.run()
            ended = Message.objects.order_by("id").values_list("status", "attempts", "reason")
            found = list(ended)
            transaction.set_rollback(True)
        return found

    assert life() == life()


def no_key_age(patch: Any) -> None:
    patch.setattr(intent, "_key_fresh", lambda *_: True)
    patch.setattr("tideover.casework.outreach.outbox.policy.SendPolicy.key_life",
                  lambda self, ttl: ttl * 1000)  # fmt: skip


def no_fence(patch: Any) -> None:
    def unfenced(rows: Any, **unused: Any) -> None:
        for pk, row in rows:
            Message.objects.filter(pk=pk).update(**row)

    patch.setattr(finishing, "_holds", lambda claim, ready: {one.message.pk for one in ready})
    patch.setattr(finishing, "write", unfenced)


def no_second_look(patch: Any) -> None:
    patch.setattr(intent, "standing_reason", lambda *_: "")
    patch.setattr(heeding, "take_back", lambda *_: 0)


def naive_requeue(patch: Any) -> None:
    def again(sender: Any, message: Any, now: Any, why: str) -> Any:
        return finishing._again(message, now, why, first_try_at=None), None

    patch.setattr(finishing, "ambiguous", again)
    patch.setattr(recovery, "ambiguous", again)


def no_monotonic_check(patch: Any) -> None:
    patch.setattr(calling, "held_long", lambda *_: False)


@pytest.mark.parametrize(
    "plant", [no_key_age, no_fence, no_second_look, naive_requeue, no_monotonic_check]
)
def test_a_planted_fault_is_caught(plant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    assert any(lived(seed) for seed in range(ENOUGH_TO_CATCH))
