"""All that is kept of one person, for that person: facts, scores, reasons, words, who looked.

Articles 15 and 20 of the GDPR.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet

from tideover.casework.access.models import Look
from tideover.casework.cases.models import Account, Certificate, Person
from tideover.terms.events import KINDS
from tideover.terms.faults import Usage

_INNER = {"id", "person", "account", "night", "message", "lease_until", "claim_token",
          "claimed_by", "address_mark", "from_mark"}  # fmt: skip


def told(row: Model) -> dict[str, Any]:
    """Return a row as one reads it: every column but those that only bind rows together."""
    fields = [field for field in row._meta.concrete_fields if field.name not in _INNER]
    return {field.name: getattr(row, field.attname) for field in fields}


def all_told(rows: QuerySet[Any] | Iterable[Model]) -> list[dict[str, Any]]:
    """Return rows as one reads them."""
    return [told(row) for row in rows]


def export(customer_id: str) -> dict[str, Any]:
    """Return all that is kept of a person.

    Raises:
        Usage: Nobody here has this id.
    """
    person = Person.objects.filter(pk=customer_id).first()
    if person is None:
        raise Usage("There is no such customer", where=customer_id)
    looks = Look.objects.filter(customer_id=customer_id).order_by("at", "pk")
    return {
        "customer": told(person),
        "contact_points": all_told(person.points.order_by("pk")),
        "circumstances": all_told(person.circumstances.order_by("pk")),
        "certificates": all_told(
            Certificate.objects.filter(circumstance__person=person).order_by("pk")
        ),
        "wishes": all_told([wish] if (wish := getattr(person, "wish", None)) else []),
        "accounts": [_account(account) for account in person.accounts.order_by("pk")],
        "who_looked": all_told(looks),
    }


def _account(account: Account) -> dict[str, Any]:
    standing = getattr(account, "standing", None)
    return {
        **told(account),
        "standing_with_scores_and_reasons": told(standing) if standing else None,
        "open_debits": all_told(account.open_debits.order_by("due_on")),
        "cases": all_told(account.cases.order_by("pk")),
        "decisions_with_reasons": all_told(account.decisions.order_by("as_of", "pk")),
        "promises": all_told(account.promises.order_by("made_at")),
        "holds": all_told(account.holds.order_by("pk")),
        "notes": all_told(account.notes.order_by("at")),
        "what_happened": [
            {"meaning": KINDS[event.kind].meaning, **told(event)}
            for event in account.events.order_by("id")
        ],
        "messages": [
            {**told(message), "attempts": all_told(message.tries.order_by("number")),
             "receipts": all_told(message.receipts.order_by("at"))}
            for message in account.messages.order_by("pk")
        ],
        "asked": [{**told(one), "papers": one.evidence.count()}
                  for one in account.requests.order_by("asked_at")],
        "handed_on": all_told(account.referrals.order_by("consented_at")),
        "links_for_others": all_told(account.shared_links.order_by("made_at")),
        "payments": all_told(account.payments.order_by("begun_at")),
        "plans": [{**told(one), "parts": all_told(one.instalments.order_by("number"))}
                  for one in account.arrangements.order_by("agreed_at")],
        "hardship_agreements": all_told(account.hardship_agreements.order_by("agreed_at")),
        "usage": told(account.usageseen) if hasattr(account, "usageseen") else None,
        "ratings": all_told(account.ratings.order_by("at")),
        "replies": all_told(account.inbound.order_by("received_at")),
    }  # fmt: skip
