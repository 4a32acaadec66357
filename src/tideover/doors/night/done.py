"""What a night came to, as it is kept and told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class NightDone:
    """What a night came to.

    Args:
        choice: The lessons that ways were drawn by; empty where each was as likely.
        capacity: Of each thing that a day has only so much of: what there is, used and left out.
    """

    as_of: str
    run_id: str
    models: str
    basis: str
    lake_version: int
    accounts: int
    arms: Mapping[str, int]
    learn_anew: str
    zone_drift: Sequence[str] = ()
    choice: str = ""
    capacity: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
