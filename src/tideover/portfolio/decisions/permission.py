"""Which channel, in which part of the day, the guard permits for one account.

Accounts of which the same is known share a verdict. An account is asked about at the first and the
last minute of a day; only where the guard blocks at one of them, or the customer named hours of
their own, is each part of the day asked about, and the minute that was drawn.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import pyarrow as pa

from tideover.rules.contact import PARTS_OF_DAY, Hours, moments_after
from tideover.rules.guard.contract import CHANNELS, DELIVERIES, REQUIRED
from tideover.rules.guard.scenario import Reading, Scenario
from tideover.rules.guard.verdict import ALLOW, DEFER, DENY, NO_RULEBOOK, Guard, Verdict
from tideover.rules.strategy.proposal import Notice
from tideover.terms.calendar import days

if TYPE_CHECKING:
    from tideover.portfolio.decisions.drawing import Drawing

# What every message of ours carries, whatever its words.
CONTENT = ("business_name", "opt_out_instructions", "phone_number", "postal_address")
COLLECTION, SERVICE = "collection", "service_information"
MOST_KEPT = 200_000
_OWN_HOURS = ("inconvenient_windows", "possible_timezones")


class Situation(NamedTuple):
    """All that the guard may know of an account, as texts: equal ones share a verdict.

    Args:
        services: What is supplied, joined by `;`; the strictest verdict binds.
        customer, debt, context: JSON objects.
        history: A JSON list of events, oldest first.
        doubt: Facts whose value does not fit, so that nothing may rest on the others.
    """

    jurisdiction: str
    timezone: str
    services: str
    customer: str = "{}"
    debt: str = "{}"
    context: str = "{}"
    history: str = "[]"
    doubt: str | None = None


class Leave(NamedTuple):
    """What the guard says of one channel in one part of a day.

    Args:
        opens: The first instant in it that is permitted; none when none is.
        rules: What stands in the way.
        until: The instant from which it is permitted, where waiting helps.
    """

    opens: datetime | None
    rules: tuple[str, ...] = ()
    until: datetime | None = None


class When(NamedTuple):
    """The day a night sends on.

    Args:
        ended: For the utility the day of the decision lasts until then.
    """

    as_of: date
    ended: datetime
    hours: Hours


class Asked(NamedTuple):
    """What is asked of the guard, besides the situation.

    Args:
        notice: A message that is a formal notice is asked about as both.
    """

    channel: str
    purpose: str
    when: When
    notice: Notice | None = None

    def actions(self, *, telling: bool) -> list[dict[str, Any]]:
        """Return what is proposed, in the rulebooks' words; the stricter verdict binds.

        Args:
            telling: The rulebooks ask whether a contact is a notice that the law requires.
        """
        contact = {
            "type": "contact", "channel": CHANNELS[self.channel],
            "purpose": self.purpose, "automated": True, "content": list(CONTENT),
        }  # fmt: skip
        if self.notice is None or not self.notice.is_required:
            return [contact]
        required = {REQUIRED: True} if telling else {}
        return [contact | required, {"type": "send_notice", "kind": self.notice.kind,
                                     "delivery": DELIVERIES[self.channel],
                                     "content": [*CONTENT, *self.notice.content]}]  # fmt: skip


class Guarding(NamedTuple):
    """The guard of a night, and where it learns of accounts.

    Args:
        situations: Account numbers to a table of them and the fields of `Situation`.
        drawing: How one of the permitted ways is drawn; where not given each is as likely.
    """

    permissions: Permissions
    situations: Callable[[pa.Array], pa.Table]
    drawing: Drawing | None = None


class Permissions:
    """The guard, with the verdicts it gave already."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._telling = f"action.{REQUIRED}" in guard.reading.kinds
        self._titles = {rule.id: rule.stated.title for rule in guard.rules}
        self._known: dict[Situation, tuple[Scenario | None, ...]] = {}
        self._leaves: dict[tuple[Situation, Asked], dict[str, Leave]] = {}

    def leaves(self, situation: Situation, asked: Asked) -> dict[str, Leave]:
        """Return for each part of the day inside contact hours what the guard says of a channel."""
        key = situation, asked
        found = self._leaves.get(key)
        if found is None:
            if len(self._leaves) >= MOST_KEPT:
                self._leaves.clear()
            found = self._leaves[key] = self._judged(situation, asked)
        return found

    @property
    def reading(self) -> Reading:
        """How the guard reads facts."""
        return self._guard.reading

    @property
    def version(self) -> str:
        """A text that is another one where any rulebook, or the age limit, is another one."""
        books = [(book.place, book.version) for book in self._guard.books]
        return repr((sorted(books), self._guard.age_limit_days))

    def words(self, rule: str) -> str:
        """Return in a few words what a rule that blocks is about."""
        return f"not now by {rule}: {self._titles.get(rule, 'nobody has made rules for it')}"

    def permits(self, situation: Situation, asked: Asked, at: datetime) -> bool:
        """Say whether the guard permits a channel at a minute."""
        return self._verdict(situation, asked, at).verdict == ALLOW

    def _judged(self, situation: Situation, asked: Asked) -> dict[str, Leave]:
        if situation.jurisdiction not in self._guard.places:
            return dict.fromkeys(PARTS_OF_DAY, Leave(None, (NO_RULEBOOK,)))
        minutes = {part: minutes_of(part, asked.when, situation.timezone) for part in PARTS_OF_DAY}
        spans = {part: (found[0], found[-1]) for part, found in minutes.items() if found}
        if not spans:
            return {}
        first, last = min(s[0] for s in spans.values()), max(s[1] for s in spans.values())
        said = self._verdict(situation, asked, first)
        if said.verdict == DENY:
            return dict.fromkeys(spans, Leave(None, said.blocking))
        if said.verdict == DEFER and _instant(said) > last:
            return dict.fromkeys(spans, Leave(None, said.blocking, _instant(said)))
        if (
            said.verdict == ALLOW
            and not has_own_hours(situation)
            and self._verdict(situation, asked, last).verdict == ALLOW
        ):
            return {part: Leave(opens) for part, (opens, _) in spans.items()}
        return {part: self._leave(situation, asked, *span) for part, span in spans.items()}

    def _leave(self, situation: Situation, asked: Asked, opens: datetime, last: datetime) -> Leave:
        said = self._verdict(situation, asked, opens)
        if said.verdict == ALLOW:
            return Leave(opens)
        if said.verdict == DENY:
            return Leave(None, said.blocking)
        until = _instant(said)
        return Leave(until if until <= last else None, said.blocking, until)

    def _verdict(self, situation: Situation, asked: Asked, at: datetime) -> Verdict:
        """Return the strictest verdict over the services of an account, and what is proposed."""
        actions = asked.actions(telling=self._telling)
        said = [
            _no_rulebook() if scenario is None
            else self._guard.judge(self._guard.reading.proposing(scenario, action, at=_seconds(at)))
            for scenario in self._scenarios(situation) for action in actions
        ]  # fmt: skip
        return max(said, key=_strictness)

    def _scenarios(self, situation: Situation) -> tuple[Scenario | None, ...]:
        found = self._known.get(situation)
        if found is None:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            found = self._known[situation] = tuple(
                self._scenario(situation, service) for service in situation.services.split(";")
            )
        return found

    def _scenario(self, situation: Situation, service: str) -> Scenario | None:
        if situation.jurisdiction not in self._guard.places:
            return None
        history = json.loads(situation.history)
        at = history[-1]["at"] if history else "1970-01-01T00:00:00+00:00"
        here = datetime.fromisoformat(at).astimezone(ZoneInfo(situation.timezone))
        facts: dict[str, Any] = {
            "jurisdiction": situation.jurisdiction, "timezone": situation.timezone,
            "service": service, "actor": "utility", "as_of": here.isoformat(),
            "customer": json.loads(situation.customer), "debt": json.loads(situation.debt),
            "context": json.loads(situation.context), "history": history,
            "action": {"type": "contact", "channel": "letter"},
        }  # fmt: skip
        return self._guard.reading.scenario(facts)


def has_own_hours(situation: Situation) -> bool:
    """Say whether the customer named hours, or lives in places, that cut a day in pieces."""
    return any(name in situation.customer for name in _OWN_HOURS)


@lru_cache(maxsize=4096)
def minutes_of(part: str, when: When, zone: str) -> tuple[datetime, ...]:
    """Return the minutes of a part of the day at which a message may go out."""
    return moments_after(when.ended, when.as_of + days(1), part, zone=zone, hours=when.hours)


def _no_rulebook() -> Verdict:
    return Verdict(DENY, rule=NO_RULEBOOK, blocking=(NO_RULEBOOK,))


def _strictness(said: Verdict) -> tuple[int, int]:
    return (ALLOW, DEFER, DENY).index(said.verdict), said.until or 0


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _instant(said: Verdict) -> datetime:
    assert said.until is not None, "a deferral names its instant"
    return datetime.fromtimestamp(said.until, UTC)
