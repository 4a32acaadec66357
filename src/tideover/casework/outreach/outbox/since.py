"""A situation as a night published it, brought up to date with what happened since.

Pure: facts in, facts out. The night's own mapping stays the only one for the export; here is only
what casework hears first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

CHANNELS = {"voice": "phone", "push": "sms", "visit": "in_person"}
TALK = ("phone", "in_person")  # serves no notice: the night counts it as a contact too
# What a message that the customer asked for just now is, in the rulebooks' words.
ANSWER, ASKED_FOR = "verification_response", ("portal_link", "portal_code")
MEDIA = ("phone", "voicemail", "sms", "email", "whatsapp")
# Circumstances that say one fact of the rules each; after any other, people decide.
CARE: Mapping[str, Mapping[str, Any]] = {
    "complaint": {"complaint_open": True},
    "deceased": {"deceased": True},
    "disability": {"vulnerable": True},
    "domestic_abuse": {"vulnerable": True},
    "elderly": {"vulnerable": True},
    "hardship": {"vulnerable": True},
    "life_support": {"life_support": True, "vulnerable": True},
    "low_income": {"low_income": True},
    "medical_certificate": {"medical_vulnerable": True, "vulnerable": True},
    "representative": {"attorney_represented": True},
}
UNHEARD = (
    "contacted", "called", "replied", "opted_out", "opted_in", "promised", "promise_withdrawn",
    "paid", "payment_reversed", "plan_agreed", "plan_ended", "circumstance_noted",
    "circumstance_ended", "disputed", "data_shared", "not_sent",
)  # fmt: skip


@dataclass(frozen=True)
class Happening:
    """Something that happened, by the words of `terms/events.py`.

    Args:
        own: It is of this account; else of another one of the same person.
    """

    kind: str
    at: datetime
    facts: Mapping[str, Any]
    own: bool = True


@dataclass(frozen=True)
class UpToDate:
    """What is true now.

    Args:
        situation: As the guard reads it.
        paid_minor: What came in and the night does not know of, less what went back; the same
            sum that `owed` takes off.
        opted_out: Channels the person wants nothing by; `everything` where it is all of them.
        planned: A payment arrangement was agreed since.
        calls_for_care: Circumstances that people must look at first.
    """

    situation: dict[str, Any]
    paid_minor: int = 0
    opted_out: frozenset[str] = frozenset()
    planned: bool = False
    calls_for_care: tuple[str, ...] = ()


def brought_up_to_date(
    situation: Mapping[str, Any],
    happened: Sequence[Happening],
    minor_per_unit: int = 100,
    *,
    paid_before_minor: int = 0,
) -> UpToDate:
    """Return a situation with what happened since, oldest first.

    Args:
        paid_before_minor: What came in before, and the night does not know of either.
    """
    customer, debt = dict(situation.get("customer") or {}), dict(situation.get("debt") or {})
    history: list[dict[str, Any]] = list(situation.get("history") or ())
    now = {**situation, "customer": customer, "debt": debt, "history": history}
    paid, stopped, planned, heard = paid_before_minor, set[str](), False, False
    care: dict[str, str] = {}
    for one in happened:
        if one.facts.get("listed_at"):
            _unlist(history, str(one.facts["listed_at"]))
        entry = _entry(one)
        if entry:
            heard = True
            history.append(entry)
        if one.kind in ("paid", "payment_reversed") and one.own:
            paid += int(one.facts["amount_minor"]) * (1 if one.kind == "paid" else -1)
            if one.kind == "paid":
                customer["last_payment_on"] = one.at.date().isoformat()
        elif one.kind == "opted_out":
            stopped.add(_scope(one.facts))
        elif one.kind == "opted_in":
            stopped.discard(_scope(one.facts))
            stopped.discard("everything")
        elif one.kind in ("plan_agreed", "plan_ended") and one.own:
            planned = one.kind == "plan_agreed"
        elif one.kind == "promised" and one.own:
            customer["promise"] = {"due_on": str(one.facts["due_on"])}
        elif one.kind == "promise_withdrawn" and one.own:
            customer.pop("promise", None)
        elif one.kind == "disputed":
            customer["dispute"] = {"received_on": one.at.date().isoformat(), "in_writing": True}
        elif one.kind == "circumstance_noted":
            care[str(one.facts.get("circumstance_id", ""))] = str(one.facts.get("kind", ""))
        elif one.kind == "circumstance_ended":
            care.pop(str(one.facts.get("circumstance_id", "")), None)
    if heard:
        history.sort(key=lambda event: datetime.fromisoformat(event["at"]))
    for kind in care.values():
        customer.update(CARE.get(kind, {}))
    if paid and "amount" in debt:
        owed = Decimal(str(debt["amount"])) - Decimal(paid) / minor_per_unit
        debt["amount"] = float(max(Decimal(0), owed))  # a JSON number, exact to 15 digits
    odd = tuple(sorted({kind for kind in care.values() if kind not in CARE}))
    return UpToDate(now, paid, frozenset(stopped), planned, odd)


def _unlist(history: list[dict[str, Any]], listed_at: str) -> None:
    """Take out the listing of a call, by its instant: what came of it counts in its place."""
    at = _second(listed_at)
    for place, entry in enumerate(history):
        mine = entry["type"] == "contact" and entry.get("channel") in ("phone", "voicemail")
        if mine and entry.get("direction") != "inbound" and _second(entry["at"]) == at:
            del history[place]
            return


def _second(at: str) -> datetime:
    return datetime.fromisoformat(at).replace(microsecond=0)


def _scope(facts: Mapping[str, Any]) -> str:
    scope = str(facts.get("scope", "everything"))
    return str(facts["channel"]) if scope == "channel" and facts.get("channel") else "everything"


def _entry(one: Happening) -> dict[str, Any] | None:
    """Return an event of the rulebooks' history, where it is one."""
    at, channel = one.at.replace(microsecond=0).isoformat(), _channel(one.facts)
    if one.kind == "contacted":
        if one.facts.get("notice") and channel not in TALK:
            return {"type": "notice", "at": at, "kind": one.facts["notice"],
                    "delivery": "mail" if channel == "letter" else channel}  # fmt: skip
        asked_for = one.facts.get("purpose") in ASKED_FOR
        return {"type": "contact", "at": at, "channel": channel,
                "purpose": ANSWER if asked_for else "collection",
                "automated": bool(one.facts.get("automated", True))}  # fmt: skip
    if one.kind == "called":
        inbound = one.facts.get("direction") == "inbound"
        return {"type": "contact", "at": at, "channel": "phone", "automated": False,
                "reached": bool(one.facts.get("reached")),
                "direction": "inbound" if inbound else "outbound"}  # fmt: skip
    if one.kind == "data_shared":
        return {"type": "data_shared", "at": at, **one.facts}
    if one.kind == "replied" and channel in ("sms", "email", "whatsapp"):
        return {"type": "contact", "at": at, "channel": channel, "direction": "inbound"}
    if one.kind == "opted_out":
        if _scope(one.facts) == "everything" or channel not in MEDIA:
            return {"type": "opt_out", "at": at, "scope": "everything"}
        return {"type": "opt_out", "at": at, "scope": "medium", "medium": channel}
    return None


def _channel(facts: Mapping[str, Any]) -> str:
    said = str(facts.get("channel", ""))
    return CHANNELS.get(said, said)
