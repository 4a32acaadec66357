"""Contacts that were made, and those a strategy would have made: what fills the cap on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.portfolio.lake import Lake
from tideover.portfolio.reach.siblings import SIBLINGS
from tideover.portfolio.workspace import ContactSettings

CONTACTS = pa.schema([("account_no", pa.int64()), ("at", pa.timestamp("us", "UTC")),
                      ("on", pa.date32()), ("strategy", pa.string()), ("rule", pa.string())
                      ])  # fmt: skip
_ROW = ("strategy", "rule")
WEEK_DAYS = 7
DECISION_ID = r"^D[0-9a-f]{20}$"  # how contacts are known that the night itself had proposed


@dataclass(frozen=True)
class Ledger:
    """Outbound contacts of accounts, whoever made them or would have made them.

    Table: contacts, `CONTACTS`; `on` is the day of `at` at the account's own place; `strategy` and
        `rule` are of the row that would have made it, null where it took place
    Table: sharing, the accounts that share their customer with others, as `siblings` finds them:
        the cap and the week's count are the customer's
    """

    contacts: pa.Table
    sharing: pa.Table = field(default_factory=SIBLINGS.empty_table)

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

    def over(self, sharing: pa.Table) -> Ledger:
        """Return the ledger of the customers who have these accounts."""
        return replace(self, sharing=sharing)

    def plus(self, contacts: pa.Table) -> Ledger:
        """Return the ledger with more contacts."""
        return replace(self, contacts=pa.concat_tables([self.contacts, contacts]))

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
        in_week = on > _ordinal(as_of) - WEEK_DAYS
        is_cap = (_rank(nos) == contact.cap - 1) & (on > _ordinal(as_of) - contact.cap_days)
        people, whose = np.unique(self._people(cases["account_no"].to_numpy()), return_inverse=True)
        week = np.bincount(_places(people, nos[in_week]), minlength=len(people) + 1)[whose]
        fills = np.full(len(people) + 1, -1, dtype=np.int64)
        fills[_places(people, nos[is_cap])] = at[is_cap]
        column = pa.array(fills[whose], pa.int64(), mask=fills[whose] < 0)
        cases = _replaced(cases, "contacts_7d", pa.array(week.astype(np.int32)))
        return _replaced(cases, "cap_contact_at", column.cast(CONTACTS.field("at").type))

    def shared(self, contact: ContactSettings, *, as_of: date) -> pa.Table:
        """Return the accounts that share a customer, with what these contacts leave of the cap."""
        nos, _, _ = self._between(as_of - timedelta(days=contact.cap_days), as_of)
        people, whose = np.unique(self._people(self.sharing["account_no"].to_numpy()),
                                  return_inverse=True)  # fmt: skip
        often = np.bincount(_places(people, nos), minlength=len(people) + 1)[whose]
        return _replaced(self.sharing, "customer_contacts_cap", pa.array(often.astype(np.int32)))

    def _people(self, nos: Any) -> Any:
        """Return for each account the first one of its customer, which stands for all of them."""
        if not self.sharing.num_rows:
            return nos
        known = self.sharing["account_no"].to_numpy()
        codes = self.sharing["customer_id"].combine_chunks().dictionary_encode().indices.to_numpy()
        first = np.full(codes.max() + 1, np.iinfo(np.int64).max)
        np.minimum.at(first, codes, known)
        at = np.minimum(np.searchsorted(known, nos), len(known) - 1)
        return np.where(known[at] == nos, first[codes[at]], nos)

    def _between(self, after: date, through: date) -> tuple[Any, Any, Any]:
        """Return whose contacts they are, instants and days, each person's latest first."""
        on = self.contacts["on"].cast(pa.int32()).to_numpy()
        kept = (on > _ordinal(after)) & (on <= _ordinal(through))
        nos = self._people(self.contacts["account_no"].to_numpy()[kept])
        at = self.contacts["at"].cast(pa.int64()).to_numpy()[kept]
        order = np.lexsort((-at, nos))
        return nos[order], at[order], on[kept][order]


def proposed(
    account_nos: Sequence[int], send_at: Sequence[str], *, by: pa.Table | None = None
) -> pa.Table:
    """Return contacts that were proposed, by the instants they were to be sent at.

    Args:
        by: strategy and rule of the rows that proposed them; none where that is not asked for.
    """
    instants = [datetime.fromisoformat(text) for text in send_at]
    days = [instant.date() for instant in instants]
    named = [by[name] if by else pa.nulls(len(days), pa.string()) for name in _ROW]
    return pa.table([account_nos, pa.array(instants, CONTACTS.field("at").type), days, *named],
                    names=CONTACTS.names).cast(CONTACTS)  # fmt: skip


def _kept(rows: pa.Table, own_since: date | None, others: Sequence[str]) -> pa.Table:
    stands = pc.is_null(rows["known_until"])
    if own_since is not None:
        own = pc.and_(pc.match_substring_regex(rows["contact_id"], DECISION_ID),
                      pc.greater(rows["occurred_on"], own_since))  # fmt: skip
        no_nights = pc.is_in(rows["contact_id"], pa.array(others, pa.string()))
        stands = pc.and_not(stands, pc.and_not(own, no_nights))
    kept = rows.filter(stands).select(["account_no", "occurred_at", "occurred_on"])
    for name in _ROW:
        kept = kept.append_column(name, pa.nulls(kept.num_rows, pa.string()))
    return kept.rename_columns(CONTACTS.names).cast(CONTACTS)


def _rank(nos: Any) -> Any:
    """Return the place of each row among those of its person, from 0; rows lie by person."""
    starts = np.flatnonzero(np.r_[True, nos[1:] != nos[:-1]]) if len(nos) else np.zeros(0, int)
    lengths = np.diff(np.r_[starts, len(nos)])
    return np.arange(len(nos)) - np.repeat(starts, lengths)


def _places(wanted: Any, nos: Any) -> Any:
    """Return where each stands among those wanted, in order; one past the end where it does not."""
    if not len(wanted):
        return np.zeros(len(nos), dtype=np.int64)
    found = np.minimum(np.searchsorted(wanted, nos), len(wanted) - 1)
    return np.where(wanted[found] == nos, found, len(wanted))


def _ordinal(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _replaced(cases: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return cases.set_column(cases.column_names.index(name), name, column)
