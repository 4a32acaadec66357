"""Promises to pay."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from tideover.casework.api import shapes, told
from tideover.casework.api.once import once
from tideover.casework.api.paging import Page, page_of
from tideover.casework.api.problems import Problem, unknown
from tideover.casework.api.resources.asking import OfAccount, account, doing, minor
from tideover.casework.api.shapes import Id
from tideover.casework.api.tokens import may
from tideover.casework.cases import deeds
from tideover.casework.cases.models import Promise

router = Router(tags=["promises"])


class PromisesAsked(OfAccount):
    """Which promises are asked for."""

    standing: bool | None = None


@router.get("/promises", auth=may("read:cases"), response=Page[shapes.Promise])
def list_promises(request: HttpRequest, asked: Query[PromisesAsked]) -> Any:
    """List promises, oldest first."""
    promises = Promise.objects.select_related("account").filter(**asked.chosen())
    if asked.standing is not None:
        promises = promises.filter(withdrawn_at__isnull=asked.standing)
    rows, following = page_of(promises, ["made_at", "promise_id"], asked)
    return {"items": [told.promise(row) for row in rows], "next": following}


@router.post("/promises", auth=may("write:cases"), response={201: shapes.Promise})
def make_promise(request: HttpRequest, body: shapes.PromiseMade) -> Any:
    """Note that a customer promised to pay; what is queued for the account is taken back."""
    return once(request, lambda: _make(request, body), status=201)


@router.post("/promises/{promise_id}/withdraw", auth=may("write:cases"), response=shapes.Promise)
def withdraw_promise(request: HttpRequest, promise_id: Id) -> Any:
    """Take a promise back, or say that it was never made."""
    return once(request, lambda: _withdraw(request, promise_id))


def _make(request: HttpRequest, body: shapes.PromiseMade) -> shapes.Promise:
    by = doing(request, body.account_id)
    if body.due_on < by.at.date():
        raise Problem(422, "That day is over", where="due_on", mend="Name a day to come")
    amount_minor = minor(body.amount, account(by.account_id).currency)
    return told.promise(
        deeds.promise(by, amount_minor=amount_minor, due_on=body.due_on, confirmed=body.confirmed)
    )


def _withdraw(request: HttpRequest, promise_id: str) -> shapes.Promise:
    found = Promise.objects.filter(pk=promise_id).first()
    if found is None:
        raise unknown("promise", "promise_id")
    deeds.withdraw_promise(doing(request, found.account_id), promise_id)
    return told.promise(Promise.objects.select_related("account").get(pk=promise_id))
