"""What is known of the customers' circumstances; of a crisis, less than half of the time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tideover.rehearsal.twin.export import own_ids, owner_ids
from tideover.rehearsal.twin.lives import Lives
from tideover.rehearsal.twin.people import (
    CRISIS,
    DISPUTING,
    NEVER,
    STRETCHED,
    Bools,
    Chance,
    People,
    Span,
)
from tideover.rehearsal.twin.texts import Ints, days, only, picked

SOURCES = {
    "low_income": "agent", "elderly": "customer", "young_child": "customer",
    "disability": "customer", "life_support": "physician", "language_barrier": "agent",
    "representative": "customer", "deceased": "agent", "bankruptcy": "court",
    "debt_respite": "court", "hardship": "agent", "unemployed": "customer",
    "bereavement": "customer", "medical_certificate": "physician", "dispute": "customer",
    "complaint": "customer", "assistance_pending": "agent",
}  # fmt: skip
KINDS = tuple(SOURCES)
SHARES = {"elderly": 0.06, "young_child": 0.05, "disability": 0.02, "life_support": 0.003,
          "language_barrier": 0.015, "representative": 0.003, "deceased": 0.0005,
          "bankruptcy": 0.0005}  # fmt: skip
OF_A_CRISIS = ("hardship", "unemployed", "bereavement", "medical_certificate")


@dataclass(frozen=True)
class _Known:
    kind: str
    who: Bools
    start: Ints
    end: Ints


def circumstances(lives: Lives) -> dict[str, Any]:
    """Return the table of circumstances that began by the last day."""
    who, span = lives.who, lives.span
    known = list(_known(who, span, lives.chance))
    at = [np.flatnonzero(k.who & who.leads & (k.start <= span.last)) for k in known]
    asked = lives.ledger.rows("assistance_asked")
    row = np.concatenate([*at, asked["row"]])
    kind = np.repeat([KINDS.index(k.kind) for k in known], [len(a) for a in at])
    kind = np.concatenate([kind, np.full(len(asked["row"]), KINDS.index("assistance_pending"))])
    cycle = np.concatenate([np.zeros(len(row) - len(asked["row"]), int), asked["cycle"]])
    start = np.concatenate([*(k.start[a] for k, a in zip(known, at, strict=True)), asked["day"]])
    end = np.concatenate([*(k.end[a] for k, a in zip(known, at, strict=True)), asked["until"]])
    of_account = kind >= KINDS.index("dispute")
    return {
        "circumstance_id": own_ids("circumstances", who.account[row], cycle=cycle, nth=kind),
        "customer_id": owner_ids("customers", who.customer[row]),
        "account_id": only(of_account, owner_ids("accounts", who.account[row])),
        "kind": picked(KINDS, kind),
        "starts_on": days(start),
        "ends_on": days(end, span.last + 1),
        "source": picked(SOURCES.values(), kind),
    }


def _known(who: People, span: Span, chance: Chance) -> Iterator[_Known]:
    n = len(who)
    before, always = span.first - chance.integers(1, 700, n), np.full(n, NEVER)
    home = ~who.business
    yield _Known("low_income", home & (who.band == 0) & (chance.random(n) < 0.5), before, always)
    for kind, share in SHARES.items():
        start = span.first - 300 + chance.integers(0, span.length + 300, n)
        yield _Known(kind, home & (chance.random(n) < share), start, always)
    respite = home & (who.reason == STRETCHED) & (chance.random(n) < 0.02)
    start = span.first + chance.integers(0, span.length, n)
    yield _Known("debt_respite", respite, start, start + 60)
    told = (who.reason == CRISIS) & (chance.random(n) < 0.45)
    which = chance.integers(0, len(OF_A_CRISIS), n)
    start = who.trouble[0] + chance.integers(0, 31, n)
    for i, kind in enumerate(OF_A_CRISIS):
        yield _Known(kind, told & (which == i), start, who.trouble[1] - 1)
    disputing, during = who.reason == DISPUTING, (who.trouble[0], who.trouble[1] - 1)
    for kind, share in (("dispute", 0.9), ("complaint", 0.3)):
        yield _Known(kind, disputing & (chance.random(n) < share), *during)
