"""Opt-outs, as the ledger tells of them: who wants no messages, and who wants them again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from tideover.casework.api import shapes
from tideover.casework.api.once import once
from tideover.casework.api.paging import Page, page_of
from tideover.casework.api.problems import unknown
from tideover.casework.api.resources.asking import OfAccount, doing
from tideover.casework.api.tokens import may
from tideover.casework.cases import deeds
from tideover.casework.cases.models import ContactPoint, Event, Suppression
from tideover.terms.faults import Refused

router = Router(tags=["opt-outs"])


@router.get("/opt-outs", auth=may("read:cases"), response=Page[shapes.OptOut])
def list_opt_outs(request: HttpRequest, asked: Query[OfAccount]) -> Any:
    """List opt-outs, oldest first."""
    rows, following = page_of(
        Event.objects.filter(kind="opted_out", **asked.chosen()), ["id"], asked
    )
    return {"items": [_told(row) for row in rows], "next": following}


@router.post("/opt-outs", auth=may("write:cases"), response={201: shapes.OptOut})
def opt_out(request: HttpRequest, body: shapes.OptOutMade) -> Any:
    """Heed that a customer wants no messages; what is queued for them is taken back."""
    return once(request, lambda: _opt_out(request, body), status=201)


@router.post("/opt-outs/{opt_out_id}/withdraw", auth=may("write:cases"), response=shapes.OptOut)
def withdraw_opt_out(request: HttpRequest, opt_out_id: UUID) -> Any:
    """Note that the customer wants messages again; channels that need consent still need it."""
    return once(request, lambda: _withdraw(request, opt_out_id))


def _opt_out(request: HttpRequest, body: shapes.OptOutMade) -> shapes.OptOut:
    by = doing(request, body.account_id)
    deeds.opt_out(by, channel=body.channel or "", via="api")
    made = Event.objects.filter(account=by.account_id, kind="opted_out").order_by("id").last()
    assert made is not None  # this transaction wrote it
    return _told(made)


def _withdraw(request: HttpRequest, opt_out_id: UUID) -> shapes.OptOut:
    found = Event.objects.filter(event_id=opt_out_id, kind="opted_out").first()
    if found is None:
        raise unknown("opt-out", "opt_out_id")
    by = doing(request, found.account_id)
    person = by.lock().person_id
    if _told(found).withdrawn_at is not None:
        raise Refused("This opt-out was withdrawn already")
    channel = str(found.facts.get("channel", ""))
    points = ContactPoint.objects.filter(person=person, consent="withdrawn")
    # That messages are wanted again is no consent where the law asks for one.
    (points.filter(channel=channel) if channel else points).update(consent="unknown")
    marks = ContactPoint.objects.filter(person=person).values("address_mark")
    silent = Suppression.objects.filter(mark__in=marks)
    (silent.filter(channel=channel) if channel else silent).delete()
    named = {"scope": "channel", "channel": channel} if channel else {"scope": "everything"}
    by.tell("opted_in", {**named, "via": "api"})
    return _told(found)


def _told(event: Event) -> shapes.OptOut:
    channel = event.facts.get("channel") or None
    later = Event.objects.filter(account=event.account_id, kind="opted_in", id__gt=event.pk)
    same = (one for one in later.order_by("id") if (one.facts.get("channel") or None) == channel)
    ended = next(same, None)
    return shapes.OptOut(
        opt_out_id=str(event.event_id), account_id=event.account_id, channel=channel,
        at=event.at, by=event.by, withdrawn_at=ended.at if ended else None,
    )  # fmt: skip
