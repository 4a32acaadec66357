"""Which programmes somebody may get, with the reasons, and how far what they asked for is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from django.db.models import Q

from tideover.casework import place
from tideover.casework.cases.models import Account, Circumstance, Referral
from tideover.casework.cases.referring import COUNSELLOR, PROGRAMME
from tideover.casework.payments.owed import owed
from tideover.casework.portal.directory import Programme, programmes
from tideover.rules.assistance import Eligibility, Situation, likely_first, parse_assistance

FILE = "assistance.toml"
MOST = 10


@dataclass(frozen=True)
class MayGet:
    """A programme, and why somebody may get it; no reason is no no."""

    programme: Programme
    reasons: tuple[str, ...]


def may_get(account: Account, language: str, today: date) -> list[MayGet]:
    """Return the programmes of a place, those first of which somebody may get help."""
    found = {one.key: one for one in programmes(account.jurisdiction, account.area_code, language)}
    known = _known(account, today)
    return [MayGet(found[key], why) for key, why in likely_first(found, _book(), known, today)]


def _known(account: Account, today: date) -> Situation:
    in_force = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    kinds = Circumstance.objects.filter(in_force, person=account.person_id, starts_on__lte=today)
    standing = getattr(account, "standing", None)
    customer = (standing.situation.get("customer") or {}) if standing else {}
    income = customer.get("income_fpl_pct")
    told = set(kinds.values_list("kind", flat=True))
    if customer.get("low_income"):
        told.add("low_income")
    return Situation(
        frozenset(told), account.commodity, owed(account.pk).arrears_minor > 0,
        Decimal(str(income)) if income is not None else None,
    )  # fmt: skip


def asked_for(account: Account, language: str) -> list[tuple[str, Referral]]:
    """Return what somebody was handed on to, by its name, newest first."""
    near = (account.jurisdiction, account.area_code, language)
    names = {one.key: one.name for kind in (PROGRAMME, COUNSELLOR)
             for one in programmes(*near, kind)}  # fmt: skip
    rows = Referral.objects.filter(account=account).order_by("-consented_at")[:MOST]
    return [(names.get(one.to, one.to), one) for one in rows]


def _book() -> Mapping[str, Eligibility]:
    return _read(place.workspace() / FILE)


@lru_cache(maxsize=8)
def _read(path: Path) -> Mapping[str, Eligibility]:
    shipped = files("tideover.casework.portal") / FILE
    text = (path if path.is_file() else shipped).read_text(encoding="utf-8")
    return parse_assistance(text, FILE)
