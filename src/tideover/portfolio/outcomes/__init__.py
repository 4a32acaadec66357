"""Decisions, and what later exports bring -> what followed each decision, by window.

What was decided never changes; what followed is worked out anew from the rows that stand, so rows
that come late or corrected change the outcome of the past, and only that. Money that came in, cure,
paid in full and censored are the contract's ("Words"), as in `followups` and `responses`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from tideover.portfolio.engine import Column, Engine, Frame
from tideover.portfolio.outcomes.contacts import own, own_contacts
from tideover.portfolio.outcomes.happened import happened
from tideover.portfolio.outcomes.kernel import AFTER, STAYS_DAYS, after
from tideover.portfolio.outcomes.plans import agreed
from tideover.portfolio.outcomes.touches import attributed, belonging, touches
from tideover.portfolio.outcomes.windows import KEY, KEYS, WINDOWS, asked, show_windows
from tideover.terms.money import MINOR_DIGITS

__all__ = ["ALSO", "DECIDED", "TABLES", "WINDOWS", "attributed", "costs_table", "outcomes",
           "touches"]  # fmt: skip

TABLES = ("accounts", "bills", "payments", "adjustments", "contacts", "contact_points",
          "circumstances", "arrangements", "promises", "service_steps")  # fmt: skip
DECIDED = pa.schema([
    ("decision_id", pa.string()), ("account_no", pa.int64()), ("as_of", pa.date32()),
])  # fmt: skip
# Of the account in the window: cost and counts of contacts, promises that fell due, steps, calls.
ALSO = ("contact_cost_thousandths", "right_party", "digital", "calls_in", "promises_due",
        "promises_kept", "notices", "disconnections", "reconnections")  # fmt: skip
_PARTS = {"own_contact": own, "belonging_after": belonging, "agreed_after": agreed}


def costs_table(costs: Mapping[str, Decimal], currency: str) -> pa.Table:
    """Return what one contact costs by each channel, in thousandths of a minor unit."""
    scale = Decimal(10) ** (MINOR_DIGITS[currency] + 3)
    whole = [int((cost * scale).to_integral_value()) for cost in costs.values()]
    return pa.table({"channel": pa.array(list(costs), pa.string()),
                     "cost_thousandths": pa.array(whole, pa.int64())})  # fmt: skip


def outcomes(engine: Engine, until: date, *, windows: Sequence[int] = WINDOWS) -> Frame:
    """Return what followed decisions, as known at the end of `until`.

    The engine stands at the day of the first decision afterwards.

    Args:
        until: The last day of which anything is known.
        windows: Which windows are wanted, in days; at most 60.

    Table in: views `decided` (columns of `DECIDED`; key decision_id), `unit_costs`
        (`costs_table`), and the lake's `TABLES`.
    Table out: a row a decision and window; key decision_id, window_days
        account_no, as_of, window_days (7, 14, 30, 60)
        is_over        boolean: the window ended by `until`
        censored       boolean: the debt went down by other than money that came in
        arrears_minor  int64, of the day, as the rows that stand now say
        owing_after_minor  int64, what was due and is unpaid at the end of the window, or of what is
            seen of it; below zero it is credit
        furthest       string, how far the message came; null where none was sent in the window
        reached        int: 1, 0; null where nobody told, or none was sent
        paid_anything  int: 1, 0; null where the window is open or censored
        paid_in_full, cured  the same; null without arrears, too
        stayed_cured   the same; of those who cured, null until sixty days later
        promised, plan_agreed, opted_out, complained, called_in, disconnected, replied
            int: 1, 0; null where the window is open
        plan_kept      the same; null without a plan
        contacts, replies  int, of the account, whoever made them; so far
        money_in_minor, linked_minor, timed_minor  int64, that came in; of which the message's own
            by link, and by time; so far
        cost_thousandths  int64, of the decision's own message, thousandths of a minor unit
        `ALSO`         what else is counted, of the account, whoever made it; so far
    """
    show_windows(engine, until, windows)
    engine.at(pc.min(engine.rows("decided")["as_of"]).as_py() or until)
    engine.define("happened", lambda: happened(engine), kept_as="happened")
    kernel = partial(after, until=until, windows=tuple(windows))
    engine.by_account("after_decided", ("decided", "happened"), kernel, AFTER)
    return engine.define("outcomes", lambda: _outcomes(engine), kept_as="outcomes")


def _outcomes(engine: Engine) -> Frame:
    engine.define("asked", lambda: asked(engine))
    engine.define("own_contacts", lambda: own_contacts(engine))
    for name, part in _PARTS.items():
        engine.define(name, lambda part=part: part(engine))  # type: ignore[misc]
    both = engine.beside("outcomes_joined", "after_decided", dict.fromkeys(_PARTS, KEY))
    return both.select(*KEYS, "account_no", "as_of", *_told(engine))


def _told(engine: Engine) -> list[Column]:
    f, col = engine.F, engine.F.col
    seen = col("known_days")
    over, censored = seen >= col("window_days"), col("other_minor") < f.lit(0)
    known, behind = over & ~censored, col("arrears_minor") > f.lit(0)
    cured = col("cured_after").isNotNull()
    lasted = known & behind & cured & (seen >= col("cured_after") + f.lit(STAYS_DAYS))
    lasted = lasted & (col("other_later") >= f.lit(0))
    some = {"promised": "promises", "opted_out": "optouts", "called_in": "calls_in",
            "disconnected": "disconnections"}  # fmt: skip
    complaints = col("complaints") + col("complaints_said")
    replied = col("replies") + _n(engine, "replied_to")
    came_in, plans = col("money_in_minor"), _n(engine, "plans")
    return [
        over.alias("is_over"), censored.alias("censored"), "arrears_minor", "owing_after_minor",
        "furthest", "reached",
        _flag(engine, known, came_in > f.lit(0), "paid_anything"),
        _flag(engine, known & behind, came_in >= col("arrears_minor"), "paid_in_full"),
        _flag(engine, known & behind, cured, "cured"),
        _flag(engine, lasted, col("relapsed") == f.lit(0), "stayed_cured"),
        *[_flag(engine, over, col(count) > f.lit(0), name) for name, count in some.items()],
        _flag(engine, over, plans > f.lit(0), "plan_agreed"),
        _flag(engine, over, complaints > f.lit(0), "complained"),
        _flag(engine, over, replied > f.lit(0), "replied"),
        _flag(engine, over & (plans > f.lit(0)), _n(engine, "plans_kept") == plans, "plan_kept"),
        "contacts", "replies", "money_in_minor",
        *[_n(engine, name).cast("bigint").alias(name)
          for name in ("linked_minor", "timed_minor", "cost_thousandths")],
        *ALSO,
    ]  # fmt: skip


def _n(engine: Engine, name: str) -> Column:
    return engine.F.coalesce(engine.F.col(name), engine.F.lit(0))


def _flag(engine: Engine, known: Column, true: Column, name: str) -> Column:
    f = engine.F
    return f.when(known, f.when(true, f.lit(1)).otherwise(f.lit(0))).cast("int").alias(name)
