"""What was decided -> messages to be sent: for what, in which form and language, until when."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from tideover.doors.publication.treatment import Treated
from tideover.portfolio.workspace import ContactSettings
from tideover.rules.message import FORMS, language_of, purpose_of
from tideover.terms.calendar import days, local_instant

_NAMES = uuid.UUID("6f0b5f5e-6d0c-5b1c-9d0e-7469646f7665")  # of every key that is made here


def key_of(decision_id: str) -> uuid.UUID:
    """Return the key of a decision's message: the same for ever, whoever makes it."""
    return uuid.uuid5(_NAMES, decision_id)


@dataclass(frozen=True)
class Reachable:
    """How people can be reached: the best point of each on each channel, and their language.

    Args:
        points: By customer and channel joined by a space; columns `at` and `contact_point_id`.
        languages: customer_id, language.
    """

    points: pa.Table
    languages: pa.Table

    def best(self, customers: pa.Array, channels: pa.Array) -> pa.Array:
        """Return the contact point for each; null where there is none on that channel."""
        at = pc.binary_join_element_wise(customers, channels, " ")
        place = pc.index_in(at, self.points["at"].combine_chunks())
        return self.points["contact_point_id"].take(place)

    def spoken(self, customers: pa.Array) -> pa.Array:
        """Return what each said to speak; empty where nothing."""
        place = pc.index_in(customers, self.languages["customer_id"].combine_chunks())
        return pc.fill_null(self.languages["language"].take(place), "")


def messages(treated: Treated, decisions: pa.Table, reachable: Reachable,
             contact: ContactSettings) -> pa.Table:  # fmt: skip
    """Return the messages of a bucket, as rows of message; who cannot be reached has none.

    Table in: decisions, as rows of decision
    """
    sending = pc.and_(pc.equal(decisions["arm"], "treated"),
                      pc.and_(pc.not_equal(decisions["channel"], ""),
                              pc.is_valid(decisions["send_at"])))  # fmt: skip
    decided = decisions.filter(sending)
    place = pc.index_in(decided["account_id"], treated.owed["account_id"].combine_chunks())
    known, since = treated.known.take(place), treated.since.take(place)
    point = reachable.best(known["customer_id"], decided["channel"])
    table = (
        decided.append_column("point_id", point)
        .append_column("cycle", pc.coalesce(since, known["next_due_on"], decided["as_of"]))
        .append_column("timezone", known["timezone"])
        .append_column("jurisdiction", known["jurisdiction"])
        .append_column("spoken", reachable.spoken(known["customer_id"]))
    )
    rows = list(_rows(table.filter(pc.is_valid(table["point_id"])), contact))
    return pa.Table.from_pylist(rows, SCHEMA)


SCHEMA = pa.schema([
    *((name, pa.string()) for name in (
        "key", "decision_id", "account_id", "point_id", "night_id", "journey_step", "cycle",
        "channel", "purpose", "form", "tone", "offer", "language", "notice")),
    ("send_after", pa.timestamp("us", "UTC")), ("expires_at", pa.timestamp("us", "UTC")),
])  # fmt: skip
_KEPT = ("decision_id", "account_id", "point_id", "night_id", "channel", "tone", "offer", "notice")


def _rows(decided: pa.Table, contact: ContactSettings) -> Iterator[Mapping[str, Any]]:
    for row in decided.to_pylist():
        at: datetime = row["send_at"]
        zone = row["timezone"]
        local = at.astimezone(ZoneInfo(zone)).date()
        yield {name: row[name] for name in _KEPT} | {
            "key": key_of(row["decision_id"]).hex,
            "journey_step": row["step"] or row["rule"],
            "cycle": row["cycle"].isoformat(),
            "purpose": purpose_of(row["treatment"], stage=row["stage"], zone=row["zone"],
                                  notice=row["notice"]),
            "form": FORMS.get(row["channel"], "long"),
            "language": language_of(row["spoken"], row["jurisdiction"]),
            "send_after": at,
            "expires_at": max(_closes(local, zone, contact), at),
        }  # fmt: skip


@lru_cache(maxsize=4096)
def _closes(day: date, zone: str, contact: ContactSettings) -> datetime:
    """Return when contact hours end on the last day on which a message may still leave."""
    last = day + days(contact.keep_days)
    return local_instant(last, contact.closes, zone).astimezone(UTC)
