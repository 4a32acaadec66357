"""Which permitted treatment, with which probability; the hold-out; reproducible from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from itertools import accumulate, product
from typing import NamedTuple

from tideover.rules.strategy import Proposal

_WHOLE = 2**64
STANDING = "standing"
UNIFORM, THOMPSON = "uniform", "thompson"  # ways to choose
WEEK_DAYS = 7
MOST_EXPLORED = 0.25  # of all draws among messages; what the floors may come to


class Option(NamedTuple):
    """One way to treat an account, as far as the draw decides it."""

    treatment: str
    channel: str
    tone: str
    offer: str
    part: str


LEFT_ALONE = Option("none", "none", "none", "none", "none")  # not contacting, as one more way


class Drawn(NamedTuple):
    """What was drawn.

    Args:
        propensity: Probability of this option, given that the account is treated; (0, 1].
        spread: Where in the part of the day, as a share of it; [0, 1).
    """

    option: Option
    propensity: float
    spread: float


def held_out(account_id: str, *, share: float, of: str = STANDING) -> bool:
    """Say whether an account stands in the hold-out: the same ones on every night.

    No seed goes in, so that drawing nights anew does not mix those left alone with the others.

    Args:
        share: Part of all accounts that is never contacted, so that there is something to compare
            with; 0 to 1.
        of: The hold-out's name: each campaign has one of its own beside the standing one.
    """
    return _numbers(f"holdout|{of}|{account_id}")[0] < share * _WHOLE


def options(
    proposal: Proposal, channels: tuple[str, ...], parts: tuple[str, ...]
) -> tuple[Option, ...]:
    """Return every way to treat an account that is permitted and can reach the customer.

    Args:
        channels: Those of the proposal that may be used for this customer.
        parts: Those of the proposal that lie inside contact hours.
    """
    chosen = product((proposal.treatment,), channels, proposal.tones, proposal.offers, parts)
    return tuple(Option(*words) for words in chosen)


def draw(
    permitted: tuple[Option, ...], *, seed: int, account_id: str, as_of: date,
    shares: Sequence[float] | None = None,
) -> Drawn:  # fmt: skip
    """Draw one of the permitted options.

    The number comes from the seed, the account and the night alone, so a night can be replayed and
    no account's draw depends on another's.

    Args:
        permitted: At least one.
        shares: How likely each is, adding up to one; where not given each is as likely as the
            others.
    """
    number, spread = chance(seed=seed, account_id=account_id, as_of=as_of)
    if shares is None:
        place = min(int(number * len(permitted)), len(permitted) - 1)
        return Drawn(permitted[place], 1 / len(permitted), spread)
    place = sum(passed <= number for passed in accumulate(shares))
    place = min(place, max(at for at, share in enumerate(shares) if share > 0))
    return Drawn(permitted[place], shares[place], spread)


def chance(*, seed: int, account_id: str, as_of: date) -> tuple[float, float]:
    """Return an account's two numbers of a night: which option, and where in its part of the day.

    Both lie in [0, 1).
    """
    number, spread = _numbers(f"draw|{seed}|{as_of}|{account_id}")
    return (number >> 11) / 2**53, (spread >> 11) / 2**53


def week_of(account_id: str, as_of: date) -> date:
    """Return the first day of the week, the account's own, that a day lies in.

    An account's number of a learnt draw holds for a week: who is left alone is left alone for days,
    and not asked by lot again each night until a message falls to them. Weeks begin on different
    days, so that not everyone's number changes on the same.
    """
    day = as_of.toordinal()
    return date.fromordinal(day - (day + _numbers(f"week|{account_id}")[0]) % WEEK_DAYS)


def thompson(worth: Sequence[Sequence[float]], floors: Sequence[float]) -> list[float]:
    """Return how likely each option is to be drawn: as often as it may be the best, or its floor.

    Thompson sampling draws what the options are worth from what is believed of them and takes the
    best. Here a fixed number of such draws is made first and counted, so that the probability that
    is recorded is the one that is used, and no estimate of it.

    Args:
        worth: What each option is worth, in each of several draws; of equals the first is best.
        floors: The least probability of each, as `floors_of` gives them.

    Source:
        Thompson, On the likelihood that one unknown probability exceeds another, 1933.

    Examples:
        >>> thompson([[0.1, 0.3], [0.2, 0.1], [0.0, 0.4], [0.1, 0.2]], [0.0, 0.0])
        [0.25, 0.75]
    """
    best = [row.index(max(row)) for row in map(list, worth)]
    left = 1.0 - sum(floors)
    return [floor + left * best.count(place) / len(best) for place, floor in enumerate(floors)]


def floors_of(messages: int, floor: float, *, leaves: bool) -> list[float]:
    """Return the least probability of each way, and last of leaving alone where it is one.

    With few ways each keeps the floor; with many they share `MOST_EXPLORED` equally. As no channel,
    tone, offer or part of the day has more than seven values, each value keeps three in a hundred
    either way.

    Args:
        messages: How many ways to write there are; at least one.
        floor: As the settings say; from 0 to 0.1.

    Examples:
        >>> floors_of(2, 0.03, leaves=True), floors_of(50, 0.03, leaves=False)[:2]
        ([0.03, 0.03, 0.03], [0.005, 0.005])
    """
    each = min(floor, MOST_EXPLORED / messages)
    return [each] * messages + [floor] * leaves


def decision_id(*words: object) -> str:
    """Return the id of a decision, from all that makes it this one.

    It starts with a letter, because a spreadsheet reads `12345e67` as a number.
    """
    return "D" + sha256("|".join(map(str, words)).encode()).hexdigest()[:20]


def _numbers(text: str) -> tuple[int, int]:
    digest = sha256(text.encode()).digest()
    return int.from_bytes(digest[:8]), int.from_bytes(digest[8:16])
