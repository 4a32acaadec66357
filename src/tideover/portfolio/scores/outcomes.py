"""What the scores foretell, and about whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tideover.terms.faults import ColumnMissing

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Outcome:
    """One yes or no within a window after a day.

    Args:
        name: Column of `history`: 1, 0, or null while the window is open or censored.
        score: Column of `scores`: the probability of 1.
        meaning: In words, for the model card.
        window_days: How long after the day it is known.
        good: 1 is the better of the two, for customer and utility.
        group: Whom it is about, a key of `ABOUT`.
        free: Families of inputs whose sign is not sure for this outcome.
    """

    name: str
    score: str
    meaning: str
    window_days: int
    good: bool = True
    group: str = "in_arrears"
    free: tuple[str, ...] = ()


PAID = Outcome("paid_in_full_30d", "p_paid_in_full_30d",
               "money in within 30 days reaches the arrears", 30)  # fmt: skip
CURED = Outcome("cured_60d", "p_cure_60d", "no arrears on some day within 60 days", 60)
ROLLED = Outcome("rolled_30d", "p_roll_30d", "moves to the next ageing bucket within 30 days",
                 30, good=False, free=("age of debt",))  # fmt: skip
LATE = Outcome("late_30d", "p_first_late", "first arrears in a year, within 30 days",
               30, good=False, group="reliable")  # fmt: skip
OUTCOMES = (PAID, CURED, ROLLED, LATE)
WEEKS = 12

ABOUT = {
    "in_arrears": "accounts in arrears",
    "reliable": "accounts without arrears now or at the last 12 month ends, with a bill to come",
}


def concerned(features: pa.Table) -> dict[str, Mask]:
    """Return for each group which rows belong to it."""
    arrears = numbers(features, "arrears_minor")
    reliable = (
        (arrears <= 0)
        & (numbers(features, "months_in_arrears_12m") == 0)
        & (numbers(features, "open_to_come_minor") > 0)
    )
    return {"in_arrears": arrears > 0, "reliable": reliable}


def numbers(table: pa.Table, name: str) -> Numbers:
    """Return a column as floats; null is NaN, yes is 1, a day is its number.

    Raises:
        ColumnMissing: Names the column, and the columns that were there.
    """
    if name not in table.column_names:
        raise ColumnMissing(
            f"The column {name} is missing",
            where=", ".join(table.column_names),
            mend="Run the features step of this version again",
        )
    column = table.column(name)
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    elif pa.types.is_date(column.type):
        column = column.cast(pa.int32())
    floats: Numbers = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return floats
