"""Stated rules become functions of the moment: read once when rulebooks are loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tideover.rules.guard import vocabulary as said
from tideover.rules.guard.days import any_year
from tideover.rules.guard.expression import compiled, test_of
from tideover.rules.guard.facts import Unfit, minutes_of
from tideover.rules.guard.meaning import (
    NUMBER,
    TEST,
    WORDS,
    Part,
    Scope,
    Selection,
    Unclear,
    all_of,
)
from tideover.rules.guard.primitives import PRIMITIVES
from tideover.rules.guard.primitives.clause import Evaluate, Outcome, Terms, worst
from tideover.rules.guard.scenario import Moment, Reading
from tideover.rules.guard.selection import selection
from tideover.rules.rulebook import Clause, Rulebook, StatedRule, Value
from tideover.terms.faults import Refused

Holds = Callable[[Moment], bool]
EVERYWHERE = "*"
# a parameter of the wrong form: TOML has many, and none of them may end in a stack trace
_ODD = (Unclear, TypeError, AttributeError, KeyError, ValueError)


@dataclass(frozen=True, eq=False)
class Rule:
    """A rule that can be asked.

    Args:
        stated: What its rulebook says of it.
        book: The place it is of.
        gate: What the action's own words decide, so that it can be kept for the next such action.
        judge: Its outcome at a moment, given that the gate lets the action in.
        reads: The facts it asks for.
        events: The events it looks at, by name.
    """

    stated: StatedRule
    book: str
    gate: Holds | None
    gate_reads: frozenset[str]
    judge: Evaluate
    reads: frozenset[str]
    events: Mapping[str, Selection]

    @property
    def id(self) -> str:
        """Return its id."""
        return self.stated.id

    @property
    def number(self) -> int:
        """Return its place in the order."""
        return self.stated.number


def reading_of(books: Sequence[Rulebook]) -> Reading:
    """Return how proposals are read, given the rulebooks there are.

    Raises:
        Refused: A rulebook declares a fact that cannot be.
    """
    places = [place for book in books for place in book.jurisdictions if EVERYWHERE not in place]
    declared: dict[str, Any] = {}
    for book in books:
        for path, kind in book.facts.items():
            declared[path] = said.each(said.DAY) if kind == "days" else kind
    try:
        return Reading(list(dict.fromkeys(places)), declared)
    except Unfit as why:
        raise Refused(str(why), where="[facts]", mend="Name it otherwise") from None


def compiled_rules(books: Sequence[Rulebook], kinds: Mapping[str, Any]) -> list[Rule]:
    """Return the rules of all rulebooks as functions, in the order of their numbers.

    Raises:
        Refused: A rule asks for what is not known, or two rules share an id or a number.
    """
    shared: dict[str, Mapping[str, Selection]] = {}
    found: list[Rule] = []
    # those that others use come first, so that their events are there
    for book in sorted(books, key=lambda one: len(one.uses)):
        missing = next((place for place in book.uses if place not in shared), None)
        if missing is not None:
            mend = "A rulebook can use one that uses none itself"
            raise Refused(f"It uses {missing}, which is not there", where=book.place, mend=mend)
        events = {n: one for place in book.uses for n, one in shared[place].items()}
        shared[book.place] = _shared(book, Scope(kinds, selections=events))
        scope = Scope(kinds, selections=shared[book.place])
        found += [_rule(stated, book, scope) for stated in book.rules]
    _unlike([rule.id for rule in found], "id")
    _unlike([rule.number for rule in found], "number")
    return sorted(found, key=lambda rule: rule.number)


def _unlike(marks: Sequence[Any], what: str) -> None:
    twice = next((mark for mark in marks if marks.count(mark) > 1), None)
    if twice is not None:
        raise Refused(f"Two rules have the {what} {twice}", mend="Give one of them another")


def _shared(book: Rulebook, scope: Scope) -> Mapping[str, Selection]:
    """Return the events that all rules of a book may name: those it uses, and its own."""
    try:
        return _selections(book.events, scope).selections
    except _ODD as why:
        raise _refused(why, f"{book.place}, [events]") from None


def _selections(stated: Mapping[str, Any], scope: Scope) -> Scope:
    """Return the scope with named events; one may be used by those after it."""
    for name, filters in stated.items():
        made = selection(name, filters, scope)
        scope = replace(scope, selections={**scope.selections, name: made})
    return scope


def _rule(stated: StatedRule, book: Rulebook, scope: Scope) -> Rule:
    try:
        return _compiled(stated, book, scope)
    except _ODD as why:
        raise _refused(why, f"{book.place}, rule {stated.id}") from None


def _refused(why: Exception, where: str) -> Refused:
    what = str(why) if isinstance(why, Unclear) else f"a parameter has the wrong form ({why})"
    mend = "docs/guard.md shows how a rule is written"
    return Refused(what[:1].upper() + what[1:300], where=where, mend=mend)


def _compiled(stated: StatedRule, book: Rulebook, scope: Scope) -> Rule:
    _check_actions(stated)
    scope = replace(scope, values={n: _value(v) for n, v in stated.values.items()})
    scope = _selections(stated.events, scope)
    seen, looked_at = _Noting(scope.kinds), _Noting(scope.selections)
    scope = replace(scope, kinds=seen, selections=looked_at)
    for name, text in stated.define.items():
        scope = replace(scope, named={**scope.named, name: compiled(text, scope)})
    whole = test_of(stated.when, scope) if stated.when else None
    tests = (whole.tests or (whole,)) if whole else ()
    gate = [test for test in tests if test.asks_action_only]
    rest = [test for test in tests if not test.asks_action_only]
    outcome = _all_clauses([_clause(one, scope) for one in stated.clauses])
    judge = _in_force(stated, _when(all_of(rest).run if rest else None, outcome))
    return Rule(
        stated,
        book.place,
        gate=all_of(gate).run if gate else None,
        gate_reads=frozenset().union(*(test.reads for test in gate)),
        judge=judge,
        reads=frozenset(seen.asked),
        events={name: scope.selections[name] for name in sorted(looked_at.asked)},
    )


class _Noting(dict[str, Any]):
    """What expressions may name, noting which of it they asked for."""

    def __init__(self, named: Mapping[str, Any]) -> None:
        super().__init__(named)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return super().__getitem__(name)


def _check_actions(stated: StatedRule) -> None:
    strange = [one for one in stated.services if one != "all" and one not in said.SUPPLIES]
    if strange:
        raise Unclear(f"{strange[0]!r} is no service")


def _value(value: Value) -> Part:
    """Return a value as a function of the moment's date."""
    for version in value.versions:
        _check_value(value.unit, version.amount)
    amounts = tuple(version.amount for version in value.versions)
    kinds = {_kind(amount) for amount in amounts}
    if len(kinds) > 1:
        raise Unclear(f"the value {value.name!r} is not of one kind")
    first, kind = amounts[0], kinds.pop()
    if len(amounts) == 1:
        return Part(lambda moment: first, kind, words=amounts)
    return Part(lambda moment: value.on(moment.day).amount, kind, words=amounts)


def _kind(amount: Any) -> str:
    return TEST if isinstance(amount, bool) else WORDS if isinstance(amount, str) else NUMBER


def _check_value(unit: str, amount: Any) -> None:
    """Refuse a day of the year or a time of day that cannot be."""
    try:
        if unit == "month-day":
            any_year(amount)
        elif unit == "local time":
            minutes_of(amount)
    except (ValueError, TypeError, Unfit):
        raise Unclear(f"{amount!r} is no {unit}; write 12-01, or 21:00") from None


def _clause(clause: Clause, scope: Scope) -> Evaluate:
    evaluate = PRIMITIVES[clause.type].make(Terms(clause.params, scope))
    return _when(test_of(clause.when, scope).run if clause.when else None, evaluate)


def _when(holds: Holds | None, evaluate: Evaluate) -> Evaluate:
    if holds is None:
        return evaluate
    return lambda moment: evaluate(moment) if holds(moment) else None


def _all_clauses(clauses: Sequence[Evaluate]) -> Evaluate:
    if len(clauses) == 1:
        return clauses[0]
    return lambda moment: worst([evaluate(moment) for evaluate in clauses])


def _in_force(stated: StatedRule, evaluate: Evaluate) -> Evaluate:
    begins, ends = stated.in_force_from, stated.in_force_until
    if begins is None and ends is None:
        return evaluate

    def judge(moment: Moment) -> Outcome:
        if (begins and moment.day < begins) or (ends and moment.day > ends):
            return None
        return evaluate(moment)

    return judge
