"""The facts of a customer and of a debt: circumstances, money, and the utility's own facts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from tideover.portfolio.situations.names import VALUES, Plain
from tideover.rules.care.kinds import HOLDING, SPECIAL, since
from tideover.rules.guard import vocabulary as said
from tideover.rules.guard.facts import Unfit, reader
from tideover.rules.guard.scenario import Reading

ROOTS = ("customer", "debt", "context")
_YES = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def of_circumstances(rows: Iterable[tuple[Any, ...]]) -> Plain:
    """Return what circumstances say of a customer: kind, starts_on, ends_on, whether it holds.

    A death in the household, and a complaint that was closed, are told by their days for a while
    after they are over.
    """
    told: Plain = {}
    for kind, starts_on, ends_on, holds in sorted(rows, key=lambda row: (row[1], row[0])):
        if kind == "bereavement":
            told["bereaved_on"] = starts_on
        if not holds:
            if kind == "complaint":
                told["complaint_closed_on"] = max(ends_on, told.get("complaint_closed_on", ""))
            continue
        if kind in SPECIAL:
            told["vulnerable"] = True
        _put(told, HOLDING.get(kind, {}))
        _put(told, since(kind, starts_on, ends_on))
    return told


def _put(told: Plain, more: Plain) -> None:
    """Add facts; lists grow, objects are laid over each other."""
    for name, value in more.items():
        old = told.get(name)
        if isinstance(value, dict):
            told[name] = {**(old or {}), **value}
        elif isinstance(value, list):
            told[name] = [*(old or []), *value]
        else:
            told[name] = value


def of_facts(rows: Iterable[tuple[Any, ...]], reading: Reading) -> tuple[Plain, list[str]]:
    """Return the utility's own facts by path, and the paths whose value does not fit.

    Of several for one path the account's counts before the customer's, and the latest before an
    earlier one. A name that no rulebook knows says nothing to the guard: `unread` counts those.

    Args:
        rows: subject, name, value, starts_on.
    """
    found: Plain = {}
    doubts = set()
    for _, name, value, _ in sorted(rows, key=lambda row: (row[0] == "account", row[3])):
        path = path_of(name)
        kind = reading.kinds.get(path)
        if kind is None:
            continue
        doubts.discard(path)
        try:
            found[path] = typed(value, kind, path)
        except (Unfit, ValueError, InvalidOperation, RecursionError):
            found.pop(path, None)
            doubts.add(path)
    return found, sorted(doubts)


def path_of(name: str) -> str:
    """Return the path of a fact of the utility's own; one that names no root is the customer's.

    Examples:
        >>> path_of("heating_source"), path_of("context.personnel_available")
        ('customer.heating_source', 'context.personnel_available')
    """
    return name if name.split(".", 1)[0] in ROOTS else f"customer.{name}"


def typed(text: str, kind: Any, path: str) -> Any:
    """Return a fact's text as the guard reads it: a list is parted by ";", an object is JSON.

    Raises:
        Unfit: It is none of what the fact may hold.

    Examples:
        >>> typed("yes", "yes", "customer.deceased"), typed("150", "number", "debt.amount")
        (True, 150)
        >>> typed("electric", ("electricity", "gas"), "customer.heating_source")
        'electricity'
    """
    text = text.strip()
    if isinstance(kind, list) and text[:1] != "[":
        return [typed(part, kind[0], path) for part in text.split(";") if part.strip()]
    value: Any = text
    if isinstance(kind, list | said.Form) or kind == said.ANYTHING:
        value = json.loads(text)
    elif kind == said.YES:
        value = _YES.get(text.lower())
    elif kind in (said.NUMBER, said.WHOLE) or (isinstance(kind, tuple) and kind[0] in range(99)):
        value = _number(text)
    else:
        value = VALUES.get(path, {}).get(text, text)
    if kind == said.ANYTHING:
        if not isinstance(value, dict):
            raise Unfit("it must be an object")
    else:
        reader(kind)(value)
    return value


def _number(text: str) -> int | float:
    number = Decimal(text)
    return int(number) if number == int(number) else float(number)


def overlaid(told: Plain, facts: Mapping[str, Any], root: str) -> Plain:
    """Return facts with the utility's own laid over them; they never undo what protects.

    A yes that a circumstance says stays; a day or a word within an object is refined.
    """
    for path in sorted(facts):
        first, *names = path.split(".")
        if first != root or not names:
            continue
        value, inside = facts[path], told
        for name in names[:-1]:
            inside[name] = dict(inside.get(name) or {})
            inside = inside[name]
        last = names[-1]
        if len(names) > 1 or inside.get(last) is not True:
            _put(inside, {last: value})
    return told


def text_of(told: Plain) -> str:
    """Return facts as JSON, the same for the same facts."""
    return json.dumps(told, sort_keys=True)
