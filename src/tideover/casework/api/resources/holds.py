"""Holds: times in which nothing is sent to an account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from tideover.casework.api import shapes, told
from tideover.casework.api.once import once
from tideover.casework.api.paging import Page, page_of
from tideover.casework.api.problems import unknown
from tideover.casework.api.resources.asking import OfAccount, doing
from tideover.casework.api.shapes import Number
from tideover.casework.api.tokens import may
from tideover.casework.cases import deeds
from tideover.casework.cases.models import Hold

router = Router(tags=["holds"])


class HoldsAsked(OfAccount):
    """Which holds are asked for."""

    released: bool | None = None


@router.get("/holds", auth=may("read:cases"), response=Page[shapes.Hold])
def list_holds(request: HttpRequest, asked: Query[HoldsAsked]) -> Any:
    """List holds, oldest first."""
    holds = Hold.objects.filter(**asked.chosen())
    if asked.released is not None:
        holds = holds.filter(released_at__isnull=not asked.released)
    rows, following = page_of(holds, ["id"], asked)
    return {"items": [told.hold(row) for row in rows], "next": following}


@router.post("/holds", auth=may("write:cases"), response={201: shapes.Hold})
def place_hold(request: HttpRequest, body: shapes.HoldPlaced) -> Any:
    """Let outreach to an account rest; what is queued for it is taken back."""
    return once(request, lambda: _place(request, body), status=201)


@router.post("/holds/{hold_id}/release", auth=may("write:cases"), response=shapes.Hold)
def release_hold(request: HttpRequest, hold_id: Number) -> Any:
    """Let outreach to the account go on."""
    return once(request, lambda: _release(request, hold_id))


def _place(request: HttpRequest, body: shapes.HoldPlaced) -> shapes.Hold:
    by = doing(request, body.account_id)
    return told.hold(deeds.hold(by, reason=body.reason, until_on=body.until_on))


def _release(request: HttpRequest, hold_id: int) -> shapes.Hold:
    found = Hold.objects.filter(pk=hold_id).first()
    if found is None:
        raise unknown("hold", "hold_id")
    deeds.release(doing(request, found.account_id), hold_id)
    return told.hold(Hold.objects.get(pk=hold_id))
