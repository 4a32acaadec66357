"""Contacts, decisions -> what was really sent of what was decided, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.portfolio.lake import Lake

SCHEMA = pa.schema([
    ("decision_id", pa.string()), ("account_id", pa.string()), ("as_of", pa.date32()),
    ("contact_id", pa.string()), ("occurred_at", pa.timestamp("us", "UTC")),
    ("channel", pa.string()), ("outcome", pa.string()), ("propensity", pa.float64()),
    ("treatment", pa.string()),
])  # fmt: skip
DECIDED = ("decision_id", "account_id", "as_of", "propensity", "treatment")
_CONTACT = ("contact_id", "account_id", "occurred_at", "channel", "outcome")
_READ = [*_CONTACT, "occurred_on", "known_until"]
_SHAPE = "^D[0-9a-f]{20}$"  # of a decision's id


class Sent(NamedTuple):
    """What became of decisions.

    Args:
        rows: One row a decision that was sent, key decision_id; columns of `SCHEMA`.
        elsewhere: Contacts that carry the id of a decision on another account; they do not join.
            contact_id, account_id (of the contact).
    """

    rows: pa.Table
    elsewhere: pa.Table


def candidates(lake: Lake, until: date | None = None) -> pa.Table:
    """Return the contacts that stand and whose id could be a decision's.

    Args:
        until: Only contacts that had occurred by the end of this day.

    Table out: contact_id, account_id, occurred_at, channel, outcome; key contact_id
    """
    return pa.concat_tables([_NONE, *_of_shape(lake, until)])


_NONE = pa.table({name: pa.array([], SCHEMA.field(name).type) for name in _CONTACT})


def _of_shape(lake: Lake, until: date | None) -> Iterator[pa.Table]:
    for part in lake.parts("contacts"):
        contacts = pq.ParquetFile(part).read(columns=_READ)
        kept = pc.and_(pc.is_null(contacts["known_until"]),
                       pc.match_substring_regex(contacts["contact_id"], _SHAPE))  # fmt: skip
        if until is not None:
            kept = pc.and_(kept, pc.less_equal(contacts["occurred_on"], until))
        yield contacts.filter(kept).select(_CONTACT).cast(_NONE.schema)


def sent(contacts: pa.Table, decided: pa.Table) -> Sent:
    """Join contacts to the decisions whose id they carry, where both are of the same account.

    Table in: contacts, as `candidates` gives them; decided, the columns `DECIDED`, of some nights
    """
    place = pc.index_in(contacts["contact_id"], decided["decision_id"].combine_chunks())
    known = pc.is_valid(place)
    contacts, theirs = contacts.filter(known), decided.take(place.filter(known))
    same = pc.equal(contacts["account_id"], theirs["account_id"])
    columns = {name: theirs[name] for name in DECIDED}
    columns |= {name: contacts[name] for name in _CONTACT if name != "account_id"}
    rows = pa.table({name: columns[name] for name in SCHEMA.names}).cast(SCHEMA)
    return Sent(rows.filter(same).sort_by("decision_id"),
                contacts.filter(pc.invert(same)).select(["contact_id", "account_id"]))  # fmt: skip
