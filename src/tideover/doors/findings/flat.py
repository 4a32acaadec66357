"""A flat file of what was done and what followed, from wherever it comes; refused where odd."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from tideover.portfolio.worth.expected import Logged
from tideover.terms.faults import Refused

_YES_NO = {"True": "1", "False": "0", "true": "1", "false": "0"}
_POINT_NOUGHT = re.compile(r"^(-?\d+)\.0+$")


class Flat:
    """The rows of a CSV file as text, and its columns as they are asked for.

    Raises:
        Refused: The file is not there, is no CSV of UTF-8, or has no rows; and, of what is asked:
            there is no such column, or a cell does not hold what it should.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.name
        try:
            self._rows = _read(path)
        except FileNotFoundError:
            raise Refused("There is no such file", where=str(path)) from None
        except OSError as error:
            raise Refused(f"It cannot be read: {error.strerror}", where=str(path)) from None
        except UnicodeError:
            raise Refused("It is no text in UTF-8", where=self.name,
                          mend="Save it as CSV in UTF-8") from None  # fmt: skip
        except pd.errors.EmptyDataError:
            raise Refused("It is empty", where=self.name) from None
        except (pd.errors.ParserError, ValueError) as error:
            words = " ".join(str(error).split())
            raise Refused(f"It cannot be read as CSV: {words}", where=self.name,
                          mend="Each line has as many cells as the first, which names them",
                          ) from None  # fmt: skip
        if self._rows.empty:
            raise Refused("It has no rows", where=self.name)

    def __len__(self) -> int:
        return len(self._rows)

    def text(self, column: str) -> np.ndarray:
        """Return a column's cells as text; none may be empty. A whole number is written as one."""
        cells = np.array([whole(cell) for cell in self._cells(column)], dtype=object)
        self._refuse(np.isin(cells, ("", "nan", "NaN")), column, "is empty")
        return cells

    def numbers(self, column: str) -> np.ndarray:
        """Return a column's cells as numbers; each must be one."""
        cells = pd.Series(self._cells(column)).replace(_YES_NO)
        found: np.ndarray = pd.to_numeric(cells, errors="coerce").to_numpy(float)
        self._refuse(~np.isfinite(found), column, "is no number",
                     "Write numbers with a point, as 12.5; yes as 1 and no as 0")  # fmt: skip
        return found

    def outcomes(self, column: str) -> np.ndarray:
        """Return a column's cells as numbers that can be summed, and their squares."""
        found = self.numbers(column)
        with np.errstate(over="ignore"):
            self._refuse(~np.isfinite(found * found * len(found)), column, "is too large to sum")
        return found

    def propensities(self, column: str) -> np.ndarray:
        """Return a column's cells as propensities, over 0 and up to 1."""
        found = self.numbers(column)
        self._refuse((found <= 0) | (found > 1), column, "is no propensity: it must be over 0 "
                     "and at most 1")  # fmt: skip
        return found

    def traits(self, columns: Sequence[str]) -> pd.DataFrame:
        """Return columns as traits: numbers where every cell that is filled is one, else words."""
        found = {}
        for name in columns:
            cells = pd.Series(self._cells(name)).replace("", np.nan)
            as_numbers = pd.to_numeric(cells, errors="coerce").replace([np.inf, -np.inf], np.nan)
            are = as_numbers.notna().sum() == cells.notna().sum()
            found[name] = as_numbers if are else cells.fillna("").astype(object)
        return pd.DataFrame(found, index=range(len(self)))

    def _cells(self, column: str) -> np.ndarray:
        names = list(self._rows.columns)
        if column not in names:
            raise Refused(f"There is no column {column!r}", where=self.name,
                          mend=f"It has {', '.join(names)}")  # fmt: skip
        if names.count(column) > 1:
            raise Refused(f"Several columns are called {column!r}", where=self.name,
                          mend="Give each a name of its own")  # fmt: skip
        cells: np.ndarray = self._rows[column].str.strip().to_numpy(dtype=object)
        return cells

    def _line(self, place: int) -> str:
        return f"line {self._rows.index[place] + 2}"

    def _refuse(self, odd: np.ndarray, column: str, why: str, mend: str = "") -> None:
        if not odd.any():
            return
        place = int(np.argmax(odd))
        cell, more = self._rows[column].iloc[place], int(odd.sum()) - 1
        others = f", and {more:,} more like it" if more else ""
        raise Refused(f"{cell!r} {why}{others}", mend=mend,
                      where=f"{self.name}, {self._line(place)}, {column}")  # fmt: skip


def _read(path: Path) -> pd.DataFrame:
    """Return the rows of a file as text, lines numbered from 0; a cell that is not there is empty.

    Cells are separated as the first line's are: by commas, or by semicolons or tabs where it has
    none.
    """
    with path.open(encoding="utf-8-sig") as lines:
        first = lines.readline()
    by = next((sign for sign in ",;\t" if sign in first), ",")
    rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", sep=by,
                       header=None, skip_blank_lines=False)  # fmt: skip
    names = [str(name).strip() for name in rows.iloc[0]]
    rows = rows.iloc[1:].set_axis(names, axis=1).reset_index(drop=True)
    empty = rows.index[rows.iloc[:, 0] == ""]
    return rows.drop(empty[(rows.loc[empty] == "").all(axis=1)])


def whole(cell: str) -> str:
    """Return the text of a cell; a whole number without the point that some programs give it.

    Examples:
        >>> whole("3.0"), whole(" 3.10 "), whole("letter.0")
        ('3', '3.10', 'letter.0')
    """
    return _POINT_NOUGHT.sub(r"\1", cell.strip())


def logged_of(
    flat: Flat, arm: np.ndarray, outcome: str, *, features: str | None, unit: str | None
) -> tuple[Logged, list[str]]:
    """Return a file's rows for the arithmetic, and the names of its arms in order.

    Args:
        features: Names of columns, joined by commas.
        unit: The column whose rows belong together.
    """
    names, place = np.unique(arm.astype(str), return_inverse=True)
    asked = [name.strip() for name in (features or "").split(",") if name.strip()]
    units = None if unit is None else np.unique(flat.text(unit).astype(str), return_inverse=True)[1]
    if outcome in asked:
        raise Refused("What followed was not known beforehand", where="--features",
                      mend=f"Leave {outcome!r} out of them")  # fmt: skip
    traits = flat.traits(asked)
    logged = Logged(flat.outcomes(outcome), place, len(names), traits, units)
    return logged, [str(name) for name in names]
