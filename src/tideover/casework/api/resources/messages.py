"""Messages without address and text, and decisions with their reasons."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from tideover.casework.api import shapes, told
from tideover.casework.api.paging import Page, page_of
from tideover.casework.api.problems import unknown
from tideover.casework.api.resources.asking import OfAccount
from tideover.casework.api.shapes import Channel, Id, Number, Status
from tideover.casework.api.tokens import may
from tideover.casework.cases.models import Decision
from tideover.casework.outreach.models import Message

router = Router(tags=["messages"])


class MessagesAsked(OfAccount):
    """Which messages are asked for."""

    status: Status | None = None
    channel: Channel | None = None


class DecisionsAsked(OfAccount):
    """Which decisions are asked for."""

    as_of: date | None = None


@router.get("/messages", auth=may("read:messages"), response=Page[shapes.Message])
def list_messages(request: HttpRequest, asked: Query[MessagesAsked]) -> Any:
    """List messages, oldest first."""
    wanted = {"status": asked.status, "channel": asked.channel}
    found = {name: value for name, value in wanted.items() if value is not None}
    rows, following = page_of(Message.objects.filter(**found, **asked.chosen()), ["id"], asked)
    return {"items": [told.message(row) for row in rows], "next": following}


@router.get("/messages/{message_id}", auth=may("read:messages"), response=shapes.Message)
def one_message(request: HttpRequest, message_id: Number) -> Any:
    """Return one message."""
    found = Message.objects.filter(pk=message_id).first()
    if found is None:
        raise unknown("message", "message_id")
    return told.message(found)


@router.get("/decisions", auth=may("read:decisions"), response=Page[shapes.Decision])
def list_decisions(request: HttpRequest, asked: Query[DecisionsAsked]) -> Any:
    """List decisions, oldest first."""
    day = {} if asked.as_of is None else {"as_of": asked.as_of}
    rows, following = page_of(
        Decision.objects.filter(**day, **asked.chosen()), ["as_of", "decision_id"], asked
    )
    return {"items": [told.decision(row) for row in rows], "next": following}


@router.get("/decisions/{decision_id}", auth=may("read:decisions"), response=shapes.Decision)
def one_decision(request: HttpRequest, decision_id: Id) -> Any:
    """Return one decision, with its reasons."""
    found = Decision.objects.filter(pk=decision_id).first()
    if found is None:
        raise unknown("decision", "decision_id")
    return told.decision(found)
