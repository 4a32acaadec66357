"""What changed between two strategies, row by row and cell by cell, for people to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest

from tideover.rules.strategy.folder import Strategy
from tideover.rules.strategy.head import HEAD_FILE
from tideover.rules.strategy.sheet import Line, lines


def difference(before: Strategy, after: Strategy) -> Iterator[str]:
    """Yield one line a change; none when the two say the same."""
    yield from _head(before.texts[HEAD_FILE], after.texts[HEAD_FILE])
    old, new = (_sheets(strategy) for strategy in (before, after))
    for name in (*old, *(name for name in new if name not in old)):
        if name not in new:
            yield f"{name}: taken out"
        elif name not in old:
            yield f"{name}: added, {len(new[name])} rows"
        else:
            yield from (f"{name}: {change}" for change in _rows(old[name], new[name]))


def _sheets(strategy: Strategy) -> dict[str, dict[str, Line]]:
    """Return the rows of every table and ladder, by file and id."""
    sheets = {}
    for file, text in strategy.texts.items():
        if file.endswith(".csv"):
            sheets[file] = {line.cells["id"]: line for line in lines(file, text)}
    return sheets


def _head(before: str, after: str) -> Iterator[str]:
    old, new = (_said(text) for text in (before, after))
    yield from (f"{HEAD_FILE}: taken out: {line}" for line in old if line not in new)
    yield from (f"{HEAD_FILE}: added: {line}" for line in new if line not in old)


def _said(text: str) -> list[str]:
    """Return the lines of a head without remarks and blank ones."""
    kept = (line.split(" #")[0].strip() for line in text.splitlines())
    return [line for line in kept if line and not line.startswith("#")]


def _rows(old: Mapping[str, Line], new: Mapping[str, Line]) -> Iterator[str]:
    yield from (f"row {row_id} taken out" for row_id in old if row_id not in new)
    for row_id, line in new.items():
        if row_id not in old:
            said = ", ".join(f"{name} {cell}" for name, cell in line.cells.items() if name != "id")
            yield f"row {row_id} added: {said}"
        else:
            yield from _cells(row_id, old[row_id].cells, line.cells)
    kept_old, kept_new = [i for i in old if i in new], [i for i in new if i in old]
    moved = [i for was, i in zip_longest(kept_old, kept_new) if was != i]
    if moved:
        yield f"the order changed: now {', '.join(kept_new)}"


def _cells(row_id: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for name in (*old, *(name for name in new if name not in old)):
        was, now = old.get(name, "any"), new.get(name, "any")
        if was != now:
            yield f"row {row_id}, {name}: was {was}, now {now}"
