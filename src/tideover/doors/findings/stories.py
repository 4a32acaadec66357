"""What came before the payments of a month, first and last: stories about money, never effects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from tideover.doors.night.desk import open_engine
from tideover.portfolio.engine import Engine
from tideover.portfolio.lake import Lake, standing
from tideover.portfolio.outcomes import touches
from tideover.portfolio.workspace import Workspace
from tideover.terms.calendar import days

WINDOW_DAYS = 30
_READ = ("accounts", "payments", "contacts")
_SIDES = ("first_touch", "last_touch")
_NOTHING = ""


class Story(NamedTuple):
    """Payments of one currency by a channel, in minor units.

    Args:
        channel: Empty where no contact came in the sixty days before.
        first, first_minor: Before which its contact was the first in the sixty days.
        last, last_minor: Before which its contact was the last.
    """

    currency: str
    channel: str
    first: int
    first_minor: int
    last: int
    last_minor: int


def stories(workspace: Workspace, lake: Lake, as_of: date) -> list[Story]:
    """Return by which channel the payments of thirty days were touched first and last.

    Payments that went back do not count; contacts count whoever made them, but for those that
    bounced or failed. The most money by last touch comes first in each currency.
    """
    sums: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    engine = open_engine(workspace)
    try:
        engine.at(as_of - days(WINDOW_DAYS))
        for bucket in range(lake.manifest.buckets):
            lake.show(engine, _READ, bucket)
            paid = _touched(engine)
            paid = paid.filter(pc.less_equal(paid["received_on"], as_of))
            for side, name in enumerate(_SIDES):
                for currency, channel, payments, minor in _summed(paid, name):
                    sums[currency, channel][2 * side] += payments
                    sums[currency, channel][2 * side + 1] += minor
    finally:
        engine.close()
    found = [Story(currency, channel, *counts) for (currency, channel), counts in sums.items()]
    return sorted(found, key=lambda one: (one.currency, -one.last_minor, one.channel))


def _touched(engine: Engine) -> pa.Table:
    """Return payments with the channels of their first and last touch, and their currency."""
    paid = engine.arrow(touches(engine, "accounts"))
    made = engine.arrow(standing(engine.table("contacts"), engine).select("contact_id", "channel"))
    owners = engine.arrow(standing(engine.table("accounts"), engine)
                          .select("account_no", "currency"))  # fmt: skip
    for name in _SIDES:
        place = pc.index_in(paid[name], made["contact_id"].combine_chunks())
        channel = pc.fill_null(made["channel"].take(place), _NOTHING)
        paid = paid.set_column(paid.column_names.index(name), name, channel)
    whose = pc.index_in(paid["account_no"], owners["account_no"].combine_chunks())
    return paid.append_column("currency", owners["currency"].take(whose))


def _summed(paid: pa.Table, side: str) -> Sequence[tuple[str, str, int, int]]:
    by = paid.group_by(["currency", side]).aggregate([("amount_minor", "count"),
                                                      ("amount_minor", "sum")])  # fmt: skip
    columns = (by[name].to_pylist() for name in
               ("currency", side, "amount_minor_count", "amount_minor_sum"))  # fmt: skip
    return list(zip(*columns, strict=True))
