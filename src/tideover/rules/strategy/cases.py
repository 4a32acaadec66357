"""Cases beside the tables, a strategy's own tests: given these facts, expect this treatment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import nan
from typing import Any, NamedTuple, NoReturn

from tideover.rules.condition import YES_NO, Fact, Input, number
from tideover.rules.strategy.folder import CASES_FILE, Strategy
from tideover.rules.strategy.head import known, refuse, toml
from tideover.rules.strategy.ladder import Account, Span, Taken
from tideover.rules.strategy.policy import Policy, stage_of
from tideover.rules.strategy.proposal import WAYS
from tideover.rules.strategy.table import Row
from tideover.terms.calendar import FIRST_DAY, LAST_DAY
from tideover.terms.faults import Refused

MOST_CASES = 2_000
_EXPECTED = ("treatment", "row", *WAYS)
_ON_LADDERS = ("on", "in_arrears_since", "taken", "held", "holidays")


@dataclass(frozen=True)
class Case:
    """One account, and what should be decided on it.

    Args:
        facts: Of every input of the strategy.
        expect: What of the decision is told, by name: the treatment at least.
    """

    name: str
    facts: Mapping[str, Fact]
    expect: Mapping[str, str | tuple[str, ...]]


class Outcome(NamedTuple):
    """What became of a case.

    Args:
        differs: What was expected otherwise: name, expected, and what was decided instead.
    """

    case: Case
    row: Row
    differs: tuple[tuple[str, str, str], ...]

    @property
    def words(self) -> str:
        """Return a failure as a sentence; nothing when the case holds."""
        said = "; ".join(f"expected {name} {wanted}, decided {found}"
                         for name, wanted, found in self.differs)  # fmt: skip
        because = f" (row {self.row.id}: {self.row.then.because})"
        return f"{self.case.name}: {said}{because}" if said else ""


def run_cases(strategy: Strategy) -> list[Outcome]:
    """Return what became of every case of a strategy.

    Raises:
        Refused: There are no cases, or one cannot be understood.
    """
    return [_outcome(strategy.policy, case) for case in parse_cases(strategy)]


def parse_cases(strategy: Strategy) -> list[Case]:
    """Return the cases that stand beside the tables of a strategy.

    Raises:
        Refused: There is none, or one names what is not known.
    """
    if CASES_FILE not in strategy.texts:
        raise Refused("The strategy has no cases", where=CASES_FILE,
                      mend="Write [[case]] with a name, given and expect")  # fmt: skip
    stated = toml(strategy.texts[CASES_FILE], CASES_FILE)
    known(stated, ("usual", "case"), "", CASES_FILE)
    said = stated.get("case")
    if not isinstance(said, list) or not 1 <= len(said) <= MOST_CASES:
        _refuse(f"There are 1 to {MOST_CASES:,} cases", "[[case]]")
    usual = stated.get("usual", {})
    known(usual, tuple(i.name for i in strategy.policy.inputs), "[usual]", CASES_FILE)
    return [_case(strategy, usual, one, f"[[case]] {n}") for n, one in enumerate(said, 1)]


def _case(strategy: Strategy, usual: Mapping[str, Any], said: Any, where: str) -> Case:
    known(said, ("name", "given", "expect", *_ON_LADDERS), where, CASES_FILE)
    name, given, expect = (said.get(word) for word in ("name", "given", "expect"))
    if not isinstance(name, str) or not name.strip():
        _refuse("A case needs a name", where)
    where = f"{where} ({name:.80})"
    known(given, tuple(i.name for i in strategy.policy.inputs), f"{where}, given", CASES_FILE)
    known(expect, _EXPECTED, f"{where}, expect", CASES_FILE)
    if "treatment" not in expect:
        _refuse("A case expects a treatment", where)
    facts = dict(_facts(strategy.policy, {**usual, **given}, where))
    if any(word in said for word in _ON_LADDERS):
        facts |= _places(strategy, said, where)
    return Case(name, facts, dict(_expected(expect, where)))


def _facts(policy: Policy, said: Mapping[str, Any], where: str) -> Iterator[tuple[str, Fact]]:
    """Yield the facts of every input; the stage follows from the days past due."""
    for asked in policy.inputs:
        if asked.name in said:
            yield asked.name, _fact(asked, said[asked.name], where)
        elif asked.name == "stage":
            days = said.get("days_past_due", 0)
            yield "stage", stage_of(policy.stages, days if isinstance(days, int) else 0)
        else:
            yield asked.name, nan if asked.is_number else False if asked.kind == YES_NO else None


def _fact(asked: Input, said: Any, where: str) -> Fact:
    try:
        if asked.kind == YES_NO:
            if not isinstance(said, bool):
                raise ValueError(f"{said!r} must be true or false")
            return said
        if asked.is_number:
            if isinstance(said, bool):
                raise ValueError(f"{said!r} is no number")
            return number(str(said), asked)
        if said not in asked.one_of:
            raise ValueError(f"{said!r} is none of: {', '.join(asked.one_of)}")
    except ValueError as error:
        _refuse(f"{asked.name}: {error}"[:300], where)
    return str(said)


def _places(strategy: Strategy, said: Mapping[str, Any], where: str) -> dict[str, Fact]:
    if "on" not in said:
        _refuse("Where steps were taken, say the day of the decision", where)
    day, since = _day(said["on"], where), said.get("in_arrears_since")
    account = Account(
        None if since is None else _day(since, where),
        tuple(_taken(one, where) for one in _list(said, "taken", where)),
        tuple(_span(one, where) for one in _list(said, "held", where)),
        frozenset(_day(one, where) for one in _list(said, "holidays", where)),
    )
    return {name: climbed.place(account, day).at for name, climbed in strategy.ladders.items()}


def _list(said: Mapping[str, Any], name: str, where: str) -> list[Any]:
    found = said.get(name, [])
    if not isinstance(found, list) or len(found) > 1_000:
        _refuse(f"{name} is a list", where)
    return found


def _taken(said: Any, where: str) -> Taken:
    known(said, Taken._fields, f"{where}, taken", CASES_FILE)
    if not isinstance(said.get("step"), str) or "sent_on" not in said:
        _refuse("A step that was taken says step and sent_on", where)
    later = {name: _day(said[name], where) for name in ("served_on", "failed_on") if name in said}
    return Taken(said["step"], _day(said["sent_on"], where), **later)


def _span(said: Any, where: str) -> Span:
    known(said, Span._fields, f"{where}, held", CASES_FILE)
    ends = _day(said["ends_on"], where) if "ends_on" in said else None
    return Span(_day(said.get("starts_on"), where), ends)


def _day(said: Any, where: str) -> date:
    if type(said) is not date or not FIRST_DAY <= said <= LAST_DAY:
        _refuse(f"{said!r:.80} is no day from {FIRST_DAY} to {LAST_DAY}", where)
    return said


def _expected(said: Mapping[str, Any], where: str) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for name, wanted in said.items():
        if name in WAYS and isinstance(wanted, list):
            yield name, tuple(map(str, wanted))
        elif isinstance(wanted, str) and name not in WAYS:
            yield name, wanted
        else:
            _refuse(f"{name} is {'a list' if name in WAYS else 'a word'}", f"{where}, expect")


def _outcome(policy: Policy, case: Case) -> Outcome:
    row = policy.judge(case.facts)
    decided = {"treatment": row.then.treatment, "row": row.id}
    decided |= {name: getattr(row.then, name) for name in WAYS}
    differs = tuple(
        (name, _words(wanted), _words(decided[name]))
        for name, wanted in case.expect.items()
        if (set(wanted) if name in WAYS else wanted)
        != (set(decided[name]) if name in WAYS else decided[name])
    )
    return Outcome(case, row, differs)


def _words(said: Any) -> str:
    return said if isinstance(said, str) else " or ".join(said) or "none"


def _refuse(what: str, where: str) -> NoReturn:
    refuse(what, where, file=CASES_FILE, mend="Write it as docs/strategy.md shows")
