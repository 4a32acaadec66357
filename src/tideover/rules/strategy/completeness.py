"""Whether every account has exactly the row it should: gaps, overlaps, rows that never decide.

The analysis is exact. Each input is cut where a row's condition changes, so that inside a piece all
rows answer alike; one fact stands for each piece, and one more for what is not known. A row is then
a box of pieces. What earlier rows leave of a box is looked for by taking them off one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, count, pairwise
from math import inf, nan

from tideover.rules.condition import YES_NO, Between, Fact, Input
from tideover.rules.strategy.proposal import SILENCE
from tideover.rules.strategy.table import Row, Table
from tideover.terms.faults import Refused

MOST_BOXES = 300_000  # a few seconds; people could not follow a table that needs more
_UNKNOWN = {True: nan, False: None}

Box = tuple[int, ...]


class TooEntangled(Exception):
    """A table's rows overlap in more ways than may be looked at."""


def check_table(table: Table, *, is_last: bool) -> None:
    """Refuse a table that lies quietly.

    Raises:
        Refused: There is no row, no catch-all, an account that two rows of a `unique` table match,
            or a row that can never decide; names rows, and an account as an example.
    """
    if not table.rows:
        raise Refused("The table has no rows", where=table.file, mend="Write at least the last one")
    try:
        pieces = Pieces(table)
        _check_last(table, pieces, is_last=is_last)
        if table.hit == "unique":
            _check_unique(table, pieces)
        _check_reached(table, pieces)
    except TooEntangled:
        raise Refused(
            f"Its rows overlap in more than {MOST_BOXES:,} ways, too many to check",
            where=table.file, mend="Split it into several tables",
        ) from None  # fmt: skip


class Pieces:
    """A table's inputs cut into pieces on each of which every row answers alike."""

    def __init__(self, table: Table) -> None:
        used = {name for row in table.rows for name in row.when}
        self.inputs = [asked for asked in table.inputs if asked.name in used]
        self.samples = {i.name: list(_samples(i, table.rows)) for i in self.inputs}
        self.everything: Box = tuple((1 << len(self.samples[i.name])) - 1 for i in self.inputs)
        self._boxes = {row.id: self._box(row) for row in table.rows}
        self._looks = count(1)

    def of(self, row: Row) -> Box:
        """Return the box of accounts that a row matches."""
        return self._boxes[row.id]

    def left_of(self, row: Row | None, others: Sequence[Row]) -> Box | None:
        """Return a part of what a row matches, or of everything, that no other row matches."""
        box = self.everything if row is None else self.of(row)
        return left_of(box, [self.of(other) for other in others], self._looks)

    def _box(self, row: Row) -> Box:
        return tuple(
            whole if i.name not in row.when else _bits(row, i.name, self.samples[i.name])
            for i, whole in zip(self.inputs, self.everything, strict=True)
        )

    def example(self, box: Box) -> str:
        """Return an account of a box in words; what may be anything is left out."""
        said = [
            f"{i.name} {i.say(self.samples[i.name][_lowest(bits)])}"
            for i, bits, whole in zip(self.inputs, box, self.everything, strict=True)
            if bits != whole
        ]
        return ", ".join(said) or "any account"


def _bits(row: Row, name: str, samples: Sequence[Fact]) -> int:
    cell = row.when[name]
    return sum(1 << at for at, sample in enumerate(samples) if cell.holds(sample))


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def _samples(asked: Input, rows: Sequence[Row]) -> Iterator[Fact]:
    """Yield one fact of each piece of an input; the last one is that it is not known."""
    if asked.kind == YES_NO:  # what is not known is no
        yield from (False, True)
        return
    if asked.is_number:
        yield from _numbers(asked, rows)
    else:
        yield from asked.one_of
    yield _UNKNOWN[asked.is_number]


def _numbers(asked: Input, rows: Sequence[Row]) -> Iterator[float]:
    cells = [row.when[asked.name] for row in rows if asked.name in row.when]
    ends = {end for cell in cells if isinstance(cell, Between)
            for end, _ in (cell.low, cell.high) if abs(end) < inf}  # fmt: skip
    if asked.is_whole:
        near = {end + step for end in ends for step in (-1, 0, 1)}
        yield from sorted(near)
        return
    cuts = sorted(ends)
    between = {(a + b) / 2 for a, b in pairwise(cuts)}
    found = ends | between | {cuts[0] - 1, cuts[-1] + 1}
    if asked.kind == "share":
        found = {at for at in found if 0 <= at <= 1} | {0.0, 1.0}
        found |= {cuts[0] / 2, (cuts[-1] + 1) / 2}
    yield from sorted(found)


def _check_last(table: Table, pieces: Pieces, *, is_last: bool) -> None:
    last = table.rows[-1]
    if last.when:
        left = pieces.left_of(None, table.rows)
        gap = f"; no row matches {pieces.example(left)}" if left else ""
        last.line.refuse(
            f"The last row must have no conditions, so that every account has a row{gap}",
            mend=f"End with a row that asks nothing; its treatment may be {SILENCE}",
        )
    if not is_last and not any(row.goes_on for row in table.rows):
        last.line.refuse("No row goes on, so the tables after this one would never be asked",
                         column="treatment", mend="Let the last row say next")  # fmt: skip
    if is_last:
        for row in table.rows:
            if row.goes_on:
                row.line.refuse("There is no next table", column="treatment",
                                mend=f"Name a treatment, or {SILENCE}")  # fmt: skip


def _check_unique(table: Table, pieces: Pieces) -> None:
    for earlier, later in combinations(table.rows[:-1], 2):
        both = _shared(pieces.of(earlier), pieces.of(later))
        if both is not None:
            later.line.refuse(
                f"Rows {earlier.id} and {later.id} both match {pieces.example(both)}",
                mend='Narrow one of them, or say hit = "first"',
            )


def _check_reached(table: Table, pieces: Pieces) -> None:
    for at, row in enumerate(table.rows[:-1]):
        earlier = [other for other in table.rows[:at]
                   if _shared(pieces.of(other), pieces.of(row)) is not None]  # fmt: skip
        if pieces.left_of(row, earlier) is None:
            alone = [other for other in earlier if pieces.left_of(row, [other]) is None]
            names = [other.id for other in alone[:1] or earlier]
            before = f"row {names[0]} does" if len(names) == 1 else f"rows {', '.join(names)} do"
            row.line.refuse(
                f"Row {row.id} can never decide: for {pieces.example(pieces.of(row))} {before} "
                "so before it", mend="Move it up, or take it out",
            )  # fmt: skip


def _shared(one: Box, other: Box) -> Box | None:
    """Return what two boxes share, of a table that asks nothing the box of no sides; or none."""
    both = tuple(a & b for a, b in zip(one, other, strict=True))
    return both if all(both) else None


def left_of(box: Box, others: Sequence[Box], looks: Iterator[int]) -> Box | None:
    """Return a part of a box that none of the others covers; none when together they cover it.

    Args:
        looks: Counts the parts that were looked at, over all rows of a table.

    Raises:
        TooEntangled: These are more than `MOST_BOXES`.

    Examples:
        >>> left_of((0b11, 0b11), [(0b01, 0b11), (0b10, 0b01)], count(1))
        (2, 2)
        >>> left_of((0b11, 0b11), [(0b01, 0b11), (0b10, 0b11)], count(1)) is None
        True
    """
    parts = [(box, 0)]
    while parts:
        part, start = parts.pop()
        if next(looks) > MOST_BOXES:
            raise TooEntangled
        met = (at for at in range(start, len(others)) if _shared(part, others[at]) is not None)
        meeting = next(met, None)
        if meeting is None:
            return part
        parts += ((rest, meeting + 1) for rest in _without(part, others[meeting]))
    return None


def _without(box: Box, other: Box) -> Iterator[Box]:
    """Yield what is left of a box without another, as boxes that do not overlap."""
    inside = list(box)
    for axis, (mine, its) in enumerate(zip(box, other, strict=True)):
        if rest := mine & ~its:
            yield (*inside[:axis], rest, *inside[axis + 1 :])
        inside[axis] = mine & its
