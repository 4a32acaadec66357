"""Real workers killed, frozen, cut off, on both databases: nothing leaves twice (F1-3, F6, F13)."""

from __future__ import annotations

import random
import signal
import time

import pytest

from tests.faults.outbox.conftest import Place
from tests.faults.outbox.provider import Provider, listening

MESSAGES, KILLS, LONG_KILLS = 60, 3, 200


def killed(place: Place, provider: Provider, *, dedupe: str, kills: int) -> dict[str, int]:
    """Have workers killed at random moments, then one finish; return how messages ended."""
    chance = random.Random(7)
    place.script("fill", max(MESSAGES, kills * 8))
    with listening(provider) as url:
        for _ in range(kills):
            worker = place.worker(url, dedupe)
            time.sleep(chance.uniform(0.01, 0.35))
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        last = place.worker(url, dedupe)
        ended = place.wait(60 + kills)
        last.kill()
        last.wait()
    return ended


@pytest.mark.parametrize("kills", [KILLS, pytest.param(LONG_KILLS, marks=pytest.mark.matrix)])
def test_a_killed_sender_loses_nothing_and_repeats_nothing_where_keys_are_known(
    place: Place, kills: int
) -> None:
    provider = Provider(remembers=True)
    ended = killed(place, provider, dedupe="key", kills=kills)
    assert ended == {"sent": sum(ended.values())}
    assert set(provider.delivered.values()) == {1}
    assert len(provider.delivered) == ended["sent"]


@pytest.mark.parametrize("kills", [KILLS, pytest.param(LONG_KILLS, marks=pytest.mark.matrix)])
def test_nor_where_they_are_not_and_what_nobody_knows_is_said(place: Place, kills: int) -> None:
    provider = Provider(remembers=False)
    ended = killed(place, provider, dedupe="none", kills=kills)
    assert set(provider.delivered.values()) == {1}
    assert set(ended) <= {"sent", "unknown"}
    assert ended.get("unknown", 0) <= kills * 5
    sent = place.keys("sent")
    assert sent <= set(provider.delivered)
    assert set(provider.delivered) - sent <= place.keys("unknown")


def test_a_sender_frozen_past_its_lease_wakes_up_and_sends_nothing(place: Place) -> None:
    provider = Provider(remembers=False)
    place.script("fill", MESSAGES)
    with listening(provider) as url:
        sleeper = place.worker(url, "none", 1.0)
        time.sleep(0.1)
        sleeper.send_signal(signal.SIGSTOP)
        time.sleep(1.5)
        other = place.worker(url, "none", 1.0)
        place.wait()
        sleeper.send_signal(signal.SIGCONT)
        time.sleep(1.0)
        for worker in (sleeper, other):
            worker.kill()
            worker.wait()
    assert set(provider.delivered.values()) == {1}


def test_where_every_answer_is_lost_nothing_is_repeated_without_a_key(place: Place) -> None:
    provider = Provider(remembers=False)
    provider.lose_answers = True
    place.script("fill", 20)
    with listening(provider) as url:
        worker = place.worker(url, "none")
        ended = place.wait()
        worker.kill()
        worker.wait()
    assert ended == {"unknown": 20}
    assert set(provider.delivered.values()) == {1}
