"""The tables of a strategy as a workbook (.xlsx), one sheet a table, and back."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import InvalidFileException

from tideover.rules.strategy import Strategy
from tideover.rules.strategy.sheet import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    letter,
    lines,
    text_of,
)
from tideover.terms.faults import Refused

LARGEST_FILE_BYTES, LARGEST_UNPACKED_BYTES, MOST_PARTS = 10_000_000, 60_000_000, 500
_LONG = ("because", "offers", "channels", "tones")


def write_workbook(strategy: Strategy, path: Path) -> None:
    """Write the tables and ladders of a strategy as sheets; the rest stays in its folder."""
    book = Workbook()
    book.remove(book.active)
    for file, text in _sheets(strategy).items():
        sheet = book.create_sheet(file.removesuffix(".csv"))
        written = lines(file, text)
        columns = written[0].columns
        rows = [dict(zip(columns, columns, strict=True)), *(line.cells for line in written)]
        for number, cells in enumerate(rows, 1):
            for at, name in enumerate(columns, 1):
                cell = sheet.cell(number, at)
                cell.value = cells.get(name) or None
                if cell.value is not None:
                    cell.data_type = "s"  # text, also where it begins with =
                cell.font = Font(bold=number == 1)
                cell.alignment = Alignment(vertical="top", wrap_text=True)
        for at, name in enumerate(columns):
            sheet.column_dimensions[letter(at)].width = 40 if name in _LONG else 16
        sheet.freeze_panes = "B2"
    unfinished = path.with_name(f".{path.name}.unfinished")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        book.save(unfinished)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _sheets(strategy: Strategy) -> dict[str, str]:
    named = [table.ladder for table in strategy.policy.tables]
    order = [file for table, steps in zip(strategy.policy.tables, named, strict=True)
             for file in (table.file, f"{steps}.csv" if steps else "") if file]  # fmt: skip
    return {file: strategy.texts[file] for file in order}


def tables_of(path: Path, strategy_texts: Mapping[str, str]) -> dict[str, str]:
    """Return the tables of a workbook as CSV texts, by file.

    Args:
        strategy_texts: The files of the folder it goes into, for the names of the tables.

    Raises:
        Refused: It is no workbook, too large, lacks a sheet or has one too many, or a cell holds
            a formula, a date or an error.
    """
    book = _opened(path)
    try:
        wanted = {name.removesuffix(".csv") for name in strategy_texts if name.endswith(".csv")}
        strange, missing = set(book.sheetnames) - wanted, wanted - set(book.sheetnames)
        if strange or missing:
            one = min(missing or strange)
            what = "lacks the sheet" if missing else "has a sheet of no table:"
            raise Refused(f"The workbook {what} {one!r:.80}", where=str(path),
                          mend=f"Its sheets are {', '.join(sorted(wanted))}")  # fmt: skip
        return {f"{sheet.title}.csv": _text(path, sheet) for sheet in book.worksheets}
    finally:
        book.close()


def _opened(path: Path) -> Any:
    """Open a workbook, once it is known that it will not fill the memory."""
    if not path.is_file():
        raise Refused("There is no such file", where=str(path), mend="Give a workbook, .xlsx")
    size = path.stat().st_size
    if size > LARGEST_FILE_BYTES:
        raise Refused(f"The workbook has {size:,} bytes, and may have {LARGEST_FILE_BYTES:,}",
                      where=str(path), mend="Keep the tables alone in it")  # fmt: skip
    try:
        with zipfile.ZipFile(path) as parts:
            listed = parts.infolist()
        if len(listed) > MOST_PARTS or sum(p.file_size for p in listed) > LARGEST_UNPACKED_BYTES:
            raise Refused(f"Unpacked it has over {LARGEST_UNPACKED_BYTES:,} bytes", where=str(path),
                          mend="Keep the tables alone in it")  # fmt: skip
        return load_workbook(path, read_only=True, data_only=False)
    except Refused:
        raise
    except (zipfile.BadZipFile, InvalidFileException, OSError, *_UNREADABLE):
        raise Refused("This is no workbook that can be read", where=str(path),
                      mend="Save it as an Excel workbook, .xlsx") from None  # fmt: skip


# What openpyxl raises on parts that are no XML, or not the XML it expects.
_UNREADABLE = (KeyError, ValueError, TypeError, SyntaxError, AttributeError, IndexError,
               EOFError, NotImplementedError, AssertionError, RecursionError)  # fmt: skip


def _text(path: Path, sheet: Any) -> str:
    try:
        rows = list(_rows(path, sheet))
    except (zipfile.BadZipFile, *_UNREADABLE):
        raise Refused("The sheet cannot be read", where=f"{path}, sheet {sheet.title}",
                      mend="Save it as an Excel workbook, .xlsx") from None  # fmt: skip
    while rows and not any(rows[-1]):
        rows.pop()
    columns = list(rows[0]) if rows else []
    while columns and not columns[-1]:
        columns.pop()
    for at, name in enumerate(columns):
        if columns.index(name) != at:
            raise Refused(f"Column {name!r} is there twice, or has no name",
                          where=f"{path}, sheet {sheet.title}, cell {letter(at)}1",
                          mend="Give each column one name of its own")  # fmt: skip
    cells = (dict(zip(columns, row, strict=False)) for row in rows[1:])
    return text_of(columns, cells)


def _rows(path: Path, sheet: Any) -> Iterator[list[str]]:
    for number, row in enumerate(sheet.iter_rows(), 1):
        if number > MOST_ROWS + 1 or len(row) > 4 * MOST_COLUMNS:
            raise Refused(f"A table has at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns",
                          where=f"{path}, sheet {sheet.title}",
                          mend="Delete the empty rows and columns around it")  # fmt: skip
        yield [_cell(cell, f"{path}, sheet {sheet.title}, cell {letter(at)}{number}")
               for at, cell in enumerate(row)]  # fmt: skip


def _cell(cell: Any, where: str) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:.12g}" if abs(value) < 1e15 else repr(value)
    if cell.data_type in ("f", "e") or not isinstance(value, str):
        what = {"f": "a formula", "e": "an error"}.get(cell.data_type, "a date")
        if not isinstance(value, datetime | str):
            what = what if cell.data_type in ("f", "e") else "no text"
        raise Refused(f"The cell holds {what}", where=where,
                      mend="Format it as text and write what it stands for")  # fmt: skip
    if len(value) > LONGEST_CELL:
        raise Refused(f"A cell has at most {LONGEST_CELL:,} characters", where=where)
    return value
