"""The three zones as a manager reads them: people, money, habits, and what moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

HABITS = ("on_time_share_6m", "paid_share_3m", "days_since_paid")
CLEAR, ABSENT = "clear", "absent"  # no arrears; no account at that time
_KEYS = {"zones": ("currency", "zone"), "moves": ("since", "currency", "from", "to")}


@dataclass(frozen=True)
class Snapshot:
    """Sums by zone, that add up over parts of a portfolio.

    Args:
        zones: `currency, zone, people, arrears_minor, entering_yellow_fast, first_time`, and for
            each habit its sum `<habit>` and the people it is known of, `<habit>_known`.
            `zone` is clear (no arrears), green, yellow or red.
        moves: `since ("week"|"month"), currency, from, to, people, arrears_minor` (now);
            empty when nothing was known then. An account new since then comes from `absent`.
    """

    zones: pa.Table
    moves: pa.Table


def snapshot(
    now: pa.Table, *, week_ago: pa.Table | None = None, month_ago: pa.Table | None = None
) -> Snapshot:
    """Sum up the zones of some accounts.

    Table in: now, one row an account: the table zones with currency and arrears_minor, and
        the habits where they are known.
    Table in: week_ago, month_ago, the same accounts then: account_no, zone, arrears_minor.
    """
    standing = _standing(now)
    moves = [_moves(standing, then, since)
             for since, then in (("week", week_ago), ("month", month_ago))
             if then is not None]  # fmt: skip
    return Snapshot(_zones(standing), pa.concat_tables(moves) if moves else _NO_MOVES)


def added(parts: Iterable[Snapshot]) -> Snapshot:
    """Return the snapshot of all parts together."""
    every = list(parts)
    return Snapshot(*(_summed(pa.concat_tables(getattr(part, name) for part in every), keys)
                      for name, keys in _KEYS.items()))  # fmt: skip


_NO_MOVES = pa.schema([
    ("since", pa.string()), ("currency", pa.string()), ("from", pa.string()), ("to", pa.string()),
    ("people", pa.int64()), ("arrears_minor", pa.int64()),
]).empty_table()  # fmt: skip


def _standing(placed: pa.Table) -> pa.Table:
    """Return the table with `stand`: its zone, or clear when it owes nothing overdue."""
    stand = pc.if_else(pc.greater(placed["arrears_minor"], 0), placed["zone"], CLEAR)
    return placed.append_column("stand", stand)


def _zones(standing: pa.Table) -> pa.Table:
    def number(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
        return column.cast(kind).fill_null(0)

    columns = {
        "currency": standing["currency"],
        "zone": standing["stand"],
        "people": pa.repeat(pa.scalar(1, pa.int64()), standing.num_rows),
        "arrears_minor": standing["arrears_minor"],
        "entering_yellow_fast": number(standing["entering_yellow_fast"], pa.int64()),
        "first_time": number(standing["first_time"], pa.int64()),
    }
    for habit in HABITS:
        if habit in standing.column_names:
            columns[habit] = number(standing[habit], pa.float64())
            columns[f"{habit}_known"] = pc.is_valid(standing[habit]).cast(pa.int64())
    return _summed(pa.table(columns), _KEYS["zones"])


def _moves(standing: pa.Table, then: pa.Table, since: str) -> pa.Table:
    former = _standing(then).select(["account_no", "stand"]).rename_columns(["account_no", "from"])
    both = standing.select(["account_no", "currency", "stand", "arrears_minor"]).join(
        former, keys="account_no", join_type="left outer"
    )
    moves = pa.table({
        "since": pa.repeat(pa.scalar(since), both.num_rows),
        "currency": both["currency"],
        "from": both["from"].fill_null(ABSENT),
        "to": both["stand"],
        "people": pa.repeat(pa.scalar(1, pa.int64()), both.num_rows),
        "arrears_minor": both["arrears_minor"],
    })  # fmt: skip
    return _summed(moves, _KEYS["moves"])


def _summed(table: pa.Table, keys: tuple[str, ...]) -> pa.Table:
    """Return the sums of all other columns by key, in the order of the keys."""
    names = [name for name in table.column_names if name not in keys]
    groups = table.group_by(list(keys), use_threads=False)
    sums = groups.aggregate([(name, "sum") for name in names])
    sums = sums.rename_columns([name.removesuffix("_sum") for name in sums.column_names])
    return sums.select(table.column_names).sort_by([(key, "ascending") for key in keys])
