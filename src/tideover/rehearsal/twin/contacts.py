"""What the twin wrote to its customers, and what they answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from tideover.rehearsal.twin.export import own_ids, owner_ids
from tideover.rehearsal.twin.ledger import Rows
from tideover.rehearsal.twin.lives import Lives
from tideover.rehearsal.twin.people import DISPUTING, Chance
from tideover.rehearsal.twin.place import Place
from tideover.rehearsal.twin.reach import CHANNELS, EMAIL, LETTER
from tideover.rehearsal.twin.texts import Ints, instants, picked

OUTCOMES = ("sent", "delivered", "bounced", "opened", "clicked", "answered", "no_answer", "failed",
            "replied")  # fmt: skip
# By channel, in the order of OUTCOMES.
OUTCOME_SHARES = (
    (0.06, 0.42, 0.03, 0.36, 0.13, 0, 0, 0, 0),
    (0.05, 0.83, 0, 0, 0.09, 0, 0, 0.03, 0),
    (0.03, 0.40, 0, 0.45, 0.10, 0, 0, 0.02, 0),
    (0, 0, 0, 0, 0, 0.42, 0.53, 0.05, 0),
    (1, 0, 0, 0, 0, 0, 0, 0, 0),
)
SAID = {
    "promise": {"en": "I was late, sorry. I will pay this soon",
                "nl": "Excuus, ik ben te laat. Ik betaal binnenkort"},
    "plan_request": {"en": "I cannot pay this at once, can I pay in parts?",
                     "nl": "Ik kan dit niet in een keer betalen, kan het in termijnen?"},
    "complaint": {"en": "This bill is wrong, I did not use that much",
                  "nl": "Deze rekening klopt niet, zoveel heb ik niet verbruikt"},
}  # fmt: skip


@dataclass(frozen=True)
class _Said:
    """One kind of contact; `nth` tells it from others of the same account and round."""

    nth: int
    rows: Rows
    purpose: str
    channel: Ints
    tone: Any = ""
    offer: str = ""

    @property
    def inbound(self) -> bool:
        return self.purpose in SAID


def contacts(lives: Lives) -> Iterator[Mapping[str, Any]]:
    """Yield the table of contacts, one kind after the other."""
    who, place, chance = lives.who, lives.place, lives.chance
    for said in _all(lives):
        row, cycle = said.rows["row"], said.rows["cycle"]
        minute = chance.integers(*((420, 1300) if said.inbound else (510, 1180)), len(row))
        yield {
            "contact_id": own_ids("contacts", who.account[row], cycle=cycle, nth=said.nth),
            "account_id": owner_ids("accounts", who.account[row]),
            "channel": picked(CHANNELS, said.channel),
            "direction": pa.repeat("inbound" if said.inbound else "outbound", len(row)),
            "occurred_at": instants(said.rows["day"], minute, zone=place.timezone),
            "purpose": pa.repeat(said.purpose, len(row)),
            "outcome": _outcome(said, chance),
            "tone": _or_empty(said.tone, len(row)),
            "offer": _or_empty(said.offer, len(row)),
            "text": _text(said, lives.how.language[row], place),
        }


def _all(lives: Lives) -> Iterator[_Said]:
    who, used, span = lives.who, lives.how.used, lives.span
    reminders, steps, offers, promises, plans = (
        lives.ledger.rows(name)
        for name in ("reminders", "steps", "plan_offers", "promises", "plans")
    )
    notice = steps["step"] == "notice_issued"
    notices = {name: column[notice] for name, column in steps.items()}
    begins = who.trouble[0]
    upset = (who.reason == DISPUTING) & (span.first <= begins) & (begins <= span.last)
    at = np.flatnonzero(upset)
    complaints = {"row": at, "day": begins[at], "cycle": np.zeros(len(at), np.int64)}
    tones = np.where(reminders["again"], "direct", "friendly")
    letter = np.full(len(notices["row"]), LETTER)
    yield _Said(0, reminders, "reminder", used[reminders["row"]], tones, "none")
    yield _Said(1, notices, "notice", letter, "formal", "none")
    yield _Said(2, offers, "plan_offer", used[offers["row"]], "empathetic", "plan")
    for nth, rows, purpose in (
        (3, promises, "promise"), (4, plans, "plan_request"), (5, complaints, "complaint"),
    ):  # fmt: skip
        by = used[rows["row"]]
        yield _Said(nth, rows, purpose, np.where(by == LETTER, EMAIL, by))


def _outcome(said: _Said, chance: Chance) -> Any:
    if said.inbound:
        return pa.nulls(len(said.channel), pa.string())
    limits = np.cumsum(OUTCOME_SHARES, axis=1)[:, :-1]
    drawn = chance.random(len(said.channel))[:, None]
    return picked(OUTCOMES, (drawn > limits[said.channel]).sum(axis=1))


def _text(said: _Said, language: Ints, place: Place) -> Any:
    if not said.inbound:
        return pa.nulls(len(language), pa.string())
    words = SAID[said.purpose]
    return picked((words.get(tag, words["en"]) for tag, _ in place.languages), language)


def _or_empty(text: Any, n: int) -> Any:
    if isinstance(text, str):
        return pa.repeat(text, n) if text else pa.nulls(n, pa.string())
    return pa.array(text, pa.string())
