"""What a proposal says, read strictly: every value checked, converted and laid flat by its path.

`customer.plan.status` is one entry of the flat facts; an object that is there is `True` under its
own path. Nothing unchecked gets past this file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from tideover.rules.guard import vocabulary as said
from tideover.rules.guard.vocabulary import Form
from tideover.terms.calendar import FIRST_DAY, LAST_DAY
from tideover.terms.faults import Refused

Reader = Callable[[Any], Any]
Flat = dict[str, Any]
MOST_TEXT, MOST_ENTRIES, MOST_MONEY, MOST_DIGITS = 100_000, 100_000, 10**15, 24
MOST_FORMS_DEEP = 8
EPOCH = date(1970, 1, 1)
_DAY_MARKS, _INSTANT_MARKS = "--", ("--T::+:", "--T::-:")


class Unfit(ValueError):
    """A value is not what it should be; its place is told by whoever reads it."""


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """Return a zone of the zone database.

    Raises:
        Unfit: There is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Unfit(f"{name[:60]!r} is no time zone of the zone database") from None


def offset_s(at: datetime) -> int:
    """Return the seconds that an instant's local time is ahead of universal time."""
    ahead = at.utcoffset()
    return 0 if ahead is None else ahead.days * 86_400 + ahead.seconds


def day_of(value: Any) -> date:
    """Return a day written as 2026-03-31."""
    if type(value) is str and len(value) == 10 and value[4::3] == _DAY_MARKS:
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise Unfit("it must be a day that exists, written as 2026-03-31")


class _Read(dict[str, int]):
    """Seconds of a piece of an instant's text; each is worked out once, and there are few."""

    def __init__(self, form: str, of: Callable[[datetime], int]) -> None:
        super().__init__()
        self.form, self.of = form, of

    def __missing__(self, piece: str) -> int:
        whole = self.form.format(piece)
        try:
            found = datetime.fromisoformat(whole) if whole[4::3] in _INSTANT_MARKS else None
        except ValueError:
            found = None
        # some versions of Python take 24:00 too
        same = found is not None and len(whole) == 25 and found.isoformat()[:19] == whole[:19]
        if found is None or not same or not FIRST_DAY <= found.date() <= LAST_DAY:
            what = f"it must be written as 2026-03-31T09:00:00+02:00, from {FIRST_DAY.year} on"
            raise Unfit(what)
        self[piece] = self.of(found)
        return self[piece]


# An instant is read in two pieces, of which there are about equally many: the hour, the rest of it.
HOURS = _Read("{}:00:00+00:00", lambda at: (at.date() - EPOCH).days * 86_400 + at.hour * 3600)
RESTS = _Read("2000-01-01T00{}", lambda at: at.minute * 60 + at.second - offset_s(at))
_OFFSETS = _Read("2000-01-01T00:00:00{}", offset_s)


def seconds_of(value: Any) -> int:
    """Return an instant, written as 2026-03-31T09:00:00+02:00, as whole seconds since 1970.

    Examples:
        >>> seconds_of("1970-01-02T01:00:00+01:00")
        86400
    """
    try:
        return HOURS[value[:13]] + RESTS[value[13:]]
    except TypeError:
        raise Unfit("it must be an instant, written as 2026-03-31T09:00:00+02:00") from None


def written_offset_s(value: str) -> int:
    """Return the offset that an instant is written with, in seconds."""
    return _OFFSETS[value[19:]]


def _text(value: Any) -> str:
    if type(value) is not str or len(value) > MOST_TEXT:
        raise Unfit(f"it must be text of at most {MOST_TEXT:,} characters")
    return value


def _yes(value: Any) -> bool:
    if value is not True and value is not False:
        raise Unfit("it must be true or false")
    return bool(value)


def number_of(value: Any) -> int | Decimal:
    """Return a number exactly: what JSON wrote as 0.1 is a tenth."""
    exact: Any = value
    if type(value) is float:
        exact = Decimal(repr(value)) if isfinite(value) else None
    if type(exact) is Decimal and len(exact.as_tuple().digits) > MOST_DIGITS:
        exact = None
    if type(exact) not in (int, Decimal) or not -MOST_MONEY < exact < MOST_MONEY:
        raise Unfit("it must be a number between -1e15 and 1e15")
    return exact  # type: ignore[no-any-return]


def _whole(value: Any) -> int:
    exact = number_of(value)
    if exact != int(exact):
        raise Unfit("it must be a whole number")
    return int(exact)


def minutes_of(value: Any) -> int:
    """Return a time of day written as 21:00 in minutes; 24:00 is the end of the day."""
    if type(value) is str and len(value) == 5 and value[2] == ":" and value.isascii():
        hours, minutes = value[:2], value[3:]
        if hours.isdigit() and minutes.isdigit() and int(minutes) < 60:
            found = int(hours) * 60 + int(minutes)
            if found <= 1440:
                return found
    raise Unfit("it must be a time of day, written as 21:00")


def _zone(value: Any) -> str:
    zone_of(_text(value))
    return str(value)


READERS: dict[str, Reader] = {
    said.YES: _yes, said.TEXT: _text, said.NUMBER: number_of, said.WHOLE: _whole,
    said.DAY: day_of, said.INSTANT: seconds_of, said.HOUR: minutes_of, said.ZONE: _zone,
}  # fmt: skip


def reader(kind: Any) -> Reader:
    """Return what reads one value of a kind of the vocabulary."""
    if isinstance(kind, str):
        return READERS[kind]
    if isinstance(kind, tuple):
        return _chooser(kind)
    if isinstance(kind, list):
        return _lister(reader(kind[0]))
    return entry_reader(kind)


def _chooser(words: tuple[Any, ...]) -> Reader:
    allowed = frozenset(words)
    shown = ", ".join(str(word) for word in words[:20]) + (", ..." if words[20:] else "")
    numbers = all(isinstance(word, int) for word in words)

    def read(value: Any) -> Any:
        if type(value) is str:
            if value in allowed:
                return value
        elif numbers and type(value) in (int, float, Decimal) and value in allowed:
            return int(value)
        raise Unfit(f"it must be one of {shown}")

    return read


def _lister(one: Reader) -> Reader:
    def read(value: Any) -> tuple[Any, ...]:
        if type(value) is not list or len(value) > MOST_ENTRIES:
            raise Unfit(f"it must be a list of at most {MOST_ENTRIES:,} entries")
        return tuple([one(entry) for entry in value])

    return read


def entry_reader(form: Form, *, skip: frozenset[str] = frozenset()) -> Callable[[Any], Flat]:
    """Return what reads one entry of a list, with the defaults of what it does not say."""
    readers = {name: reader(kind) for name, kind in form.kinds.items()}
    defaults, required = dict(form.defaults or {}), form.required

    def read(value: Any) -> Flat:
        if type(value) is not dict:
            raise Unfit("it must be an object")
        flat = defaults.copy()
        for name, inner in value.items():
            one = readers.get(name)
            if one is None:
                if name in skip:
                    continue
                raise Unfit(f"{name[:60]!r} is not known here")
            try:
                flat[name] = one(inner)
            except Unfit as why:
                raise Unfit(f"{name}: {why}") from None
        for name in required:
            if name not in value:
                raise Unfit(f"{name} is missing")
        return flat

    return read


def flattener(form: Form, path: str, *, skip: str = "") -> Callable[[Any, Flat], None]:
    """Return what lays an object of facts flat under its path."""
    inner = {n: flattener(k, f"{path}.{n}") for n, k in form.kinds.items() if isinstance(k, Form)}
    leaves = {n: (f"{path}.{n}", reader(k)) for n, k in form.kinds.items() if n not in inner}
    required = form.required

    def read(value: Any, flat: Flat) -> None:
        if type(value) is not dict:
            raise refused("it must be an object", path)
        flat[path] = True
        for name, one in value.items():
            leaf = leaves.get(name)
            if leaf is not None:
                try:
                    flat[leaf[0]] = leaf[1](one)
                except Unfit as why:
                    raise refused(str(why), leaf[0]) from None
            elif name in inner:
                inner[name](one, flat)
            elif name != skip:
                raise refused("No such fact is known", f"{path}.{name[:60]}")
        for name in required:
            if name not in value:
                raise refused("It is missing", f"{path}.{name}")

    return read


def refused(what: str, path: str) -> Refused:
    """Return the refusal of a fact."""
    return Refused(what[:1].upper() + what[1:], where=path, mend="docs/guard.md lists the facts")


def kinds_of(form: Form, path: str) -> dict[str, Any]:
    """Return the kind of every fact under a path; of an object that it is there or not."""
    found: dict[str, Any] = {path: said.ANYTHING}
    for name, kind in form.kinds.items():
        if isinstance(kind, Form):
            found |= kinds_of(kind, f"{path}.{name}")
        else:
            found[f"{path}.{name}"] = kind
    return found


def defaults_of(form: Form, path: str) -> Flat:
    """Return what the facts under a path hold when nothing is said."""
    return {f"{path}.{name}": value for name, value in (form.defaults or {}).items()}


def widened(form: Form, names: list[str], kind: Any) -> Form:
    """Return a form that knows one more fact, at a path inside it.

    Raises:
        Unfit: The fact is there already, or lies too deep.
    """
    if len(names) > MOST_FORMS_DEEP or not names[0].isidentifier():
        raise Unfit("it must be named by a path such as customer.promise.due_on")
    if len(names) == 1:
        if names[0] in form.kinds:
            raise Unfit("there is such a fact already")
        return replace(form, kinds={**form.kinds, names[0]: kind})
    inside = form.kinds.get(names[0], Form({}))
    if not isinstance(inside, Form):
        raise Unfit(f"{names[0]} holds one value and no facts")
    return replace(form, kinds={**form.kinds, names[0]: widened(inside, names[1:], kind)})
