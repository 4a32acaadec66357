"""What circumstances protect somebody from, as the guard of their place says today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from tideover.casework.cases.models import Account, Certificate, Circumstance, Standing
from tideover.rules.care import certificates as rules
from tideover.rules.care.kinds import facts_of
from tideover.rules.care.protection import Protection, protections
from tideover.rules.guard import vocabulary
from tideover.rules.guard.primitives import ACCEPTS
from tideover.rules.guard.verdict import Guard, covers
from tideover.rules.rulebook import Rulebook, parse_rulebook

MULTI = "multi"  # an account that supplies more than one thing is asked about the first of these
POLICY = "policy"
SERVICES = ("electricity", "gas", "water", "heat")


@lru_cache(maxsize=1)
def books() -> tuple[Rulebook, ...]:
    """Return the shipped law, and the shipped policy."""
    shelf, actions = files("tideover.rules").joinpath("rulebooks"), tuple(vocabulary.ACTIONS)
    texts = [(place.name, place.joinpath("rules.toml"))
             for place in sorted(shelf.iterdir(), key=lambda one: one.name)]  # fmt: skip
    return tuple(parse_rulebook(text.read_text(encoding="utf-8"), f"{name}/rules.toml",
                                types=ACCEPTS, actions=actions)
                 for name, text in texts if text.is_file())  # fmt: skip


@lru_cache(maxsize=32)
def guard_of(jurisdiction: str) -> Guard:
    """Return the guard of one place: its law, its country's, and the policy."""
    return Guard([book for book in books()
                  if any(covers(one, jurisdiction) for one in book.jurisdictions)])  # fmt: skip


def proposal(account: Account, now: datetime) -> dict[str, Any]:
    """Return what the guard is told of an account, without what would be done to it."""
    standing = Standing.objects.filter(pk=account.pk).first()
    known: Mapping[str, Any] = standing.situation if standing else {}
    service = str(known.get("services") or account.commodity).split(";")[0]
    at = now.astimezone(ZoneInfo(account.timezone)).replace(microsecond=0)
    return {
        "jurisdiction": account.jurisdiction, "timezone": account.timezone, "actor": "utility",
        "as_of": at.isoformat(), "service": SERVICES[0] if service == MULTI else service,
        "customer": dict(known.get("customer") or {}),
        "debt": known.get("debt") or {}, "context": known.get("context") or {},
        "history": known.get("history") or [],
    }  # fmt: skip


def protected_from(
    account: Account, found: Circumstance, now: datetime
) -> tuple[Protection, ...]:  # fmt: skip
    """Return what one circumstance protects from today; nothing where no rulebook is of the place.

    A certificate counts as its own paper says: when it came in, which renewal, in writing or not.
    """
    guard = guard_of(account.jurisdiction)
    if account.jurisdiction not in guard.places:
        return ()
    holding = facts_of(found.kind, found.starts_on, found.ends_on)
    paper = Certificate.objects.filter(pk=found.pk).first()
    if paper is not None:
        holding = {**holding, **of_rules(paper).facts}
    return protections(guard, proposal(account, now), holding)


def of_rules(found: Certificate) -> rules.Certificate:
    """Return a certificate as the rules read it."""
    one = found.circumstance
    stated = (one.ends_on - found.received_on).days + 1 if one.ends_on else None
    return rules.Certificate(found.received_on, stated, found.renewal, found.written_on,
                             found.chronic, found.cannot_pay)  # fmt: skip
