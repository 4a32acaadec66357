"""One line of a file of test vectors: read strictly, judged, and told as data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from tideover.rules.guard import vocabulary as said
from tideover.rules.guard.facts import Unfit, entry_reader, refused
from tideover.rules.guard.scenario import Scenario
from tideover.rules.guard.verdict import ALLOW, DEFER, DENY, Guard, Verdict
from tideover.rules.guard.vocabulary import Form
from tideover.terms.faults import Refused

ID = re.compile(r"[A-Z]{2,4}-[0-9]{3}")
MOST_BYTES = 16 * 1024 * 1024
_NONE = ("until", "rule")  # what may be null
_ABOUT = ("id", "title", "focus", "tags", "expect")


def parsed(text: str | bytes) -> Any:
    """Return what a JSON text says, numbers exactly.

    Raises:
        Refused: It is no JSON, says a thing twice, is too deep, or holds what is no number.
    """
    try:
        told = text.decode("utf-8") if isinstance(text, bytes) else text
        return _JSON.decode(told)
    except UnicodeDecodeError:
        raise Refused("The text is not UTF-8", mend="Save it as UTF-8") from None
    except RecursionError:
        raise Refused("The text is nested too deep to be a scenario") from None
    except (ValueError, ArithmeticError) as why:
        raise Refused(f"The text is no JSON: {str(why)[:200]}", mend="Mend that line") from None


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice[:60]!r} is said twice")
    return found


_JSON = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_once)


class Vectors:
    """Reads vectors as the catalogue's schema has them, and gives their verdicts."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        ids = tuple(rule.id for rule in guard.rules)
        self._about = entry_reader(
            Form({"title": said.TEXT, "focus": ids, "tags": said.each(said.TEXT), "id": said.TEXT},
                 ("id", "title", "focus", "tags")),
        )  # fmt: skip
        self._expect = entry_reader(
            Form({"verdict": (ALLOW, DENY, DEFER), "blocking": said.each(ids),
                  "citation": said.TEXT, "rule": ids, "until": said.INSTANT},
                 ("verdict", "blocking", "citation")),
        )  # fmt: skip

    def scenario(self, vector: Any) -> Scenario:
        """Return the proposal of a vector.

        Raises:
            Refused: The vector does not fit the schema.
        """
        if type(vector) is not dict:
            raise refused("a vector is an object", "the line")
        about = {name: vector[name] for name in _ABOUT[:-1] if name in vector}
        try:
            self._about(about)
        except Unfit as why:
            raise refused(str(why), "the vector") from None
        if not ID.fullmatch(about["id"]):
            raise refused("it must be two to four capitals, a hyphen, three digits", "id")
        self._check_expected(vector.get("expect"))
        return self.guard.reading.scenario(facts_of(vector))

    def _check_expected(self, expect: Any) -> None:
        if type(expect) is not dict or not {"until", "rule"} <= expect.keys():
            raise refused("it must be an object with verdict, until, rule, blocking, citation",
                          "expect")  # fmt: skip
        try:
            found = self._expect(
                {n: one for n, one in expect.items() if one is not None or n not in _NONE}
            )
        except Unfit as why:
            raise refused(str(why), "expect") from None
        wanted = {ALLOW: set(), DENY: {"rule"}, DEFER: {"rule", "until"}}[found["verdict"]]
        if {"rule", "until"} & found.keys() != wanted or bool(found["blocking"]) != bool(wanted):
            raise refused(f"until, rule and blocking do not go with {found['verdict']}", "expect")

    def told(self, line: bytes | None) -> dict[str, Any]:
        """Return the verdict of one line as data, or what is wrong with it; never an error.

        Args:
            line: None stands for a line that is too long to be read.
        """
        vector: Any = None
        try:
            if line is None or len(line) > MOST_BYTES:
                raise Refused(f"The line is longer than {MOST_BYTES:,} bytes")
            vector = parsed(line)
            scenario = self.scenario(vector)
            return {"id": vector["id"], **as_told(self.guard.judge(scenario), scenario)}
        except Refused as why:
            return {"id": _id_of(vector), "error": str(why)}
        except (OverflowError, ArithmeticError):
            return {"id": _id_of(vector), "error": "A day or a number lies out of range."}


def _id_of(vector: Any) -> str | None:
    found = vector.get("id") if type(vector) is dict else None
    return found[:60] if type(found) is str and found[:60].isprintable() else None


def facts_of(vector: Mapping[str, Any]) -> dict[str, Any]:
    """Return a vector's facts, without what is only about the vector."""
    return {name: one for name, one in vector.items() if name not in _ABOUT}


def as_told(verdict: Verdict, scenario: Scenario) -> dict[str, Any]:
    """Return a verdict as data; `until` in the customer's local time."""
    return {
        "verdict": verdict.verdict, "until": local_text(verdict.until, scenario),
        "rule": verdict.rule, "blocking": list(verdict.blocking),
    }  # fmt: skip


def local_text(at: float | None, scenario: Scenario) -> str | None:
    """Return an instant as local time with its offset."""
    return None if at is None else datetime.fromtimestamp(at, scenario.zone).isoformat()
