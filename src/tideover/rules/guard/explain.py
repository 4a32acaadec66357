"""A verdict in words: for staff with citations and the facts used, for the customer kindly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tideover.rules.guard.compiling import Rule
from tideover.rules.guard.primitives.clause import NEVER
from tideover.rules.guard.scenario import Event, Scenario
from tideover.rules.guard.vectors import as_told, local_text
from tideover.rules.guard.verdict import (
    ALLOW,
    FRESHNESS,
    NO_FACT,
    Finding,
    Guard,
    Verdict,
)
from tideover.rules.guard.words import Words

MOST_EVENTS = 10  # of a kind that are shown; the rest is counted


def explanation(verdict: Verdict, scenario: Scenario | None, words: Words) -> dict[str, Any]:
    """Return a verdict and the rules that fired as data, with a sentence for each.

    Args:
        scenario: None where no rulebook knows the place, so that nothing could be read.
    """
    if scenario is None:
        return {
            "verdict": verdict.verdict,
            "until": None,
            "rule": verdict.rule,
            "blocking": list(verdict.blocking),
            "lang": words.lang,
            "sentence": words.phrase("verdict", "no_rulebook"),
            "rules": [],
        }
    lacking = {"lacking": list(verdict.lacking)} if verdict.lacking else {}
    return {
        **as_told(verdict, scenario),
        **lacking,
        "lang": words.lang,
        "sentence": _headline(verdict, scenario, words),
        "rules": [_fired(one, scenario, words) for one in verdict.findings],
    }


def _headline(verdict: Verdict, scenario: Scenario, words: Words) -> str:
    action = words.phrase("action", scenario.flat["action.type"])
    if verdict.rule == FRESHNESS:
        return words.phrase("verdict", FRESHNESS).format(action=action, day=verdict.stale_since)
    if verdict.rule == NO_FACT:
        facts = ", ".join(verdict.lacking)
        return words.phrase("verdict", NO_FACT).format(action=action, facts=facts)
    until = words.instant(verdict.until, scenario.zone) if verdict.until is not None else ""
    name = verdict.verdict
    if name == "deny" and not any(one.until == NEVER for one in verdict.findings):
        name = "deny_later"  # waiting for one rule runs into another
    return words.phrase("verdict", name).format(action=action, until=until, rule=verdict.rule)


def _fired(finding: Finding, scenario: Scenario, words: Words) -> dict[str, Any]:
    stated, day = finding.rule.stated, datetime.fromtimestamp(scenario.as_of, scenario.zone).date()
    until = None if finding.until == NEVER else finding.until
    return {
        "id": stated.id,
        "title": stated.title,
        "until": local_text(until, scenario),
        "sentence": sentence(finding.rule, day, words),
        "citation": stated.citation,
        "source": stated.source,
        "verified": stated.verified,
        "values": values_on(finding.rule, day),
        "facts": facts_used(finding.rule, scenario),
    }


def sentence(rule: Rule, day: date, words: Words) -> str:
    """Return what a rule says, with its values as they are on a day."""
    amounts = {
        name: _amount(value.on(day).amount, value.unit, words)
        for name, value in rule.stated.values.items()
    }
    return words.of_rule(rule.id, rule.stated.type).format_map(amounts)


def _amount(amount: Any, unit: str, words: Words) -> str:
    return words.month_day(str(amount)) if unit == "month-day" else _said(amount, words)


def values_on(rule: Rule, day: date) -> dict[str, Any]:
    """Return a rule's values as they are on a day, each with its unit and source."""
    found = {}
    for name, value in rule.stated.values.items():
        version = value.on(day)
        since = version.begins.isoformat() if version.begins else None
        found[name] = {"is": version.amount, "unit": value.unit, "from": since,
                       "source": version.source}  # fmt: skip
    return found


def facts_used(rule: Rule, scenario: Scenario) -> dict[str, Any]:
    """Return the facts that a rule asks for, none where not known, and the events it looks at."""
    flat, moment = scenario.flat, scenario.moment(scenario.as_of)
    found = {path: _plain(flat.get(path)) for path in sorted(rule.reads)}
    for name, select in rule.events.items():
        events = select(moment)
        found[f"history: {name}"] = [_event(event) for event in events[-MOST_EVENTS:]]
        if len(events) > MOST_EVENTS:
            found[f"history: {name}, in all"] = len(events)
    return found


def _event(event: Event) -> dict[str, Any]:
    return {"at": event.local.isoformat(), **{n: _plain(one) for n, one in event.facts.items()}}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value


def as_text(told: Mapping[str, Any], words: Words) -> str:
    """Return an explanation as lines for a person."""
    lines = [str(told["sentence"])]
    for rule in told["rules"]:
        lines += ["", f"{rule['id']}: {rule['sentence']}"]
        if rule["until"]:
            lines.append(f"  {words.phrase('label', 'until')}: {rule['until']}")
        lines.append(f"  {words.phrase('label', 'citation')}: {rule['citation']}")
        lines.append(f"  {words.phrase('label', 'source')}: {rule['source']}")
        lines += _fact_lines(rule["facts"], words)
    return "\n".join(lines)


def _fact_lines(facts: Mapping[str, Any], words: Words) -> list[str]:
    if not facts:
        return []
    lines = [f"  {words.phrase('label', 'facts')}:"]
    for path, value in facts.items():
        if path.startswith("history: ") and isinstance(value, list):
            shown = [", ".join(f"{n} {one}" for n, one in event.items()) for event in value]
            lines.append(f"    {path}: {len(value)}")
            lines += [f"      {one}" for one in shown]
        else:
            lines.append(f"    {path}: {_said(value, words)}")
    return lines


def _said(value: Any, words: Words) -> str:
    if value is None:
        return words.phrase("label", "unknown")
    if isinstance(value, bool):
        return words.phrase("label", "yes" if value else "no")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def why(guard: Guard, verdict: Verdict, scenario: Scenario, words: Words) -> str:
    """Return "Why did I get this?" for the customer, from the verdict that allowed it.

    It says what it was about, what was checked before, and how to stop it; it asks for nothing.

    Raises:
        ValueError: The verdict allowed nothing, so nothing can have been sent.
    """
    if verdict.verdict != ALLOW:
        raise ValueError("only what was allowed can have been sent")
    flat = scenario.flat
    about = words.phrase("about", str(flat.get("action.purpose", flat["action.type"])))
    kinds = [rule.stated.type for rule in guard.applying(scenario)]
    checked = [words.phrase("checked", kind) for kind in dict.fromkeys(kinds)]
    channel = str(flat.get("action.channel", "letter"))
    lines = [
        words.phrase("why", "opening").format(about=about),
        words.phrase("why", "sender_collector" if flat["actor"] == "collector" else "sender"),
        _list(checked, words) if checked else words.phrase("why", "nothing_checked"),
        words.phrase("stop", channel),
        words.phrase("why", "closing"),
    ]
    return "\n\n".join(lines)


def _list(checked: Sequence[str], words: Words) -> str:
    lines = "\n".join(f"- {one}" for one in checked)
    return f"{words.phrase('why', 'checked')}\n{lines}"
