"""Invariants of messages (I10, I11) over a week in which the clocks change, by chance of a seed.

I8 and I9 are those of `test_simulation.py`, on thousands of worlds.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from tests.casework import people
from tests.casework.outbox import pretend
from tests.casework.outbox.pretend import Clock, Provider
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.models.outbox import UNKNOWN

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
CHANGES = [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]
WEEK, DAY = timedelta(days=7), timedelta(days=1)
OPENS, CLOSES, MOST_A_WEEK, MOST_A_DAY = 8, 20, 3, 1


def a_week_around(change: datetime, seed: int) -> dict[str, list[datetime]]:
    """Let three people be written to at any hour, some without a word back; return when it was."""
    chance, start = random.Random(seed), change - 3 * DAY
    provider = Provider(Clock(start))
    provider.answer = lambda key: chance.choice((pretend.takes, pretend.loses))(key)
    for who, number in product("abc", range(5)):
        at = start + timedelta(hours=chance.uniform(0, 5 * 24))
        account = people.account(f"{who}{number}", person=f"C-{who}")
        people.message(account, send_after=at, expires_at=at + 3 * DAY)
    pretend.lives(pretend.sender(provider, pretend.real_law()), provider.clock, start + WEEK,
                  timedelta(hours=2))  # fmt: skip
    whose = {str(one.key): one.account.person_id for one in Message.objects.all()}
    found = defaultdict(list)
    for at, keys in provider.calls:
        for key in keys:
            found[whose[key]].append(at)
    return found


@pytest.mark.invariant("I10", "I11")
@pytest.mark.parametrize(("change", "seed"), zip(CHANGES, (1, 2), strict=True))
def test_nobody_is_written_to_past_the_cap_or_outside_their_hours(
    change: datetime, seed: int
) -> None:
    written = a_week_around(change, seed)
    assert len(written) == 3
    assert Message.objects.filter(status=UNKNOWN).exists()  # they count as well
    for times in written.values():
        local = [at.astimezone(AMSTERDAM) for at in times]
        assert all(OPENS <= at.hour < CLOSES and at.isoweekday() < 7 for at in local)
        assert len(times) <= MOST_A_WEEK
        assert max(Counter(at.date() for at in local).values()) <= MOST_A_DAY
