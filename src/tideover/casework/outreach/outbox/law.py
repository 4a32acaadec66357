"""The guard as the sender asks it: the scalar verdict, in the moment of sending."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tideover.casework.outreach.models.calls import PERSON
from tideover.casework.outreach.outbox.known import Known
from tideover.casework.outreach.outbox.sender import Ruling
from tideover.casework.outreach.outbox.since import ANSWER, CHANNELS
from tideover.casework.outreach.outbox.standing import REMINDERS
from tideover.casework.outreach.outbox.waiting import Waiting
from tideover.casework.outreach.portal_mail import CODE, LINK
from tideover.casework.outreach.reminding import CARE
from tideover.rules.guard.contract import REMINDS, REQUIRED
from tideover.rules.guard.verdict import ALLOW, DEFER, DENY, Guard, Verdict

PURPOSES = {"opt_out_confirmation": "opt_out_confirmation", "before_due": "service_information",
            CARE: "service_information", LINK: ANSWER, CODE: ANSWER}  # fmt: skip
DELIVERIES = {"letter": "mail"}
IN_DOUBT = "in doubt"


class GuardLaw:
    """Asks the guard about every service of an account, and binds the strictest verdict."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._told = {name for name in (REQUIRED, REMINDS)
                      if f"action.{name}" in guard.reading.kinds}  # fmt: skip
        self._versions = {book.place: book.version for book in guard.books}

    def rule(
        self, situation: Mapping[str, Any], message: Waiting, carries: tuple[str, ...],
        at: datetime,
    ) -> Ruling:  # fmt: skip
        """Return what the guard says of a message, given all that is known of the account."""
        actions = list(_actions(message, carries, told=self._told))
        return self.permits(situation, message.account, actions, at)

    def permits(
        self, situation: Mapping[str, Any], account: Known,
        actions: Sequence[Mapping[str, Any]], at: datetime,
    ) -> Ruling:  # fmt: skip
        """Return what the guard says of some actions on an account, taken together."""
        if situation.get("doubt"):
            return Ruling(False, blocking=(IN_DOUBT,))
        said = [
            (self._guard.verdict(facts), facts)
            for facts in _proposals(situation, account, actions, at)
        ]
        verdict, facts = max(said, key=lambda one: _strictness(one[0]))
        until = datetime.fromtimestamp(verdict.until, UTC) if verdict.until is not None else None
        evidence = {
            "facts": facts, "rulebooks": self._versions, "verdict": verdict.verdict,
            "rule": verdict.rule, "blocking": list(verdict.blocking),
        }  # fmt: skip
        return Ruling(verdict.verdict == ALLOW, until, verdict.blocking, evidence)


def _proposals(
    situation: Mapping[str, Any], account: Known, actions: Sequence[Mapping[str, Any]],
    at: datetime,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Yield what is proposed, in the rulebooks' words: each action for each service."""
    known = {
        "jurisdiction": account.jurisdiction, "timezone": account.timezone, "actor": "utility",
        "as_of": at.astimezone(ZoneInfo(account.timezone)).replace(microsecond=0).isoformat(),
        **{part: situation.get(part) or {} for part in ("customer", "debt", "context")},
        "history": situation.get("history") or [],
    }  # fmt: skip
    for service in (situation.get("services") or account.commodity).split(";"):
        for action in actions:
            yield {**known, "service": service, "action": action}


def _actions(
    message: Waiting, carries: tuple[str, ...], *, told: Container[str]
) -> Iterator[dict[str, Any]]:
    """Yield a message as the contact it is and, where it is one, as a notice.

    Args:
        told: What the rulebooks ask of a contact: whether the law requires it, whether it reminds.
    """
    said = {REQUIRED: bool(message.notice), REMINDS: message.purpose in REMINDERS}
    asked = {name: True for name, true in said.items() if true and name in told}
    channel = CHANNELS.get(message.channel, message.channel)
    by_machine = message.provider != PERSON
    yield {"type": "contact", "channel": channel, "automated": by_machine, "content": list(carries),
           "purpose": PURPOSES.get(message.purpose, "collection"), **asked}  # fmt: skip
    if message.notice:
        yield {"type": "send_notice", "kind": message.notice, "content": list(carries),
               "delivery": DELIVERIES.get(message.channel, channel)}  # fmt: skip


def _strictness(said: Verdict) -> tuple[int, int]:
    return (ALLOW, DEFER, DENY).index(said.verdict), said.until or 0
