"""A file of customers' replies, understood line by line; the whole file or nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from tideover.doors.commands.arguments import day
from tideover.doors.files import whole
from tideover.terms.faults import Refused, StepMissing, Usage

if TYPE_CHECKING:  # what learns is imported where it is used: see doors/commands
    from tideover.casework.outreach.replies.lists import Example
    from tideover.casework.outreach.replies.understanding import Received, Reply, Understanding

MOST_BYTES = 4_000_000  # of a line
AT_ONCE = 2_000  # replies that are read together
_HALF = re.compile("[\ud800-\udfff]")  # of a letter that two escapes make up
INSTALL = "pip install 'tideover[web]'"


def classify(
    source: Path, out: Path, *, on: date, labelled: Path | None, tell: Callable[[str], None]
) -> tuple[int, int]:
    """Write what each reply of a file means; return how many there are, and are for a person.

    Args:
        on: The day they were received, where a line does not say.
        labelled: Texts with labels to learn from; without it, our own.

    Raises:
        Refused: A line is not what it should be; nothing is written.
        StepMissing: The extra that learns is not installed.
    """
    if find_spec("sklearn") is None:
        raise StepMissing("Understanding replies needs scikit-learn", mend=INSTALL)
    if out.exists() and any(one and one.exists() and out.samefile(one)
                            for one in (source, labelled)):  # fmt: skip
        raise Usage("What is written would take the place of what is read", where="--out")
    with whole(out) as written:  # before the learning, so that a place that cannot be is said first
        received = [_received(line, place, on) for place, line in _lines(source)]
        understanding = _understanding(labelled)
        tell("learnt")
        count = for_a_person = 0
        for start in range(0, len(received), AT_ONCE):
            some = received[start : start + AT_ONCE]
            replies = understanding.of_all([one for _, one in some])
            for (given, _), reply in zip(some, replies, strict=True):
                count, for_a_person = count + 1, for_a_person + reply.to_person
                written.write(json.dumps(told(given, reply), ensure_ascii=False) + "\n")
    return count, for_a_person


def told(given: str, reply: Reply) -> dict[str, Any]:
    """Return a reply as it is written out; what it does not say is left out."""
    line: dict[str, Any] = {
        "id": given, "intent": reply.intent, "confidence": reply.confidence,
        "opt_out": reply.opt_out, "to_person": reply.to_person,
    }  # fmt: skip
    if reply.promise_on:
        line["promise_on"] = reply.promise_on.isoformat()
    if reply.amount:
        line["amount"] = reply.amount.decimal()
    extra = {
        "first": reply.first, "risks": list(reply.risks), "comes_back": reply.comes_back,
        "also": reply.also, "lang": reply.lang, "currency": reply.amount and reply.amount.currency,
    }  # fmt: skip
    return line | {name: one for name, one in extra.items() if one} | {
        "sentiment": reply.sentiment, "why": list(reply.why)
    }  # fmt: skip


def _understanding(labelled: Path | None) -> Understanding:
    from tideover.casework.outreach.replies.understanding import shipped_understanding, taught

    if labelled is None:
        return shipped_understanding()
    examples = [_example(line, place) for place, line in _lines(labelled)]
    if not examples:
        raise Refused("There is nothing to learn from", where=str(labelled))
    return taught(examples)


def _received(line: Mapping[str, Any], place: str, on: date) -> tuple[str, Received]:
    from tideover.casework.outreach.replies.understanding import Received

    given = line.get("id")
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    if not _named(given):
        raise Refused("A reply has no id of text or a whole number", where=place,
                      mend='Write {"id": ..., "text": ...}')  # fmt: skip
    lang, said = line.get("lang"), line.get("received_on")
    if lang is not None and not _named(lang or "none"):
        raise Refused("A reply's lang is no text", where=place, mend="Write it as nl, or leave out")
    return given, Received(_text(line, place), _day(said, place) if said else on, _short(lang))


def _short(lang: str | None) -> str | None:
    """Return a language's two letters: nl of nl-BE."""
    return lang.strip().lower()[:2] or None if lang else None


def _example(line: Mapping[str, Any], place: str) -> Example:
    from tideover.casework.outreach.replies.lists import Example

    label = line.get("label")
    if not _named(label):
        raise Refused("An example has no label of text", where=place, mend="Write text and label")
    return Example(label, _text(line, place))


def _text(line: Mapping[str, Any], place: str) -> str:
    text = line.get("text")
    if not isinstance(text, str):
        raise Refused("A line has no text", where=place, mend="Write it as text, empty if it is")
    return text.encode("utf-8", "replace").decode("utf-8")  # half a letter is shown as one lost


def _named(said: object) -> TypeGuard[str]:
    """Say whether this can name something: text, not blank, and of whole letters."""
    return isinstance(said, str) and bool(said.strip()) and not _HALF.search(said)


def _day(said: object, place: str) -> date:
    try:
        return day(str(said), "received_on")
    except Usage as why:
        raise Refused(why.what, where=f"{place}, received_on", mend=why.mend) from None


def _lines(source: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the objects of a file of JSON lines, each with its place; blank lines do no harm.

    Raises:
        Refused: There is no such file, or a line is no JSON object.
    """
    if not source.is_file():
        raise Refused("There is no such file", where=str(source))
    with source.open("rb") as stream:
        number = 0
        while text := stream.readline(MOST_BYTES + 1):
            number += 1
            place = f"{source}, line {number}"
            if len(text) > MOST_BYTES:
                raise Refused(f"A line is longer than {MOST_BYTES:,} bytes", where=place)
            if text.strip(b" \t\r\n\xef\xbb\xbf"):
                yield place, _object(text, place)


def _object(text: bytes, place: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused("A line is no text in UTF-8", where=place,
                      mend="Unpack the file, or save it as UTF-8") from None  # fmt: skip
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused("A line is no JSON object", where=place, mend='Write {"text": ...} a line')
    return found
