"""The three zones as a manager reads them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from tideover.portfolio.zones import added, snapshot


def placed(rows: list[tuple[Any, ...]]) -> pa.Table:
    """Return accounts given as number, zone, arrears, and share on time; in euros."""
    return pa.table({
        "account_no": pa.array([r[0] for r in rows], pa.int64()),
        "zone": pa.array([r[1] for r in rows], pa.string()),
        "currency": pa.array(["EUR"] * len(rows), pa.string()),
        "arrears_minor": pa.array([r[2] for r in rows], pa.int64()),
        "first_time": pa.array([False] * len(rows)),
        "entering_yellow_fast": pa.array([r[1] == "green" and r[2] > 0 for r in rows]),
        "on_time_share_6m": pa.array([r[3] for r in rows], pa.float64()),
    })  # fmt: skip


NOW = [(1, "green", 0, 1.0), (2, "green", 50, 0.5), (3, "yellow", 200, None),
       (4, "yellow", 300, 0.25), (5, "red", 900, 0.0)]  # fmt: skip
BEFORE = [(1, "yellow", 200, 1.0), (2, "green", 50, 1.0), (3, "green", 90, 1.0),
          (4, "yellow", 250, 1.0)]  # fmt: skip


def moved(told: Any) -> dict[tuple[str, str, str], tuple[int, int]]:
    return {(r["since"], r["from"], r["to"]): (r["people"], r["arrears_minor"])
            for r in told.moves.to_pylist()}  # fmt: skip


def test_people_and_money_are_summed_by_zone_and_the_clear_stand_apart() -> None:
    zones = {r["zone"]: r for r in snapshot(placed(NOW)).zones.to_pylist()}
    assert {zone: (r["people"], r["arrears_minor"]) for zone, r in zones.items()} == {
        "clear": (1, 0), "green": (1, 50), "yellow": (2, 500), "red": (1, 900)}  # fmt: skip
    assert zones["green"]["entering_yellow_fast"] == 1
    assert (zones["yellow"]["on_time_share_6m"], zones["yellow"]["on_time_share_6m_known"]) == (
        0.25, 1)  # fmt: skip


def test_moves_say_where_people_were_a_week_and_a_month_ago() -> None:
    told = moved(snapshot(placed(NOW), week_ago=placed(BEFORE), month_ago=placed([])))
    assert {k[1:]: v for k, v in told.items() if k[0] == "week"} == {
        ("yellow", "clear"): (1, 0), ("green", "green"): (1, 50), ("green", "yellow"): (1, 200),
        ("yellow", "yellow"): (1, 300), ("absent", "red"): (1, 900)}  # fmt: skip
    assert {k[1] for k in told if k[0] == "month"} == {"absent"}


def test_without_a_former_night_there_are_no_moves() -> None:
    assert snapshot(placed(NOW)).moves.num_rows == 0


def test_snapshots_of_parts_add_up_to_that_of_the_whole() -> None:
    whole = snapshot(placed(NOW), week_ago=placed(BEFORE))
    parts = [snapshot(placed(NOW[:2]), week_ago=placed(BEFORE[:2])),
             snapshot(placed(NOW[2:]), week_ago=placed(BEFORE[2:]))]  # fmt: skip
    assert added(parts) == whole


def test_a_part_without_accounts_adds_nothing() -> None:
    whole = snapshot(placed(NOW), week_ago=placed(BEFORE))
    assert added([snapshot(placed([]), week_ago=placed([])), whole]) == whole
