"""What happened to an account, oldest first, as the guard reads events: JSON lists."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tideover.portfolio.situations import names
from tideover.rules.guard.contract import CHANNELS, DELIVERIES, VOICEMAIL

NOON = 12
_EVENTS = pa.schema([("account_no", pa.int64()), ("at", pa.int64()), ("said", pa.string())])
HISTORIES = pa.schema([("account_no", pa.int64()), ("history", pa.string())])
Rows = Iterable[tuple[Any, ...]]


def histories(tables: Mapping[str, pa.Table], *, as_of: date) -> pa.Table:
    """Return what happened, as a JSON list an account, oldest first: account_no, history.

    Events of one instant stand in the order of their words, so that the text is always the same.

    Args:
        tables: The rows named contacts, notices, steps and permissions.
    """
    rare = [*_steps(rows_of(tables["steps"])), *_notices(tables["notices"]),
            *_permitted(tables["permissions"], as_of)]  # fmt: skip
    columns = zip(*rare, strict=True) if rare else ([], [], [])
    events = pa.concat_tables([
        _contacts(tables["contacts"]),
        pa.table([pa.array(c, f.type) for c, f in zip(columns, _EVENTS, strict=True)],
                 schema=_EVENTS),
    ])  # fmt: skip
    return _listed(events) if events.num_rows else HISTORIES.empty_table()


def rows_of(table: pa.Table) -> Rows:
    """Return a table's rows as tuples, days as text: making a date of each costs more."""
    columns = (c.cast(pa.string()) if c.type == pa.date32() else c for c in table.columns)
    return zip(*(column.to_pylist() for column in columns), strict=True)


def _contacts(table: pa.Table) -> pa.Table:
    """Return contacts as events; their words are few, and looked up once each."""
    said = table["said"].combine_chunks().dictionary_encode()
    words = pa.array([contact(*each.split("|")) for each in said.dictionary.to_pylist()],
                     pa.string())  # fmt: skip
    return pa.table([table["account_no"], _seconds(table["at"]), words.take(said.indices)],
                    schema=_EVENTS)  # fmt: skip


def _seconds(instants: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return instants as whole seconds since 1970."""
    return pc.cast(pc.cast(instants, pa.timestamp("s", "UTC"), safe=False), pa.int64())


@lru_cache(maxsize=1024)
def contact(channel: str, direction: str, purpose: str, outcome: str) -> str:
    """Return a contact of the contract as an event, but for its instant.

    An inbound contact was a conversation if it was a call or a visit. By whom it was is not said:
    it counts as by whoever acts now.
    """
    event: names.Plain = {"type": "contact", "channel": CHANNELS[channel],
             "purpose": names.PURPOSES.get(purpose, names.OTHER_PURPOSE)}  # fmt: skip
    if (channel, outcome) == VOICEMAIL:
        event["channel"] = "voicemail"
    if direction == "inbound":
        event |= {"direction": "inbound"} | ({"reached": True} if channel in _TALK else {})
    return _words(event | names.OUTCOMES.get(outcome, {}))


_TALK = ("voice", "visit")


def _words(event: names.Plain) -> str:
    """Return an event's JSON without its opening brace and its instant, which sorts first."""
    return json.dumps(event, sort_keys=True)[1:]


_STEPS = {step: _words(event) for step, event in names.STEPS.items()}
_REFUSED = {
    channel: _words({"type": "opt_out", "scope": "medium", "medium": medium})
    for channel, medium in names.REFUSALS.items()
}
_GRANTED = {
    channel: _words({"type": "consent", "kind": "express", "channel": CHANNELS[channel]})
    for channel in names.CONSENTS
}


def _steps(rows: Rows) -> Iterator[tuple[int, int, str]]:
    for account_no, day, step, zone in rows:
        yield account_no, _noon(day, zone), _STEPS[step]


def _notices(table: pa.Table) -> Iterator[tuple[int, int, str]]:
    """Yield notices of ours; what cannot be served so, as by a call, is a contact and none."""
    told = table.set_column(table.schema.get_field_index("at"), "at", _seconds(table["at"]))
    for account_no, at, kind, channel, outcome, content in rows_of(told):
        if channel in DELIVERIES:
            yield account_no, at, notice(kind, channel, outcome, content)


@lru_cache(maxsize=1024)
def notice(kind: str, channel: str, outcome: str, content: str) -> str:
    """Return a notice that was sent as an event, but for its instant.

    When it was received is not known. One that came back counts as undeliverable.
    """
    event: names.Plain = {"type": "notice", "kind": kind, "delivery": DELIVERIES[channel]}
    if content:
        event["content"] = content.split(";")
    if names.OUTCOMES.get(outcome, {}).get("undeliverable"):
        event["undeliverable"] = True
    return _words(event)


@lru_cache(maxsize=4096)
def _noon(day: str, zone: str) -> int:
    return int(
        datetime.fromisoformat(f"{day}T{NOON}:00").replace(tzinfo=ZoneInfo(zone)).timestamp()
    )


def _permitted(table: pa.Table, as_of: date) -> Iterator[tuple[int, int, str]]:
    """Yield opt-outs and consents; a consent given after any refusal that stands lifts nothing.

    A refusal without a date, or learnt of later, counts as of the beginning of the day.
    """
    day = int(datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC).timestamp())
    place = table.schema.get_field_index("consent_at")
    told = table.set_column(place, "consent_at", _seconds(table["consent_at"]))
    refused: dict[int, int] = {}
    for account_no, channel, _, said_at, _ in rows_of(
        told.filter(pc.equal(told["consent"], "withdrawn"))
    ):
        if channel in _REFUSED:
            at = day if said_at is None else min(day, said_at)
            refused[account_no] = max(at, refused.get(account_no, at))
            yield account_no, at, _REFUSED[channel]
    granted = pc.and_(pc.equal(told["consent"], "granted"), told["both"])
    for account_no, channel, _, said_at, _ in rows_of(told.filter(granted)):
        if said_at is not None and said_at <= refused.get(account_no, day) and channel in _GRANTED:
            yield account_no, said_at, _GRANTED[channel]


def _listed(events: pa.Table) -> pa.Table:
    """Return events as one JSON list an account."""
    said = events["said"].combine_chunks().dictionary_encode()
    places = np.argsort(np.argsort(np.array(said.dictionary.to_pylist(), dtype=str)))
    account, at = (events[name].to_numpy() for name in ("account_no", "at"))
    order = np.lexsort((places[said.indices.to_numpy()], at, account))
    account, at = account[order], at[order]
    clock = pc.cast(pc.cast(pa.array(at), pa.timestamp("s")), pa.string())
    clock = pc.binary_replace_slice(pc.cast(clock, pa.binary()), 10, 11, b"T").cast(pa.string())
    words = events["said"].take(pa.array(order)).combine_chunks()
    texts = pc.binary_join_element_wise('{"at": "', clock, '+00:00", ', words, "")
    starts = np.flatnonzero(np.diff(account, prepend=account[0] - 1))
    offsets = pa.array(np.append(starts, len(account)).astype("int32"))
    lists = pc.binary_join(pa.ListArray.from_arrays(offsets, texts), ", ")
    whole = pc.binary_join_element_wise("[", lists, "]", "")
    return pa.table([pa.array(account[starts]), whole], schema=HISTORIES)
