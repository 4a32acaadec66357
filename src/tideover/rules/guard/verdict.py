"""The verdict on a proposal: allow, deny, or defer to the first instant at which nothing blocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tideover.rules.guard import vocabulary as said
from tideover.rules.guard.compiling import EVERYWHERE, Rule, compiled_rules, reading_of
from tideover.rules.guard.days import plus
from tideover.rules.guard.primitives.clause import NEVER
from tideover.rules.guard.scenario import Scenario
from tideover.rules.rulebook import Rulebook

ALLOW, DENY, DEFER = "allow", "deny", "defer"
NO_RULEBOOK, FRESHNESS, NO_FACT = "no rulebook", "FRESHNESS", "NO-FACT"
MOST_STEPS = 20_000  # a deferral that leads to others for longer than this leads nowhere
MOST_KEPT = 50_000


@dataclass(frozen=True)
class Finding:
    """A rule that blocks, and until when; `NEVER` is a denial."""

    rule: Rule
    until: float


@dataclass(frozen=True)
class Verdict:
    """What may be done.

    Args:
        until: For `defer`, the earliest instant, in seconds since 1970.
        rule: The id of the deciding rule, `FRESHNESS`, `NO-FACT` or `no rulebook`; none for
            `allow`.
        blocking: The ids of all rules that block now, sorted.
        findings: The rules that block now, in the order of their numbers.
        decided: The deciding rule, where it is one of a rulebook.
        stale_since: The day until which someone vouched, where nobody does any more.
        lacking: Facts that an applying rule asks for and that come from nowhere yet, by path.
    """

    verdict: str
    until: int | None = None
    rule: str | None = None
    blocking: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    decided: Rule | None = None
    stale_since: date | None = None
    lacking: tuple[str, ...] = ()


class Guard:
    """The rules of some rulebooks, ready to be asked.

    Args:
        age_limit_days: Past so many days since `checked_on` a rulebook denies all; none is off.
        without: Ids of rules that are switched off; only tests do that.
        nowhere: Facts that nothing supplies yet, by path, and why. A rule that asks for one which
            a proposal does not bring denies: nobody can say that it does not forbid.

    Raises:
        Refused: A rule asks for what is not known.
    """

    def __init__(
        self, books: Sequence[Rulebook], *, age_limit_days: int | None = None,
        without: Iterable[str] = (), nowhere: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.books, self.age_limit_days = tuple(books), age_limit_days
        self.reading = reading_of(books)
        self.places = self.reading.places
        off = frozenset(without)
        every = compiled_rules(books, self.reading.kinds)
        self.rules = tuple(rule for rule in every if rule.id not in off)
        asked: frozenset[str] = frozenset().union(*(rule.gate_reads for rule in self.rules))
        self._asked = tuple(sorted(asked - {"action.type"}))
        self._kept: dict[tuple[Any, ...], tuple[Rule, ...]] = {}
        self.nowhere = dict(nowhere or {})
        self._unknown = {
            rule.id: unknown for rule in self.rules if (unknown := self.nowhere.keys() & rule.reads)
        }

    def verdict(self, facts: Mapping[str, Any]) -> Verdict:
        """Return the verdict on a proposal given as plain facts.

        A place, service or channel that no rulebook knows is denied, not refused.

        Raises:
            Refused: A fact is unknown, missing, or of the wrong kind.
        """
        action = facts.get("action")
        channel = action.get("channel", "phone") if isinstance(action, dict) else "phone"
        place, supply = facts.get("jurisdiction"), facts.get("service")
        known = place in self.places and supply in said.SUPPLIES and channel in said.CHANNELS
        # what is not even a word is refused below
        if not known and all(isinstance(word, str) for word in (place, supply, channel)):
            return Verdict(DENY, rule=NO_RULEBOOK, blocking=(NO_RULEBOOK,))
        return self.judge(self.reading.scenario(facts))

    def judge(self, scenario: Scenario) -> Verdict:
        """Return the verdict on a proposal, by the catalogue's section 3.8."""
        stale = self._stale(scenario)
        rules = self.applying(scenario)
        found = self._blocking(scenario, rules, scenario.as_of)
        lacking = self._lacking(scenario, rules) if self._unknown else ()
        reasons = ({FRESHNESS} if stale else set()) | ({NO_FACT} if lacking else set())
        first = tuple(sorted({one.rule.id for one in found} | reasons)), tuple(found)
        if stale:
            return Verdict(DENY, None, FRESHNESS, *first, stale_since=stale, lacking=lacking)
        if lacking:
            denied = _worst(found).rule if found and _worst(found).until == NEVER else None
            name = denied.id if denied else NO_FACT
            return Verdict(DENY, None, name, *first, decided=denied, lacking=lacking)
        if not found:
            return Verdict(ALLOW)
        decided = _worst(found)
        for _ in range(MOST_STEPS):
            if decided.until == NEVER:
                return Verdict(DENY, None, decided.rule.id, *first, decided=decided.rule)
            at = int(_worst(found).until)
            found = self._blocking(scenario, rules, at)
            if not found:
                return Verdict(DEFER, at, decided.rule.id, *first, decided=decided.rule)
            if _worst(found).until == NEVER:
                decided = _worst(found)
        return Verdict(DENY, None, decided.rule.id, *first, decided=decided.rule)

    def _lacking(self, scenario: Scenario, rules: Sequence[Rule]) -> tuple[str, ...]:
        """Return the facts from nowhere that applying rules ask for and the proposal lacks."""
        asked = (path for rule in rules for path in self._unknown.get(rule.id, ()))
        return tuple(sorted({path for path in asked if path not in scenario.flat}))

    def _blocking(self, scenario: Scenario, rules: Sequence[Rule], at: int) -> list[Finding]:
        moment, found = scenario.moment(at), []
        for rule in rules:
            outcome = rule.judge(moment)
            if outcome is not None:
                found.append(Finding(rule, outcome))
        return found

    def applying(self, scenario: Scenario) -> tuple[Rule, ...]:
        """Return the rules that may have something to say on a proposal, by section 3.7.

        Rules that the action's own words rule out are left out; the answer is kept for the next
        action with the same words.
        """
        flat = scenario.flat
        key = (
            flat["jurisdiction"], flat["actor"], flat["service"], flat["customer.class"],
            flat["action.type"], flat.get("action.ground"), *map(flat.get, self._asked),
        )  # fmt: skip
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = tuple(r for r in self.rules if applies(r, scenario))
        return found

    def _stale(self, scenario: Scenario) -> date | None:
        """Return the day until which the oldest rulebook of the place was vouched for, if past."""
        if self.age_limit_days is None:
            return None
        place = scenario.flat["jurisdiction"]
        books = [b for b in self.books if any(covers(j, place) for j in b.jurisdictions)]
        checked = min((book.checked_on for book in books), default=date.min)
        today = datetime.fromtimestamp(scenario.as_of, scenario.zone).date()
        return checked if today > plus(checked, self.age_limit_days) else None


def _worst(found: Sequence[Finding]) -> Finding:
    """Return the first denial, else the latest deferral; of equals, the lowest number."""
    return max(found, key=lambda one: one.until)


def covers(stated: str, place: str) -> bool:
    """Say whether a stated jurisdiction includes a place.

    Examples:
        >>> covers("US-*", "US-PA"), covers("US-*", "US"), covers("*", "NL"), covers("NL", "NL")
        (True, False, True, True)
    """
    if stated.endswith(EVERYWHERE):
        return place.startswith(stated[:-1])
    return stated == place


def applies(rule: Rule, scenario: Scenario) -> bool:
    """Say whether a rule is about this place, actor, service, action and customer at all.

    A disconnection on other grounds than nonpayment is outside the catalogue (3.7, 5).
    """
    flat, stated = scenario.flat, rule.stated
    return (
        any(covers(place, flat["jurisdiction"]) for place in stated.jurisdictions)
        and stated.actor in ("any", flat["actor"])
        and ("all" in stated.services or flat["service"] in stated.services)
        and flat["action.type"] in stated.actions
        and flat.get("action.ground", "nonpayment") == "nonpayment"
        and flat["customer.class"] in stated.classes
        and (rule.gate is None or rule.gate(scenario.moment(scenario.as_of)))
    )
