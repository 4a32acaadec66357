"""Events -> rows of the contract: contacts, promises, plans, circumstances, and who opted out.

Each row is told from everything that was ever written of it, so that events that come late or twice
change nothing, and a row that says the same again is no new version.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tideover.doors.journal.events import Happened
from tideover.doors.journal.words import OURS, PURPOSES, channels_of, last_outcome
from tideover.terms.calendar import days
from tideover.terms.money import text

Row = dict[str, str]
Rows = dict[str, Row]  # by key
PENDING_DAYS = 5  # within which the CIS shows money that casework saw first
_ENDS = ("kept", "broken", "cancelled")


class Whose(NamedTuple):
    """Of an account: its customer, currency and place."""

    customer_id: str
    currency: str
    timezone: str

    def day(self, at: datetime) -> date:
        """Return the day of an instant at the account's own place."""
        return at.astimezone(ZoneInfo(self.timezone)).date()


def contacts(events: Iterable[Happened]) -> Rows:
    """Return messages that left, calls, and what customers wrote.

    A message carries the id of its decision, so that it joins to it. One of which nobody knows
    whether it left counts as sent. A call from the list stands in the place of its listing: they
    are one contact, at the time of the call, with what came of it.
    """
    rows: Rows = {}
    outcomes: dict[str, list[str]] = defaultdict(list)
    of_message: dict[str, str] = {}
    made: Rows = {}
    for event in events:
        if event.kind == "called" and "message_id" in event.facts:
            row = _called(event)
            made[row["contact_id"]] = row
        elif event.kind in _CONTACTS:
            row = _CONTACTS[event.kind](event)
            rows.setdefault(row["contact_id"], row)
            if event.kind == "contacted":
                of_message[str(event.facts.get("message_id"))] = row["contact_id"]
        elif event.kind == "receipt":
            outcomes[str(event.facts.get("message_id"))].append(str(event.facts.get("outcome")))
        elif event.kind == "not_sent":  # what counted as sent turned out not to be
            outcomes[str(event.facts.get("message_id"))].append("failed")
    for message, told in outcomes.items():
        if message in of_message:
            rows[of_message[message]]["outcome"] = last_outcome(told)
    for key, row in made.items():
        rows[key] = row | {name: rows[key][name] for name in _OF_LISTING if key in rows}
    return rows


_OF_LISTING = ("purpose", "tone", "offer")  # what a call was to be says its listing


def _contacted(event: Happened) -> Row:
    facts = event.facts
    purpose = str(facts.get("purpose") or "")
    return _contact(event, _of_message(facts),
                    purpose=PURPOSES.get(purpose, purpose or "reminder"),
                    outcome="sent") | {"tone": str(facts.get("tone") or ""),
                                       "offer": str(facts.get("offer") or "")}  # fmt: skip


def _of_message(facts: Mapping[str, Any]) -> str:
    """Return the id of a message's contact: its decision's, where it has one."""
    return str(facts.get("decision_id") or "") or f"{OURS}message-{facts.get('message_id')}"


def _called(event: Happened) -> Row:
    inbound = event.facts.get("direction") == "inbound"
    listed = "message_id" in event.facts
    return _contact(event, _of_message(event.facts) if listed else f"{OURS}call-{event.event_id}",
                    direction="inbound" if inbound else "outbound",
                    purpose="service" if inbound else "reminder",
                    outcome="answered" if event.facts.get("reached") else "no_answer") | {
                        "channel": "voice"}  # fmt: skip


def _replied(event: Happened) -> Row:
    return _contact(event, f"{OURS}reply-{event.facts.get('inbound_id') or event.event_id}",
                    direction="inbound", purpose="service", outcome="replied")  # fmt: skip


def _contact(event: Happened, contact_id: str, **said: str) -> Row:
    told = {"contact_id": contact_id, "account_id": event.account_id, "direction": "outbound",
            "channel": str(event.facts.get("channel") or ""), "occurred_at": event.at.isoformat(),
            "tone": "", "offer": "", "text": ""}  # fmt: skip
    return told | said


_CONTACTS: Mapping[str, Callable[[Happened], Row]] = {
    "contacted": _contacted, "called": _called, "replied": _replied,
}  # fmt: skip


def promises(events: Iterable[Happened], whose: Mapping[str, Whose]) -> Rows:
    """Return promises, and money that the CIS does not show yet.

    The CIS owns the debt, so money that casework saw first is no payment here: it would count twice
    when the CIS brings it. It is told as a promise of that amount, which the CIS's own row will
    keep and which meanwhile asks for silence. What was taken back is a promise of nothing.
    """
    rows: Rows = {}
    for event in events:
        facts, owner = event.facts, whose[event.account_id]
        if event.kind == "promised" and facts.get("confirmed", True):
            key = f"{OURS}{facts['promise_id']}"
            rows[key] = _promise(key, event, owner, due_on=str(facts["due_on"]))
        elif event.kind == "paid" and facts.get("status") not in ("failed", "open"):
            key, day = f"{OURS}paid-{facts['payment_id']}", owner.day(event.at)
            rows[key] = _promise(key, event, owner, due_on=f"{day + days(PENDING_DAYS)}") | {
                "made_at": (event.at - days(1)).isoformat()}  # fmt: skip
        elif event.kind in ("promise_withdrawn", "payment_reversed"):
            named = facts.get("promise_id") or f"paid-{facts.get('payment_id')}"
            if f"{OURS}{named}" in rows:
                rows[f"{OURS}{named}"]["amount"] = text(0, owner.currency)
    return rows


def _promise(key: str, event: Happened, owner: Whose, *, due_on: str) -> Row:
    return {"promise_id": key, "account_id": event.account_id, "made_at": event.at.isoformat(),
            "amount": text(event.facts["amount_minor"], owner.currency),
            "due_on": due_on}  # fmt: skip


def arrangements(events: Iterable[Happened], whose: Mapping[str, Whose]) -> Rows:
    """Return payment plans; kept or broken is worked out from the money, as for any other."""
    rows: Rows = {}
    for event in events:
        facts, owner = event.facts, whose[event.account_id]
        key = f"{OURS}{facts.get('arrangement_id')}"
        if event.kind == "plan_agreed":
            rows[key] = {
                "arrangement_id": key, "account_id": event.account_id,
                "agreed_on": f"{owner.day(event.at)}", "interval": "monthly", "status": "active",
            } | _plan(facts, owner)  # fmt: skip
        elif event.kind == "plan_changed" and key in rows:
            rows[key] |= _plan(facts, owner) | {"status": "active"}  # a broken one may go on
        elif event.kind == "plan_ended" and key in rows:
            how = str(facts.get("how"))
            rows[key]["status"] = how if how in _ENDS else "cancelled"
    return rows


def _plan(facts: Mapping[str, Any], owner: Whose) -> Row:
    """Return the sums and dates of a plan.

    The night works its dates out from the first; it is told one that is never before the real ones.
    """
    down = facts.get("down_minor")
    return {
        "total": text(facts["total_minor"], owner.currency),
        "down_payment": text(down, owner.currency) if down else "",
        "instalments": str(facts["instalments"]),
        "first_due_on": str(facts.get("told_due_on") or facts["first_due_on"]),
    }  # fmt: skip


def circumstances(
    events: Iterable[Happened], whose: Mapping[str, Whose], kinds: Mapping[str, str]
) -> Rows:
    """Return what calls for care, of the customer whichever account it was told about.

    Args:
        kinds: What those are that the ledger does not name, by their ids. One that nobody knows any
            more was erased or taken back before it was ever carried: nothing is told of it.
    """
    rows: Rows = {}
    for event in events:
        facts, owner = event.facts, whose[event.account_id]
        key = f"{OURS}{facts.get('circumstance_id') or event.event_id}"
        day = f"{owner.day(event.at)}"
        if event.kind == "circumstance_ended" and key in rows:
            rows[key]["ends_on"] = day
        elif event.kind in ("circumstance_noted", "disputed"):
            kind = facts.get("kind") or kinds.get(key, "")
            kind = "dispute" if event.kind == "disputed" else str(kind)
            if not kind:
                continue
            rows[key] = {
                "circumstance_id": key, "customer_id": owner.customer_id, "account_id": "",
                "kind": kind, "starts_on": str(facts.get("starts_on") or day),
                "ends_on": str(facts.get("ends_on") or ""), "source": "casework",
            }  # fmt: skip
    return rows


def contact_points(events: Iterable[Happened], whose: Mapping[str, Whose]) -> Rows:
    """Return a refusal for each channel that a customer wants nothing by.

    It stands beside the points of the CIS and has no address: of several words on one channel the
    strictest counts. Taken back, it says nothing, and the word of the CIS counts.
    """
    rows: Rows = {}
    for event in sorted(events, key=lambda event: (event.at, event.id)):
        customer = whose[event.account_id].customer_id
        for channel in channels_of(event.facts):
            key = f"{OURS}{channel}-{customer}"
            if event.kind == "opted_in" and key not in rows:
                continue
            rows[key] = {
                "contact_point_id": key, "customer_id": customer, "channel": channel,
                "address": "none", "verified": "false", "preferred": "false",
                "consent": "withdrawn" if event.kind == "opted_out" else "unknown",
                "consent_at": event.at.isoformat(),
            }  # fmt: skip
    return rows
