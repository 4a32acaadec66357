"""Which permitted treatment, with which probability; the hold-out; reproducible from a seed."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from itertools import product
from typing import NamedTuple

from tideover.rules.strategy import Proposal

_WHOLE = 2**64
STANDING = "standing"


class Option(NamedTuple):
    """One way to treat an account, as far as the draw decides it."""

    treatment: str
    channel: str
    tone: str
    offer: str
    part: str


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


def draw(permitted: tuple[Option, ...], *, seed: int, account_id: str, as_of: date) -> Drawn:
    """Draw one of the permitted options; each is as likely as the others.

    The number comes from the seed, the account and the night alone, so a night can be replayed and
    no account's draw depends on another's.

    Args:
        permitted: At least one.
    """
    number, spread = _numbers(f"draw|{seed}|{as_of}|{account_id}")
    chosen = permitted[number * len(permitted) // _WHOLE]
    return Drawn(chosen, 1 / len(permitted), (spread >> 11) / 2**53)


def decision_id(*words: object) -> str:
    """Return the id of a decision, from all that makes it this one.

    It starts with a letter, because a spreadsheet reads `12345e67` as a number.
    """
    return "D" + sha256("|".join(map(str, words)).encode()).hexdigest()[:20]


def _numbers(text: str) -> tuple[int, int]:
    digest = sha256(text.encode()).digest()
    return int.from_bytes(digest[:8]), int.from_bytes(digest[8:16])
