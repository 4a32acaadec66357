"""The guard at the command line: check vectors, explain a verdict, list the rules, replay."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from tideover.doors import checking
from tideover.doors.commands.arguments import AsJson, OutFile, day, progress
from tideover.doors.files import whole
from tideover.doors.rulebooks import guard_of, law, opened, shipped_words
from tideover.rules.guard.compiling import Rule
from tideover.rules.guard.evidence import read_record, record, replayed
from tideover.rules.guard.explain import as_text, explanation, values_on
from tideover.rules.guard.explain import why as why_sent
from tideover.rules.guard.vectors import MOST_BYTES, facts_of, parsed
from tideover.rules.guard.verdict import ALLOW, Guard, covers
from tideover.terms.faults import Refused, Usage

FORMS = ("text", "json", "customer")
Lang = Annotated[str, typer.Option("--lang", metavar="LANG", help="en, nl, es or fr.")]
Policy = Annotated[
    Path | None, typer.Option("--policy", metavar="FILE", help="The utility's own guard.toml too.")
]


def check(
    vectors: Annotated[Path, typer.Argument(metavar="VECTORS.jsonl", help="One a line.")],
    out: OutFile,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, metavar="N")] = 1,
) -> None:
    """Write the guard's verdict on every test vector of a file, in order."""
    lines, errors = checking.check(vectors, out, workers=workers, tell=progress())
    print(f"{lines:,} lines, {errors:,} of them no vectors: {out}")
    if errors:
        what = f"{errors:,} of {lines:,} lines do not fit the schema"
        raise Refused(what, where=str(vectors), mend=f"{out} says of each what is wrong")


def explain(
    vector: Annotated[Path, typer.Argument(metavar="VECTOR.json", help="One scenario.")],
    lang: Lang = "en",
    policy: Policy = None,
    form: Annotated[
        str, typer.Option("--as", metavar="FORM", help="text, json, or customer.")
    ] = "text",
    into: Annotated[
        Path | None, typer.Option("--record", metavar="FILE", help="Keep it to be replayed.")
    ] = None,
) -> None:
    """Say in words why a proposal is allowed, denied or deferred."""
    guard, words = _guard(policy), shipped_words(lang)
    if form not in FORMS:
        raise Usage(f"{form[:20]!r} is no form", where="--as", mend=f"One of {', '.join(FORMS)}")
    facts = _facts(vector)
    scenario = guard.reading.scenario(facts)
    verdict = guard.judge(scenario)
    if form == "customer" and verdict.verdict != ALLOW:
        raise Usage("This was not allowed, so nobody can have got it", where=str(vector))
    told = explanation(verdict, scenario, words)
    if form == "json":
        print(json.dumps(told, ensure_ascii=False, indent=2, default=str))
    elif form == "customer":
        print(why_sent(guard, verdict, scenario, words))
    else:
        print(as_text(told, words))
    if into is not None:
        with whole(into) as out:
            out.write(record(guard, facts, words))


def replay(
    kept: Annotated[Path, typer.Argument(metavar="RECORD.json", help="Kept by explain --record.")],
    policy: Policy = None,
) -> None:
    """Judge a recorded verdict again from its facts; the same bytes, or a refusal."""
    text = _read(kept)
    told = read_record(text)
    guard = _guard(policy, told["age_limit_days"], told.get("nowhere"))
    again = replayed(told, guard, shipped_words(str(told["verdict"].get("lang"))))
    if again.encode() != text:
        what = "Judged again it comes to something else"
        raise Refused(what, where=str(kept), mend="The record was changed, or the guard's code was")
    print(again, end="")


def rules(
    jurisdiction: Annotated[
        str | None, typer.Option("--jurisdiction", metavar="PLACE", help="For example US-PA.")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="In force then.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the rules in force, with their values and sources."""
    guard = guard_of()
    if jurisdiction is not None and jurisdiction not in guard.places:
        known = ", ".join(guard.places)
        raise Usage(f"{jurisdiction[:20]!r} has no rulebook", where="--jurisdiction",
                    mend=f"There are {known}")  # fmt: skip
    when = day(on) if on else max(book.checked_on for book in law())
    chosen = [rule for rule in guard.rules if _holds(rule, jurisdiction, when)]
    if as_json:
        told = [_told(rule, when) for rule in chosen]
        print(json.dumps(told, ensure_ascii=False, indent=2, default=str))
        return
    for rule in chosen:
        print("\n".join(_lines(rule, when)))


def _holds(rule: Rule, jurisdiction: str | None, when: date) -> bool:
    begins, ends = rule.stated.in_force_from, rule.stated.in_force_until
    there = jurisdiction is None or any(covers(j, jurisdiction) for j in rule.stated.jurisdictions)
    return there and (begins is None or begins <= when) and (ends is None or when <= ends)


def _told(rule: Rule, when: date) -> dict[str, Any]:
    stated = rule.stated
    return {
        "id": stated.id, "number": stated.number, "title": stated.title, "type": stated.type,
        "jurisdictions": list(stated.jurisdictions), "actor": stated.actor,
        "services": list(stated.services), "actions": list(stated.actions),
        "classes": list(stated.classes), "citation": stated.citation, "source": stated.source,
        "verified": stated.verified, "values": values_on(rule, when),
    }  # fmt: skip


def _lines(rule: Rule, when: date) -> Iterator[str]:
    stated = rule.stated
    yield f"#{stated.number} {stated.id}: {stated.title}"
    yield (f"    {', '.join(stated.jurisdictions)}; {stated.actor}; {', '.join(stated.services)}; "
           f"{', '.join(stated.actions)}; {stated.type}")  # fmt: skip
    for name, value in values_on(rule, when).items():
        since = f", from {value['from']}" if value["from"] else ""
        yield f"    {name} = {value['is']} ({value['unit']}{since})"
    yield f"    {stated.citation}. Verified: {stated.verified}, {stated.source}"


def _guard(
    policy: Path | None, age_limit_days: int | None = None, nowhere: dict[str, str] | None = None
) -> Guard:
    books = [*law(), *(opened([policy]) if policy else [])]
    return Guard(books, age_limit_days=age_limit_days, nowhere=nowhere)


def _facts(path: Path) -> dict[str, Any]:
    found = parsed(_read(path))
    if not isinstance(found, dict):
        raise Refused("A scenario is one JSON object", where=str(path))
    return facts_of(found)


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise Refused("There is no such file", where=str(path))
    with path.open("rb") as stream:
        text = stream.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise Refused(f"The file is longer than {MOST_BYTES:,} bytes", where=str(path))
    return text
