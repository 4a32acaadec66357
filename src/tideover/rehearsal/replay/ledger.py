"""Contacts that were made, and those a strategy would have made: what fills the cap on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.portfolio.lake import Lake
from tideover.portfolio.workspace import ContactSettings

CONTACTS = pa.schema([("account_no", pa.int64()), ("at", pa.timestamp("us", "UTC")),
                      ("on", pa.date32())])  # fmt: skip
WEEK_DAYS = 7
DECISION_ID = r"^D[0-9a-f]{20}$"  # how contacts are known that the night itself had proposed


@dataclass(frozen=True)
class Ledger:
    """Outbound contacts of accounts, whoever made them or would have made them.

    Table: contacts, `CONTACTS`; `on` is the day of `at` at the account's own place
    """

    contacts: pa.Table

    @classmethod
    def of(
        cls, lake: Lake, first: date, last: date, *, own_since: date | None = None,
        others: Sequence[str] = (),
    ) -> Ledger:  # fmt: skip
        """Return the contacts that took place from a day to another.

        Args:
            own_since: Contacts after this day that the night itself had proposed are left out:
                each strategy of a rehearsal makes its own in their place.
            others: Ids of decisions that were no night's, such as campaigns': their contacts stay.
        """
        wanted = [("occurred_on", ">=", first), ("occurred_on", "<=", last),
                  ("direction", "=", "outbound")]  # fmt: skip
        columns = ["account_no", "occurred_at", "occurred_on", "contact_id", "known_until"]
        found = [pq.read_table(part, columns=columns, filters=wanted, partitioning=None)
                 for part in lake.parts("contacts")]  # fmt: skip
        kept = [_kept(rows, own_since, others) for rows in found]
        return cls(pa.concat_tables([CONTACTS.empty_table(), *kept]))

    def plus(self, contacts: pa.Table) -> Ledger:
        """Return the ledger with more contacts."""
        return Ledger(pa.concat_tables([self.contacts, contacts]))

    def shown(
        self, cases: pa.Table, contact: ContactSettings, *, as_of: date, through: date | None = None
    ) -> pa.Table:
        """Return cases as they stand with these contacts: `contacts_7d` and `cap_contact_at`.

        Args:
            as_of: The day at whose end the week and the cap's days end.
            through: The last day of contacts that are known to come; `as_of` when not given.

        Table in: cases, with the columns of reach
        Table out: the same rows; the two columns as `reach` gives them for these contacts
        """
        through = through or as_of
        span = max(contact.cap_days, WEEK_DAYS)
        nos, at, on = self._between(as_of - timedelta(days=span), through)
        rank = _rank(nos)
        in_week = on > _ordinal(as_of) - WEEK_DAYS
        is_cap = (rank == contact.cap - 1) & (on > _ordinal(as_of) - contact.cap_days)
        wanted = cases["account_no"].to_numpy()
        week = np.bincount(_places(wanted, nos[in_week]), minlength=len(wanted) + 1)[:-1]
        fills = np.full(len(wanted) + 1, -1, dtype=np.int64)
        fills[_places(wanted, nos[is_cap])] = at[is_cap]
        column = pa.array(fills[:-1], pa.int64(), mask=fills[:-1] < 0)
        cases = _replaced(cases, "contacts_7d", pa.array(week.astype(np.int32)))
        return _replaced(cases, "cap_contact_at", column.cast(CONTACTS.field("at").type))

    def _between(self, after: date, through: date) -> tuple[Any, Any, Any]:
        """Return accounts, instants and days of contacts, each account's latest first."""
        on = self.contacts["on"].cast(pa.int32()).to_numpy()
        kept = (on > _ordinal(after)) & (on <= _ordinal(through))
        nos = self.contacts["account_no"].to_numpy()[kept]
        at = self.contacts["at"].cast(pa.int64()).to_numpy()[kept]
        order = np.lexsort((-at, nos))
        return nos[order], at[order], on[kept][order]


def proposed(account_nos: Sequence[int], send_at: Sequence[str]) -> pa.Table:
    """Return contacts that were proposed, by the instants they were to be sent at."""
    instants = [datetime.fromisoformat(text) for text in send_at]
    days = [instant.date() for instant in instants]
    return pa.table([pa.array(account_nos, pa.int64()),
                     pa.array(instants, CONTACTS.field("at").type),
                     pa.array(days, pa.date32())], schema=CONTACTS)  # fmt: skip


def _kept(rows: pa.Table, own_since: date | None, others: Sequence[str]) -> pa.Table:
    stands = pc.is_null(rows["known_until"])
    if own_since is not None:
        own = pc.and_(pc.match_substring_regex(rows["contact_id"], DECISION_ID),
                      pc.greater(rows["occurred_on"], own_since))  # fmt: skip
        no_nights = pc.is_in(rows["contact_id"], pa.array(others, pa.string()))
        stands = pc.and_not(stands, pc.and_not(own, no_nights))
    kept = rows.filter(stands).select(["account_no", "occurred_at", "occurred_on"])
    return kept.rename_columns(CONTACTS.names).cast(CONTACTS)


def _rank(nos: Any) -> Any:
    """Return the place of each row among those of its account, from 0; rows lie by account."""
    starts = np.flatnonzero(np.r_[True, nos[1:] != nos[:-1]]) if len(nos) else np.zeros(0, int)
    lengths = np.diff(np.r_[starts, len(nos)])
    return np.arange(len(nos)) - np.repeat(starts, lengths)


def _places(wanted: Any, nos: Any) -> Any:
    """Return where each account stands among those wanted; one past the end where it does not."""
    if not len(wanted):
        return np.zeros(len(nos), dtype=np.int64)
    order = np.argsort(wanted, kind="stable")
    found = np.minimum(np.searchsorted(wanted, nos, sorter=order), len(wanted) - 1)
    place = order[found]
    return np.where(wanted[place] == nos, place, len(wanted))


def _ordinal(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _replaced(cases: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return cases.set_column(cases.column_names.index(name), name, column)
