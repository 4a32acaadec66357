"""Decisions and the windows after them: what every part of an outcome is counted in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyarrow as pa

from tideover.portfolio.engine import Engine, Frame

WINDOWS = (7, 14, 30, 60)  # days
KEYS = ("decision_id", "window_days")
KEY = ", ".join(KEYS)


def show_windows(engine: Engine, until: date, windows: Sequence[int]) -> None:
    """Make a view of the windows: window_days, and until, the last day that is known."""
    days = pa.array(windows, pa.int32())
    engine.view_arrow("windows", pa.table({"window_days": days, "until": [until] * len(days)}))


def asked(engine: Engine) -> Frame:
    """Return one row a decision and window, with the days of it that can be seen.

    Table out: decision_id, account_no, as_of, window_days, seen_days (up to all of the window),
        known_days (since the decision)
    """
    f = engine.F
    decided = engine.table("decided").select("decision_id", "account_no", "as_of")
    known = f.datediff(f.col("until"), f.col("as_of")).cast("int")
    both = engine.define("asked_whole", lambda: decided.crossJoin(engine.table("windows")))
    return both.select(
        "decision_id", "account_no", "as_of", "window_days",
        f.least(known, f.col("window_days")).alias("seen_days"), known.alias("known_days"),
    )  # fmt: skip
