"""A verdict as a record that can be judged again later: facts, rulebook versions, answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tideover.rules.guard.explain import explanation
from tideover.rules.guard.vectors import facts_of, parsed
from tideover.rules.guard.verdict import Guard
from tideover.rules.guard.words import Words
from tideover.terms.faults import Refused, StepMissing

FORM = 1
_MUST = {"form", "facts", "rulebooks", "age_limit_days", "verdict"}


def record(guard: Guard, facts: Mapping[str, Any], words: Words) -> str:
    """Return the record of a verdict: the same facts and rulebooks give the same text.

    Raises:
        Refused: A fact is unknown, missing, or of the wrong kind.
    """
    plain = facts_of(facts)
    scenario = guard.reading.scenario(plain)
    told = explanation(guard.judge(scenario), scenario, words)
    nowhere = {"nowhere": guard.nowhere} if guard.nowhere else {}
    return canonical(
        {
            "form": FORM,
            "rulebooks": {book.place: book.version for book in guard.books},
            "age_limit_days": guard.age_limit_days,
            "facts": plain,
            "verdict": told,
            **nowhere,
        }
    )  # fmt: skip


def read_record(text: str | bytes) -> Mapping[str, Any]:
    """Return what a record says.

    Raises:
        Refused: It is no record.
    """
    found = parsed(text)
    if type(found) is not dict or set(found) - {"nowhere"} != _MUST or found["form"] != FORM:
        mend = "Write one with: tideover guard explain VECTOR.json --record RECORD.json"
        raise Refused("This is no record of a verdict", mend=mend)
    if not isinstance(found["rulebooks"], dict) or not isinstance(found["verdict"], dict):
        raise Refused("This is no record of a verdict", where="rulebooks")
    if not isinstance(found.get("nowhere", {}), dict):
        raise Refused("This is no record of a verdict", where="nowhere")
    return found


def replayed(told: Mapping[str, Any], guard: Guard, words: Words) -> str:
    """Return a record judged again.

    Raises:
        StepMissing: The rulebooks it was judged by are not there any more.
    """
    there = {book.place: book.version for book in guard.books}
    gone = [f"{place} {version}" for place, version in told["rulebooks"].items()
            if there.get(place) != version]  # fmt: skip
    if gone or there.keys() != told["rulebooks"].keys():
        what = "The rulebooks it was judged by are not there any more"
        mend = "Install the release of Tideover, or take the policy, that it was written with"
        raise StepMissing(what, where=", ".join(gone) or "rulebooks", mend=mend)
    return record(guard, told["facts"], words)


def canonical(value: Any) -> str:
    """Return data as JSON of one form: names in order, two spaces, numbers as they were.

    Examples:
        >>> canonical({"b": Decimal("0.10"), "a": [1, None]})
        '{\\n  "a": [\\n    1,\\n    null\\n  ],\\n  "b": 0.10\\n}\\n'
    """
    return "".join(_pieces(value, "\n")) + "\n"


def _pieces(value: Any, line: str) -> list[str]:
    deeper = line + "  "
    if isinstance(value, Mapping):
        items = [[_text(str(n)), ": ", *_pieces(value[n], deeper)] for n in sorted(value)]
        return _joined(items, "{}", line)
    if isinstance(value, list | tuple):
        return _joined([_pieces(one, deeper) for one in value], "[]", line)
    if isinstance(value, Decimal):
        return [f"{value:f}"]
    return [_text(value.isoformat() if isinstance(value, date) else value)]


def _joined(items: list[list[str]], ends: str, line: str) -> list[str]:
    if not items:
        return [ends]
    inner = f",{line}  ".join("".join(item) for item in items)
    return [ends[0], f"{line}  ", inner, line, ends[1]]


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
