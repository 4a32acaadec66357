"""A table as text: what a spreadsheet opens, with the place of every cell for whoever mends it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from tideover.terms.faults import Refused

LARGEST_TABLE_BYTES = 1_000_000
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 1_000, 64, 1_000
ANY = ("", "-")  # an empty cell asks nothing, and proposes nothing


@dataclass(frozen=True)
class Line:
    """One row as it was written.

    Args:
        number: Of the row in its sheet; the names of the columns stand in row 1.
        cells: By column; those that are empty are left out.
    """

    file: str
    number: int
    columns: tuple[str, ...]
    cells: Mapping[str, str]

    def refuse(self, what: str, *, column: str = "", mend: str = "") -> NoReturn:
        """Refuse the row, or one of its cells.

        Raises:
            Refused: With the place as a spreadsheet names it.
        """
        where = f"{self.file}, row {self.number}"
        if row_id := self.cells.get("id"):
            where += f" ({row_id})"
        if column in self.columns:
            where += f", cell {letter(self.columns.index(column))}{self.number} ({column})"
        raise Refused(what, where=where, mend=mend or "Write it as docs/strategy.md shows")


def lines(
    file: str, text: str, *, known: Sequence[str] | None = None, needed: Sequence[str] = ("id",)
) -> list[Line]:
    """Return the rows of a table as text.

    Args:
        known: Every column there may be; none takes them as they are.
        needed: The columns there must be.

    Raises:
        Refused: The table is too large or no CSV, or a column is unknown, missing or there twice.

    Examples:
        >>> found = lines("t.csv", "id,zone\\na,red\\n", known=["id", "zone"], needed=["id"])
        >>> found[0].cells, found[0].number
        ({'id': 'a', 'zone': 'red'}, 2)
    """
    if len(text.encode()) > LARGEST_TABLE_BYTES:
        raise Refused(f"The table has more than {LARGEST_TABLE_BYTES:,} bytes", where=file,
                      mend="Split it into several tables")  # fmt: skip
    rows = _rows(file, text)
    columns = tuple(name.strip() for name in next(rows, []))
    _check_columns(file, columns, known=known, needed=needed)
    found = []
    for number, row in enumerate(rows, 2):
        line = _line(file, number, columns, row)
        if line.cells:
            found.append(line)
        if len(found) > MOST_ROWS:
            line.refuse(f"A table has at most {MOST_ROWS:,} rows", mend="Split it into several")
    return found


def _rows(file: str, text: str) -> Iterator[list[str]]:
    if "\0" in text:
        raise Refused("The table holds bytes that are no text", where=file, mend="Save it as CSV")
    reader = csv.reader(text.removeprefix("\ufeff").split("\n"), strict=True)
    try:
        for row in reader:
            yield [cell.strip() for cell in row]
    except csv.Error as error:
        raise Refused(f"The table is no CSV: {error}", where=f"{file}, line {reader.line_num}",
                      mend="Close every quotation mark, and save it as CSV") from None  # fmt: skip


def _check_columns(
    file: str, columns: tuple[str, ...], *, known: Sequence[str] | None, needed: Sequence[str]
) -> None:
    if len(columns) == 1 and ";" in columns[0]:
        raise Refused("The columns stand with semicolons between them", where=f"{file}, row 1",
                      mend="Save it as CSV with commas")  # fmt: skip
    if len(columns) > MOST_COLUMNS:
        raise Refused(f"A table has at most {MOST_COLUMNS} columns", where=f"{file}, row 1",
                      mend="Take out what no row asks")  # fmt: skip
    for at, name in enumerate(columns):
        place = f"{file}, row 1, cell {letter(at)}1"
        if known is not None and name not in known:
            raise Refused(f"{name!r:.80} is no column of this table", where=place,
                          mend=f"Known are {', '.join(known)}")  # fmt: skip
        if name in columns[:at]:
            raise Refused(f"{name} is there twice", where=place, mend="Take one out")
    missing = [name for name in needed if name not in columns]
    if missing:
        raise Refused(f"Columns are missing: {', '.join(missing)}", where=f"{file}, row 1",
                      mend="Write their names into the first row")  # fmt: skip


def _line(file: str, number: int, columns: tuple[str, ...], row: list[str]) -> Line:
    filled = [cell for cell in row[len(columns) :] if cell not in ANY]
    cells = {name: cell for name, cell in zip(columns, row, strict=False) if cell not in ANY}
    line = Line(file, number, columns, cells)
    if filled:
        line.refuse("The row has more cells than there are columns", mend="Put the text in quotes")
    for name, cell in cells.items():
        if len(cell) > LONGEST_CELL:
            line.refuse(f"A cell has at most {LONGEST_CELL:,} characters", column=name)
        if not cell.isprintable():  # a line break among them: `explain` and the report have none
            line.refuse("The cell holds characters that cannot be read", column=name)
    return line


class _Text(list[str]):
    write = list.append


def text_of(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return a table as CSV text, UTF-8 with `\\n`; what a row lacks is an empty cell.

    Examples:
        >>> text_of(["id", "zone"], [{"id": "a", "zone": "red"}, {"id": "b"}])
        'id,zone\\na,red\\nb,\\n'
    """
    out = _Text()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return "".join(out)


def letter(index: int) -> str:
    """Return a column's letter as spreadsheets have it, counted from 0.

    Examples:
        >>> letter(0), letter(25), letter(26)
        ('A', 'Z', 'AA')
    """
    if index < 26:
        return chr(ord("A") + index)
    return letter(index // 26 - 1) + chr(ord("A") + index % 26)
