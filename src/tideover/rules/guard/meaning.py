"""What the phrases of a rulebook's expressions mean: each becomes a function of the moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import ge, gt, le, lt
from typing import Any

from tideover.rules.guard import vocabulary as said
from tideover.rules.guard.days import plus
from tideover.rules.guard.scenario import Event, Moment

Run = Callable[[Moment], Any]
Selection = Callable[[Moment], Sequence[Event]]
TEST, NUMBER, DAY, WORDS, LIST, EVENT, INSTANT = (
    "a test", "a number", "a day", "a word", "a list", "an event", "an instant",
)  # fmt: skip
KIND = {said.YES: TEST, said.NUMBER: NUMBER, said.WHOLE: NUMBER, said.DAY: DAY, said.TEXT: WORDS,
         said.ZONE: WORDS, said.HOUR: NUMBER, said.INSTANT: INSTANT}  # fmt: skip


class Unclear(ValueError):
    """An expression cannot be understood; its place is told by whoever reads the rulebook."""


@dataclass(frozen=True)
class Part:
    """A phrase as a function of the moment.

    Args:
        kind: What it gives.
        reads: The facts it asks for, by path.
        words: Those that it can give, where they are fixed.
        tests: The tests that must all hold, where it is several joined by `and`.
        asks_action_only: Whether it rests on the action's words alone, so that it can be kept.
    """

    run: Run
    kind: str
    reads: frozenset[str] = frozenset()
    words: tuple[Any, ...] = ()
    tests: tuple[Part, ...] = ()
    asks_action_only: bool = False


@dataclass(frozen=True)
class Scope:
    """What an expression may name.

    Args:
        kinds: The kind of every fact, by path.
        values: The rule's own numbers, by name, as functions of the moment with their kind.
        selections: Events by the name a rulebook gives them.
        named: Tests by name.
        entry: Kinds of the entry's facts, where the rule looks at each entry of a list.
    """

    kinds: Mapping[str, Any]
    values: Mapping[str, Part] = field(default_factory=dict)
    selections: Mapping[str, Selection] = field(default_factory=dict)
    named: Mapping[str, Part] = field(default_factory=dict)
    entry: Mapping[str, Any] = field(default_factory=dict)

    def value(self, name: str) -> Part:
        """Return one of the rule's numbers."""
        if name not in self.values:
            raise Unclear(f"${name} is no value of this rule")
        return self.values[name]

    def selection(self, name: str) -> Selection:
        """Return events by their name."""
        if name not in self.selections:
            known = ", ".join(self.selections) or "none"
            raise Unclear(f"{name!r} names no events; known are {known}")
        return self.selections[name]

    def name(self, token: str) -> Part:
        """Return a fact, a word about the local day, or a named test."""
        if token in LOCAL:
            return LOCAL[token]
        if token in self.named:
            return self.named[token]
        if token.startswith("entry."):
            return _entry_fact(token[6:], self.entry)
        if token not in self.kinds:
            raise Unclear(f"{token!r} is no fact")
        return _fact(token, self.kinds[token])


def _fact(path: str, kind: Any) -> Part:
    reads = frozenset((path,))
    if kind == said.YES:
        # what is not said is false, but for the few facts that the vocabulary says otherwise of
        return Part(lambda m: m.flat.get(path) is True, TEST, reads,
                    asks_action_only=path.startswith("action."))  # fmt: skip
    if isinstance(kind, tuple):
        return Part(lambda m: m.flat.get(path), WORDS, reads, kind,
                    asks_action_only=path.startswith("action."))  # fmt: skip
    found = LIST if isinstance(kind, list) else KIND.get(kind, "an object")
    return Part(lambda m: m.flat.get(path), found, reads)


def _entry_fact(name: str, kinds: Mapping[str, Any]) -> Part:
    if name not in kinds:
        raise Unclear(f"entry.{name} is no fact of an entry here")
    if kinds[name] == said.YES:
        return Part(lambda m: m.entry.get(name) is True, TEST)
    return Part(lambda m: m.entry.get(name), KIND.get(kinds[name], WORDS))


LOCAL = {
    "D": Part(lambda m: m.day, DAY),
    "month": Part(lambda m: m.day.month, NUMBER),
    "weekday": Part(lambda m: said.WEEK[m.day.weekday()], WORDS, words=said.WEEK),
    "holiday": Part(lambda m: m.day in m.scenario.holidays, TEST,
                    frozenset(("context.public_holidays",))),
    "eve_of_holiday": Part(lambda m: plus(m.day, 1) in m.scenario.holidays, TEST,
                           frozenset(("context.public_holidays",))),
    "always": Part(lambda m: True, TEST),
}  # fmt: skip


def literal(value: Any) -> Part:
    """Return a word or a number as it stands."""
    return Part(lambda m: value, WORDS if isinstance(value, str) else NUMBER, words=(value,),
                asks_action_only=True)  # fmt: skip


def as_test(part: Part) -> Part:
    """Return a phrase that must hold or not.

    Raises:
        Unclear: It gives something else.
    """
    if part.kind != TEST:
        raise Unclear(f"a test is expected where {part.kind} stands")
    return part


def put_together(run: Run, kind: str, *parts: Part) -> Part:
    reads = frozenset().union(*(part.reads for part in parts))
    return Part(run, kind, reads, asks_action_only=all(p.asks_action_only for p in parts))


def both(left: Part, right: Part) -> Part:
    """Return `left and right`."""
    a, b = left.run, right.run
    joined = put_together(lambda m: a(m) and b(m), TEST, left, right)
    tests = (*(left.tests or (left,)), *(right.tests or (right,)))
    return Part(joined.run, TEST, joined.reads, (), tests, joined.asks_action_only)


def all_of(parts: Sequence[Part]) -> Part:
    """Return that all tests hold."""
    joined = LOCAL["always"] if not parts else parts[0]
    for part in parts[1:]:
        joined = both(joined, part)
    return joined


def either(left: Part, right: Part) -> Part:
    """Return `left or right`."""
    a, b = left.run, right.run
    return put_together(lambda m: a(m) or b(m), TEST, left, right)


def negated(part: Part) -> Part:
    """Return `not part`."""
    a = part.run
    return put_together(lambda m: not a(m), TEST, part)


def choice(yes: Part, test: Part, no: Part) -> Part:
    """Return `yes if test else no`."""
    a, b, c = yes.run, test.run, no.run
    kind = yes.kind if yes.kind == no.kind else DAY if EVENT in (yes.kind, no.kind) else yes.kind
    return put_together(lambda m: a(m) if b(m) else c(m), kind, yes, test, no)


def day_like(part: Part) -> Run:
    """Return a phrase with an event as its local date."""
    run = part.run
    if part.kind != EVENT:
        return run

    def day(moment: Moment) -> Any:
        event = run(moment)
        return None if event is None else event.day

    return day


_SIGNS = {"<": lt, "<=": le, ">": gt, ">=": ge}


def compared(left: Part, sign: str, right: Part) -> Part:
    """Return a comparison of days or of numbers; what is missing satisfies none."""
    kinds = {DAY if part.kind == EVENT else part.kind for part in (left, right)}
    if len(kinds) > 1 or not kinds <= {DAY, NUMBER}:
        raise Unclear(f"{left.kind} and {right.kind} cannot be compared by {sign}")
    a, b, holds = day_like(left), day_like(right), _SIGNS[sign]

    def run(moment: Moment) -> bool:
        one, other = a(moment), b(moment)
        return one is not None and other is not None and holds(one, other)

    return put_together(run, TEST, left, right)


def _check_words(part: Part, words: tuple[Any, ...]) -> None:
    """Refuse words of which the part can give none: a misspelt one would never hold."""
    if part.words and words and not set(words) & set(part.words):
        can = ", ".join(map(str, part.words))
        raise Unclear(f"{words[0]!r} is never it; it can be {can}")


def one_of(left: Part, right: Part) -> Part:
    """Return `left is right`."""
    _check_words(left, right.words)
    a, b = left.run, right.run

    def run(moment: Moment) -> bool:
        one = a(moment)
        return one is not None and one == b(moment)

    return put_together(run, TEST, left, right)


def among(left: Part, words: tuple[Any, ...]) -> Part:
    """Return `left in [words]`."""
    for word in words:
        _check_words(left, (word,))
    a, allowed = left.run, frozenset(words)
    return put_together(lambda m: a(m) in allowed, TEST, left)


def given(part: Part) -> Part:
    """Return that a fact is there."""
    a = part.run
    return put_together(lambda m: a(m) is not None, TEST, part)


def listed(left: Part, sign: str, words: tuple[Any, ...]) -> Part:
    """Return `has` (all of the words), `lacks` (not all of them), `only` (none but them)."""
    if left.kind != LIST:
        raise Unclear(f"{sign} asks a list, not {left.kind}")
    a, wanted = left.run, frozenset(words)
    if sign == "only":
        return put_together(lambda m: wanted.issuperset(a(m) or ()), TEST, left)
    has = put_together(lambda m: wanted.issubset(a(m) or ()), TEST, left)
    return has if sign == "has" else negated(has)


def added(left: Part, right: Part, *, minus: bool) -> Part:
    """Return a day some days later or earlier, or a sum; of something missing, nothing."""
    if right.kind != NUMBER or left.kind not in (DAY, EVENT, NUMBER):
        raise Unclear(f"{right.kind} cannot be added to {left.kind}")
    a, b, way = day_like(left), right.run, -1 if minus else 1
    of_days = left.kind != NUMBER

    def run(moment: Moment) -> Any:
        one, other = a(moment), b(moment)
        if one is None or other is None:
            return None
        return plus(one, int(way * other)) if of_days else one + way * other

    return put_together(run, DAY if of_days else NUMBER, left, right)


def times(left: Part, right: Part) -> Part:
    """Return a product; of something missing, nothing."""
    if left.kind != NUMBER or right.kind != NUMBER:
        raise Unclear(f"{left.kind} cannot be multiplied by {right.kind}")
    return calculated(NUMBER, lambda one, other: one * other)(left, right)


def calculated(kind: str, work: Callable[..., Any]) -> Callable[..., Part]:
    """Return what applies a calculation to phrases, and gives nothing where one of them does."""

    def make(*parts: Part) -> Part:
        runs = [day_like(part) for part in parts]
        found = DAY if parts[0].kind == EVENT else parts[0].kind

        def run(moment: Moment) -> Any:
            values = [a(moment) for a in runs]
            return None if None in values else work(*values)

        return put_together(run, kind or found, *parts)

    return make
