"""A ladder of notices: one step at a time, each only after the one before was really sent.

Where an account stands is worked out from the facts every time: which steps were sent and served,
since when it is in arrears, and when it was held. So after days without a run nothing is skipped
and nothing is sent twice, and two runs of one day say the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tideover.rules.guard.vocabulary import ACTIONS
from tideover.rules.strategy.proposal import is_name
from tideover.rules.strategy.sheet import Line, lines
from tideover.terms.calendar import days
from tideover.terms.faults import Refused

# Where an account can stand besides at a step that is to be taken.
CLEAR, HELD, WAITING, DONE = "clear", "held", "waiting", "done"
PLACES = (CLEAR, HELD, WAITING, DONE)
COLUMNS = ("id", "wait", "counted_from", "season", "valid", "notice", "content", "because")
NOTICES = ACTIONS["send_notice"].kinds["kind"]  # as the rulebooks name them
LONGEST_WAIT_DAYS, MOST_STEPS = 366, 50

_TERM = re.compile(r"(\d{1,3}) (working )?days?", re.ASCII)
_SEASON = re.compile(r"(\d\d-\d\d)\.\.(\d\d-\d\d)", re.ASCII)


class Span(NamedTuple):
    """Days in which something was so, both ends among them; without an end it still is."""

    starts_on: date
    ends_on: date | None = None

    def has(self, day: date) -> bool:
        """Say whether a day lies in it."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Taken(NamedTuple):
    """A step that was really taken.

    Args:
        served_on: When it reached the customer; none while that is not known.
        failed_on: When it came back, so that it does not count; none when it did not.
    """

    step: str
    sent_on: date
    served_on: date | None = None
    failed_on: date | None = None


class Place(NamedTuple):
    """Where an account stands on a ladder.

    Args:
        at: The step that is to be taken now, or one of `PLACES`.
        due_on: While waiting for a term to end, its first day after; else none.
    """

    at: str
    due_on: date | None = None


@dataclass(frozen=True)
class Step:
    """One step of a ladder.

    Args:
        wait_days: Days from the step before, or from the first day of the arrears, to the first one
            on which this may be taken; a term of 14 full days is 15.
        working: Whether only working days are counted.
        counted_from: `sent` or `served`: the day of this step from which the next wait is counted.
        season: First and last day, as `12-01`, of the part of a year in which it is asked for.
        valid_days: How long it counts after it was sent; none is for ever.
        notice: Which kind of notice the guard is asked about; none where the rulebooks know none.
        content: What the notice says, in the rulebooks' words, as `debt_help_info`.
    """

    id: str
    wait_days: int
    working: bool
    counted_from: str
    season: tuple[str, str] | None
    valid_days: int | None
    because: str
    notice: str | None = None
    content: tuple[str, ...] = ()

    def counted(self, taken: Taken) -> date | None:
        """Return the day from which the next term is counted; none while it is not known."""
        return taken.sent_on if self.counted_from == "sent" else taken.served_on

    def has_lapsed(self, sent_on: date, day: date) -> bool:
        """Say whether a step is so old that it counts no longer, and must be taken anew."""
        return self.valid_days is not None and sent_on + days(self.valid_days) < day

    def is_asked(self, day: date) -> bool:
        """Say whether the step is asked for on a day."""
        if self.season is None:
            return True
        first, last = self.season
        at = f"{day:%m-%d}"
        return first <= at <= last if first <= last else at >= first or at <= last


@dataclass(frozen=True)
class Account:
    """What a ladder is told of an account.

    Args:
        in_arrears_since: The first day of these arrears, since when the account was never clear;
            none when it is. Not the due date of the oldest unpaid bill: that one moves when an
            older bill is paid, and the ladder would begin again.
        held: Disputes, plans and holds; days in them count towards no term.
        holidays: Of its place; they and weekends are no working days.
    """

    in_arrears_since: date | None
    taken: Sequence[Taken] = ()
    held: Sequence[Span] = ()
    holidays: Collection[date] = frozenset()

    def is_held(self, day: date) -> bool:
        """Say whether a day lies in a hold."""
        return any(span.has(day) for span in self.held)

    def counts(self, day: date, *, working: bool) -> bool:
        """Say whether a day counts towards a term."""
        at_work = not working or (day.weekday() < 5 and day not in self.holidays)
        return at_work and not self.is_held(day)


@dataclass(frozen=True)
class Ladder:
    """Steps in the order the law, or the utility, wants them."""

    name: str
    steps: tuple[Step, ...]

    @property
    def file(self) -> str:
        """Return the name of its file."""
        return f"{self.name}.csv"

    @property
    def places(self) -> tuple[str, ...]:
        """Return everything that a table may ask of it."""
        return (*(step.id for step in self.steps), *PLACES)

    def step(self, step_id: str) -> Step:
        """Return a step by its id."""
        return next(step for step in self.steps if step.id == step_id)

    def place(self, account: Account, day: date) -> Place:
        """Return where an account stands at the end of a day.

        A step counts when it was sent in these arrears, after the step before and not before that
        one's term was over, and did not come back. One that was sent and must be served is waited
        for, not sent again.
        """
        since = account.in_arrears_since
        if since is None or day < since:
            return Place(CLEAR)
        if account.is_held(day):
            return Place(HELD)
        start = since
        for step in self.steps:
            ready = _after(start, step, account, day)
            if ready is None or ready > day:
                return Place(WAITING, ready)
            taken = _taken(step, account, ready, day)
            if taken is None and step.is_asked(day):
                return Place(step.id)
            counted = step.counted(taken) if taken is not None else start
            if counted is None or counted > day:
                return Place(WAITING)
            start = counted
        return Place(DONE)


def _taken(step: Step, account: Account, ready: date, day: date) -> Taken | None:
    """Return the step as it was taken; of several, the one whose term is over first."""
    counting = [one for one in account.taken
                if one.step == step.id and ready <= one.sent_on <= day
                and (one.failed_on is None or one.failed_on > day)
                and not step.has_lapsed(one.sent_on, day)]  # fmt: skip
    return min(counting, key=lambda one: step.counted(one) or date.max, default=None)


def _after(start: date, step: Step, account: Account, day: date) -> date | None:
    """Return the first day after a term; none when it is far off, or a hold has no end."""
    at, left = start, step.wait_days
    while left:
        at += days(1)
        if at > day + days(LONGEST_WAIT_DAYS):
            return None
        left -= account.counts(at, working=step.working)
    return at


def ladder(name: str, text: str) -> Ladder:
    """Return the ladder that a file states.

    Raises:
        Refused: A column, a term, a season or an id is not what it must be.
    """
    file = f"{name}.csv"
    written = lines(file, text, known=COLUMNS, needed=("id", "wait", "because"))
    if not written or len(written) > MOST_STEPS:
        raise Refused(f"A ladder has 1 to {MOST_STEPS} steps", where=file,
                      mend="Write a row for each, with id, wait and because")  # fmt: skip
    steps = tuple(_steps(written))
    return Ladder(name, steps)


def _steps(written: Sequence[Line]) -> Iterator[Step]:
    seen = set(PLACES)
    for line in written:
        row_id = line.cells.get("id", "")
        if not is_name(row_id) or row_id in seen:
            line.refuse("A step needs an id of its own, in small letters", column="id",
                        mend=f"{', '.join(PLACES)} are taken")  # fmt: skip
        seen.add(row_id)
        wait, working = _term(line, "wait", line.cells.get("wait", ""))
        valid = _term(line, "valid", line.cells["valid"])[0] if "valid" in line.cells else None
        counted_from = line.cells.get("counted_from", "sent")
        if counted_from not in ("sent", "served"):
            line.refuse("Days are counted from sent or served", column="counted_from")
        if "because" not in line.cells:
            line.refuse("A step says why, with its source", column="because")
        yield Step(row_id, wait, working, counted_from, _season(line), valid, line.cells["because"],
                   *_notice(line))  # fmt: skip


def _notice(line: Line) -> tuple[str | None, tuple[str, ...]]:
    kind = line.cells.get("notice")
    if kind is not None and kind not in NOTICES:
        line.refuse("The rulebooks know no such notice", column="notice",
                    mend=f"Write one of {', '.join(NOTICES)}, or nothing")  # fmt: skip
    content = tuple(
        word.strip() for word in line.cells.get("content", "").split(";") if word.strip()
    )
    if content and kind is None:
        line.refuse("What is no notice has no content", column="content")
    if not all(map(is_name, content)) or len(set(content)) < len(content):
        line.refuse("A word of the content is no name, or there twice", column="content",
                    mend="Write them as debt_help_info; medical_exception")  # fmt: skip
    return kind, content


def _term(line: Line, column: str, cell: str) -> tuple[int, bool]:
    found = _TERM.fullmatch(cell)
    if found is None or int(found[1]) > LONGEST_WAIT_DAYS:
        line.refuse(f"A term is some days, at most {LONGEST_WAIT_DAYS}", column=column,
                    mend="Write it as 14 days or 3 working days")  # fmt: skip
    return int(found[1]), bool(found[2])


def _season(line: Line) -> tuple[str, str] | None:
    cell = line.cells.get("season")
    if cell is None:
        return None
    found = _SEASON.fullmatch(cell)
    if found is None or not all(map(_is_day, found.groups())):
        line.refuse("A season is two days of the year", column="season",
                    mend="Write it as 12-01..03-31")  # fmt: skip
    return found[1], found[2]


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(f"2024-{text}"))  # a leap year
    except ValueError:
        return False
