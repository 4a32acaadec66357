"""An experiment: several messages given by lot, and people held out to compare them with.

What is stated before it starts never changes: whom, the arms and their shares, what is counted,
and when it stops. People come in night by night; each look may end it, and none is one too many.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from math import ceil, sqrt
from typing import NamedTuple

from tideover.rules.campaign import Message, conditions
from tideover.rules.lift import SURE, Lift
from tideover.rules.power import people_needed
from tideover.rules.strategy.proposal import is_name
from tideover.terms.faults import Usage

CONTROL = "control"
UNITS = ("account", "customer")
OUTCOMES = ("paid_in_full", "paid_anything", "cured", "plan_agreed", "opted_out", "complained")
WINDOWS = (7, 14, 30, 60)  # days
SMALLEST_SHARE = 0.05
FOUND, ENOUGH = "a difference was found", "as many people as were planned"
_WHOLE = 2**64
_ARM = re.compile(r"\s*([a-z][a-z0-9_]{0,63})\s*:\s*(.*\S)\s*", re.ASCII)
_PARTS = {one.name for one in fields(Message)}
_STRANGE = 3.29  # spreads from none; by chance once in a thousand


class Arm(NamedTuple):
    """One message, and the share of people who are to get it."""

    name: str
    message: Message
    share: float


@dataclass(frozen=True)
class Experiment:
    """What is stated before it starts.

    Args:
        where: Conditions that must all hold, as of a campaign.
        control: The share of people who get none of the messages.
        unit: Who is given an arm: an account, or a customer with all of their accounts.
        outcome, window_days: What is counted, within so many days.
        points: The difference that is to be seen, in points of a hundred.
        base: The share that is expected to do it anyway.
    """

    name: str
    where: tuple[str, ...]
    arms: tuple[Arm, ...]
    control: float
    unit: str
    outcome: str
    window_days: int
    points: float
    base: float

    @property
    def sure(self) -> float:
        """Of each arm's interval, so that all of them together hold in 95 of a hundred."""
        return 1 - (1 - SURE) / len(self.arms)

    @property
    def people(self) -> int:
        """Return how many people it takes, all arms together."""
        needed = 0
        for arm in self.arms:
            both = self.control + arm.share
            pair = people_needed(self.base, self.points, held_share=self.control / both,
                                 sure=self.sure)  # fmt: skip
            needed = max(needed, ceil(pair / both))
        return needed

    def arm_of(self, unit: str) -> str:
        """Return the arm of a unit: a hash of it and of the name, and of nothing else.

        Examples:
            >>> arms = (Arm("plan", Message("help", "sms"), 0.5),)
            >>> one = Experiment("spring", (), arms, 0.5, "account", "cured", 30, 5, 0.4)
            >>> [one.arm_of(f"A{n}") for n in range(5)]
            ['control', 'plan', 'control', 'control', 'control']
        """
        digest = sha256(f"experiment|{self.name}|{unit}".encode()).digest()
        number, so_far = int.from_bytes(digest[:8]) / _WHOLE, self.control
        if number < so_far:
            return CONTROL
        for arm in self.arms[:-1]:
            so_far += arm.share
            if number < so_far:
                return arm.name
        return self.arms[-1].name


def parse_arm(text: str) -> tuple[str, Message, float | None]:
    """Return an arm as a person wrote it: its name, its message, and its share where stated.

    Raises:
        Usage: It is no arm, or says what no message has.

    Examples:
        >>> parse_arm("plan: treatment=act_early, channels=email; sms, share=0.3")[2]
        0.3
    """
    found = _ARM.fullmatch(text)
    said: dict[str, str] = {}
    for part in found[2].split(",") if found else ():
        name, sign, cell = (word.strip() for word in part.partition("="))
        if not (sign and cell) or name in said or name not in {*_PARTS, "share"}:
            raise Usage(f"{part.strip()!r} says nothing of an arm", where="--arm",
                        mend=f"Say {', '.join(sorted(_PARTS))} or share, as name=words",
                        )  # fmt: skip
        said[name] = cell
    if not found or not {"treatment", "channels"} <= set(said):
        raise Usage(f"{text!r} is no arm", where="--arm",
                    mend='Write it as "plan: treatment=act_early, channels=email; sms"',
                    )  # fmt: skip
    share = said.pop("share", None)
    try:
        return found[1], Message(**said), None if share is None else float(share)
    except ValueError:
        raise Usage(f"{share!r} is no share", where="--arm") from None


def arms_of(texts: Sequence[str], control: float) -> tuple[Arm, ...]:
    """Return arms with their shares; those that state none have what is left in equal parts."""
    parsed = [parse_arm(text) for text in texts]
    stated = [share for _, _, share in parsed if share is not None]
    silent = len(parsed) - len(stated)
    each = (1 - control - sum(stated)) / silent if silent else 0.0
    return tuple(Arm(name, message, round(each if share is None else share, 6))
                 for name, message, share in parsed)  # fmt: skip


MORE_THAN_ALL = "With that difference more would do it than there are"


def check_experiment(one: Experiment) -> None:
    """Refuse an experiment that could not be started, or that nothing could be learnt from.

    Raises:
        Usage: Says which part, and how to write it.
    """
    names = [arm.name for arm in one.arms]
    shares = (one.control, *(arm.share for arm in one.arms))
    for wrong, where, what in (
        (not is_name(one.name), one.name, "An experiment is named in small letters, digits and _"),
        (not names or len({*names, CONTROL}) != len(names) + 1, "--arm",
         "Each arm has a name of its own, and none is called control"),
        (not all(SMALLEST_SHARE <= share < 1 for share in shares) or abs(sum(shares) - 1) > 1e-4,
         "--control", f"Shares are at least {SMALLEST_SHARE} and come to 1"),
        (one.unit not in UNITS, "--unit", f"Known are {' and '.join(UNITS)}"),
        (one.outcome not in OUTCOMES, "--outcome", f"Known are {', '.join(OUTCOMES)}"),
        (one.window_days not in WINDOWS, "--window", f"Known are {WINDOWS} days"),
        (not 0 < one.points <= 50, "--points", "The difference is over 0 and at most 50 points"),
        (not 0 < one.base < 1, "--base", "The share that does it anyway is over 0 and under 1"),
        (not one.base + one.points / 100 <= 1 + 1e-9, "--points", MORE_THAN_ALL),
        (not one.where, "--where", "Nobody is chosen"),
    ):  # fmt: skip
        if wrong:
            raise Usage(what, where=where, mend="See tideover experiment plan --help")
    conditions(one.where)


def stops(one: Experiment, people: int, looks: Mapping[str, Lift | None]) -> str:
    """Return why an experiment ends at a look; nothing where it goes on.

    Args:
        people: Whose window is over.
        looks: Of each arm its difference, with an interval that holds at every look.
    """
    if people >= one.people:
        return ENOUGH
    if any(found is not None and not found.may_be_chance for found in looks.values()):
        return FOUND
    return ""


class Spread(NamedTuple):
    """A feature in one group: how many know it, its mean and its variance."""

    n: int
    mean: float
    variance: float


class Balance(NamedTuple):
    """How far two groups lie apart in a feature before anything was done, in spreads.

    Args:
        strange: Whether chance does that once in a thousand.
    """

    at: float
    low: float
    high: float
    strange: bool


def balance(one: Spread, other: Spread) -> Balance | None:
    """Return the standardised difference of two groups; none where a group knows too little.

    Source:
        P. C. Austin, Balance diagnostics for comparing the distribution of baseline covariates,
        Statistics in Medicine 28 (2009), 3083-3107.

    Examples:
        >>> found = balance(Spread(400, 10.0, 4.0), Spread(400, 10.2, 4.0))
        >>> round(found.at, 3), found.strange
        (-0.1, False)
    """
    spread = sqrt((one.variance + other.variance) / 2)
    if min(one.n, other.n) < 2 or spread == 0:
        return None
    at, error = (one.mean - other.mean) / spread, sqrt(1 / one.n + 1 / other.n)
    return Balance(at, at - 1.96 * error, at + 1.96 * error, abs(at) > _STRANGE * error)
