"""Circumstances: what about a person calls for care."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router

from tideover.casework.access.models import Look
from tideover.casework.api import shapes, told
from tideover.casework.api.once import once
from tideover.casework.api.paging import Page, page_of
from tideover.casework.api.problems import Problem, unknown
from tideover.casework.api.resources.asking import OfAccount, account, doing
from tideover.casework.api.shapes import Id
from tideover.casework.api.tokens import may, token_of
from tideover.casework.cases import deeds
from tideover.casework.cases.models import Account, Circumstance
from tideover.rules.care.kinds import SPECIAL

router = Router(tags=["circumstances"])


@router.get("/circumstances", auth=may("read:circumstances"), response=Page[shapes.Circumstance])
def list_circumstances(request: HttpRequest, asked: Query[OfAccount]) -> Any:
    """List circumstances; of an account: those of its person too."""
    found = Circumstance.objects.all()
    if asked.account_id:
        of = account(asked.account_id)
        found = found.filter(Q(account=of) | Q(person=of.person_id))
    rows, following = page_of(found, ["circumstance_id"], asked)
    _looked(request, rows)
    return {"items": [told.circumstance(row) for row in rows], "next": following}


def _looked(request: HttpRequest, rows: Iterable[Circumstance]) -> None:
    """Note, as of a person at a desk, that somebody was told what a special one is."""
    people = {row.person_id: row.account_id or "" for row in rows if row.kind in SPECIAL}
    by = f"token {token_of(request).name}"
    Look.objects.bulk_create(
        Look(by=by[:150], page="api:circumstances", account_id=account_id, customer_id=person)
        for person, account_id in sorted(people.items())
    )


@router.post("/circumstances", auth=may("write:circumstances"), response={201: shapes.Circumstance})
def note_circumstance(request: HttpRequest, body: shapes.CircumstanceNoted) -> Any:
    """Note a circumstance; what is queued for the person is taken back."""
    return once(request, lambda: _note(request, body), status=201)


@router.post(
    "/circumstances/{circumstance_id}/end", auth=may("write:circumstances"),
    response=shapes.Circumstance,
)  # fmt: skip
def end_circumstance(request: HttpRequest, circumstance_id: Id) -> Any:
    """Say that a circumstance is over."""
    return once(request, lambda: _end(request, circumstance_id))


def _note(request: HttpRequest, body: shapes.CircumstanceNoted) -> shapes.Circumstance:
    by = doing(request, body.account_id)
    if body.ends_on is not None and body.ends_on < body.starts_on:
        raise Problem(422, "It ends before it begins", where="ends_on", mend="Name a later day")
    return told.circumstance(
        deeds.note_circumstance(
            by, body.kind, starts_on=body.starts_on, ends_on=body.ends_on, source="api"
        )
    )


def _end(request: HttpRequest, circumstance_id: str) -> shapes.Circumstance:
    found = Circumstance.objects.filter(pk=circumstance_id).first()
    one = Account.objects.filter(person=found.person_id).order_by("pk").first() if found else None
    if found is None or one is None:
        raise unknown("circumstance", "circumstance_id")
    deeds.end_circumstance(doing(request, found.account_id or one.pk), circumstance_id)
    return told.circumstance(Circumstance.objects.get(pk=circumstance_id))
