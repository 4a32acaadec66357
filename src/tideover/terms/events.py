"""What happened to an account, once and for ever; casework writes it, the journal carries it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of event.

    Args:
        meaning: What it says happened, in one sentence.
        facts: What such an event may say besides, by name.
        heeded: After it nothing that was decided before may leave unasked: the account's
            `facts_version` rises, and what is queued for it is decided anew.
    """

    name: str
    meaning: str
    facts: tuple[str, ...] = ()
    heeded: bool = False


_KINDS = (
    Kind("case_opened", "The account entered treatment", ("stage", "zone", "arrears_minor")),
    Kind("case_closed", "The case ended", ("reason",)),
    Kind("decided", "A step was decided for the account",
         ("decision_id", "treatment", "channel", "rule")),
    Kind("contacted", "A message left for the customer",
         ("message_id", "decision_id", "channel", "purpose", "tone", "offer", "variant",
          "drawn_of", "step", "notice", "address_mark", "sure", "automated")),
    Kind("not_sent", "A message did not leave",
         ("message_id", "decision_id", "channel", "reason", "status", "listed_at")),
    Kind("receipt", "Something is known of a message after it left",
         ("message_id", "channel", "outcome")),
    Kind("called", "Somebody spoke, or tried to speak, by telephone",
         ("direction", "outcome", "reached", "note", "message_id", "decision_id", "listed_at")),
    Kind("replied", "The customer wrote", ("inbound_id", "channel", "intent", "confidence")),
    Kind("understood", "A person said what a reply means", ("inbound_id", "intent", "was")),
    Kind("opted_out", "The customer wants no more messages of a kind",
         ("scope", "channel", "via"), True),
    Kind("opted_in", "The customer wants messages again", ("scope", "channel", "via"), True),
    Kind("promised", "The customer promised an amount by a date",
         ("promise_id", "amount_minor", "due_on", "confirmed"), True),
    Kind("promise_withdrawn", "A promise was taken back, or was never made", ("promise_id",), True),
    Kind("promise_ended", "A promise was kept, or its day passed without the money",
         ("promise_id", "how")),
    Kind("paid", "Money came in", ("payment_id", "amount_minor", "method", "status"), True),
    Kind("payment_reversed", "Money that had come in went back", ("payment_id", "amount_minor"),
         True),
    Kind("plan_proposed", "A payment arrangement was offered", ("arrangement_id",)),
    Kind("plan_agreed", "A payment arrangement was agreed",
         ("arrangement_id", "total_minor", "down_minor", "instalments", "first_due_on",
          "told_due_on"), True),
    Kind("plan_changed", "The dates or sums of a payment arrangement changed",
         ("arrangement_id", "what", "total_minor", "down_minor", "instalments", "first_due_on",
          "told_due_on"), True),
    Kind("plan_ended", "A payment arrangement ended", ("arrangement_id", "how"), True),
    Kind("held", "Outreach to the account rests", ("hold_id", "reason", "until_on"), True),
    Kind("hold_released", "Outreach to the account may go on", ("hold_id",), True),
    # What it is says the ledger of no health, no death and no violence: only the sealed row does.
    Kind("circumstance_noted", "Something became known that calls for care",
         ("circumstance_id", "kind", "starts_on", "ends_on"), True),
    Kind("circumstance_ended", "Something that called for care is over",
         ("circumstance_id", "kind"), True),
    Kind("circumstance_reviewed", "Something that calls for care was looked at again",
         ("circumstance_id", "review_on")),
    Kind("consent_withdrawn", "The customer took back that we keep something",
         ("circumstance_id",)),
    Kind("certificate_received", "A medical certificate came in, or was seen in writing",
         ("circumstance_id", "renewal", "in_writing")),
    Kind("hardship_agreed", "What is paid while the customer cannot pay was agreed",
         ("agreement_id", "terms", "monthly_minor", "until_on", "review_on")),
    Kind("hardship_reviewed", "An agreement on hardship was looked at again",
         ("agreement_id", "review_on")),
    Kind("hardship_ended", "An agreement on hardship ended", ("agreement_id", "how")),
    Kind("disputed", "The customer says the bill is wrong", ("circumstance_id", "in_writing"),
         True),
    Kind("address_changed", "Where the customer can be reached changed",
         ("contact_point_id", "channel", "status"), True),
    Kind("data_shared", "Somebody outside was told of the customer, as the law permits",
         ("recipient", "fields")),
    Kind("link_shared", "The customer made a link by which somebody else pays", ("amount_minor",)),
    Kind("noted", "A person wrote something down", ("note",)),
    Kind("asked", "The customer asked for something that a person answers",
         ("request_id", "kind", "note")),
    Kind("answered", "A person answered what the customer asked", ("request_id", "kind")),
    Kind("referred", "The customer was handed on, or it went a step further",
         ("referral_id", "kind", "step", "outcome", "amount_minor")),
    Kind("rated", "The customer said how they were treated", ("score", "note")),
    Kind("preferred", "The customer said how they want to be written to",
         ("language", "hour", "named")),
)  # fmt: skip

KINDS: dict[str, Kind] = {kind.name: kind for kind in _KINDS}


def check(kind: str, facts: dict[str, object]) -> Kind:
    """Return the kind of an event whose facts are those it may have.

    Raises:
        ValueError: No event is called that, or it has a fact it may not have.

    Examples:
        >>> check("opted_out", {"scope": "everything"}).heeded
        True
    """
    known = KINDS.get(kind)
    if known is None:
        raise ValueError(f"No event is called {kind!r}")
    odd = facts.keys() - set(known.facts)
    if odd:
        raise ValueError(f"An event {kind!r} says nothing of {', '.join(sorted(odd))}")
    return known
