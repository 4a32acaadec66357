"""The small language in which rulebooks ask for facts, read into one function of the moment.

    customer.deceased and action.party is customer
    action.channel in [sms, email] and not action.content has opt_out_instructions
    latest(termination) + (7 if service is electricity else $gas_days)

A fact that is missing satisfies no comparison, and arithmetic with it gives nothing. `not`,
`is not`, `not in` and `lacks` hold where it is missing.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from tideover.rules.guard import functions, meaning
from tideover.rules.guard.meaning import Part, Scope, Unclear

MOST_TEXT, MOST_DEEP = 2_000, 40
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<value>\$[a-z][a-z0-9_]*)|(?P<text>'[^']*')"
    r"|(?P<word>[A-Za-z_][\w]*(?:\.\w+)*)|(?P<sign><=|>=|[<>()\[\],+*.-]))",
    re.ASCII,
)
_RESERVED = {"and", "or", "not", "is", "in", "has", "lacks", "only", "exists", "absent", "if",
             "else"}  # fmt: skip
_COMPARE = ("<", "<=", ">", ">=")


def compiled(text: str, scope: Scope) -> Part:
    """Return a text of the language as one function of the moment.

    Raises:
        Unclear: It cannot be read, or names what is not known.
    """
    if not isinstance(text, str) or len(text) > MOST_TEXT:
        raise Unclear(f"an expression is text of at most {MOST_TEXT:,} characters")
    return _Reader(text, scope).whole()


def test_of(text: str, scope: Scope) -> Part:
    """Return a text of the language that holds or does not.

    Raises:
        Unclear: It cannot be read, or it is no test.
    """
    return meaning.as_test(compiled(text, scope))


class _Reader:
    """Reads one text from left to right; each method reads one kind of phrase."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.scope, self.deep = scope, 0
        self.tokens = list(_tokens(text))
        self.at = 0

    def whole(self) -> Part:
        """Read all of the text."""
        part = self.choice()
        if self.at < len(self.tokens):
            raise Unclear(f"{self.tokens[self.at]!r} is not expected here")
        return part

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        """Take the next token if it is one of those wanted, else nothing."""
        if self.peek() in wanted:
            self.at += 1
            return self.tokens[self.at - 1]
        return ""

    def must(self, wanted: str) -> None:
        if not self.take(wanted):
            raise Unclear(f"{wanted!r} is expected before {self.peek() or 'the end'!r}")

    def choice(self) -> Part:
        """Read `this if that else other`."""
        self.deep += 1
        if self.deep > MOST_DEEP:
            raise Unclear(f"an expression is nested at most {MOST_DEEP} deep")
        part = self.either()
        if self.take("if"):
            test = meaning.as_test(self.either())
            self.must("else")
            part = meaning.choice(part, test, self.choice())
        self.deep -= 1
        return part

    def either(self) -> Part:
        part = self.both()
        while self.take("or"):
            part = meaning.either(meaning.as_test(part), meaning.as_test(self.both()))
        return part

    def both(self) -> Part:
        part = self.negated()
        while self.take("and"):
            part = meaning.both(meaning.as_test(part), meaning.as_test(self.negated()))
        return part

    def negated(self) -> Part:
        if self.take("not"):
            return meaning.negated(meaning.as_test(self.negated()))
        return self.test()

    def test(self) -> Part:
        """Read a comparison, or a value alone."""
        left = self.total()
        sign = self.take(*_COMPARE, "is", "in", "not", "has", "lacks", "only", "exists", "absent")
        if not sign:
            return left
        if sign in _COMPARE:
            return meaning.compared(left, sign, self.total())
        if sign == "is":
            if self.take("not"):
                return meaning.negated(meaning.one_of(left, self.word_or_fact(left)))
            return meaning.one_of(left, self.word_or_fact(left))
        if sign == "not":
            self.must("in")
            return meaning.negated(meaning.among(left, self.words()))
        if sign == "in":
            return meaning.among(left, self.words())
        if sign in ("exists", "absent"):
            given = meaning.given(left)
            return given if sign == "exists" else meaning.negated(given)
        return meaning.listed(left, sign, self.words())

    def word_or_fact(self, left: Part) -> Part:
        """Read what stands after `is`: a fact, a value, or a word of the fact's own."""
        token = self.peek()
        if "." in token or token in ("service", "actor") or not re.match(r"[A-Za-z]", token):
            return self.total()
        self.at += 1
        return meaning.literal(token)

    def words(self) -> tuple[Any, ...]:
        """Read one word, or a list of them in brackets."""
        if not self.take("["):
            return (self.word(),)
        found = [self.word()]
        while self.take(","):
            found.append(self.word())
        self.must("]")
        return tuple(found)

    def word(self) -> Any:
        token = self.peek()
        if not re.match(r"[A-Za-z0-9]", token):
            raise Unclear(f"a word is expected before {token or 'the end'!r}")
        self.at += 1
        return int(token) if token.isdigit() else token

    def total(self) -> Part:
        part = self.product()
        while sign := self.take("+", "-"):
            part = meaning.added(part, self.product(), minus=sign == "-")
        return part

    def product(self) -> Part:
        part = self.atom()
        while self.take("*"):
            part = meaning.times(part, self.atom())
        return part

    def atom(self) -> Part:
        token = self.peek()
        if self.take("("):
            part = self.choice()
            self.must(")")
            return part
        if not token or token in _RESERVED or not re.match(r"[$'\w]", token):
            raise Unclear(f"a fact or a number is expected before {token or 'the end'!r}")
        self.at += 1
        if token[0].isdigit():
            return meaning.literal(Decimal(token) if "." in token else int(token))
        if token[0] == "'":
            return meaning.literal(token[1:-1])
        if token[0] == "$":
            return self.scope.value(token[1:])
        if self.peek() == "(":
            return self.call(token)
        return self.scope.name(token)

    def call(self, name: str) -> Part:
        """Read a function of events or of days, and the fact of an event behind it."""
        self.must("(")
        if name in functions.OF_EVENTS:
            names = [self.event_name()]
            while self.take(","):
                names.append(self.event_name())
            self.must(")")
            found = functions.of_events(name, [self.scope.selection(n) for n in names])
            return self.fact_of(found)
        if name not in functions.OF_DAYS:
            known = ", ".join((*functions.OF_EVENTS, *functions.OF_DAYS))
            raise Unclear(f"{name!r} is no function; known are {known}")
        parts = [self.choice()]
        while self.take(","):
            parts.append(self.choice())
        self.must(")")
        return functions.of_days(name, parts)

    def fact_of(self, event: Part) -> Part:
        if not self.take("."):
            return event
        token = self.peek()
        self.at += 1
        return functions.fact_of_event(event, token)

    def event_name(self) -> str:
        token = self.peek()
        if not re.match(r"[a-z]", token):
            raise Unclear(f"the name of events is expected before {token or 'the end'!r}")
        self.at += 1
        return token


def _tokens(text: str) -> list[str]:
    found, at, text = [], 0, text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Unclear(f"{text[at : at + 20]!r} cannot be read")
        found.append(match[0].strip())
        at = match.end()
    return found
