"""Cases, and the timeline of what happened to their accounts."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router

from tideover.casework.api import shapes, told
from tideover.casework.api.paging import Page, Paged, page_of
from tideover.casework.api.problems import unknown
from tideover.casework.api.resources.asking import OfAccount, account
from tideover.casework.api.shapes import Id, Kind, Moment, Number
from tideover.casework.api.tokens import may, sees_care
from tideover.casework.cases.models import Case, Event

router = Router(tags=["cases"])


class CasesAsked(OfAccount):
    """Which cases are asked for."""

    open: bool | None = None
    zone: Literal["green", "yellow", "red"] | None = None
    stage: Id | None = None
    opened_from: date | None = None

    def filters(self) -> dict[str, Any]:
        """Return what a case must be like."""
        asked = {"account__standing__zone": self.zone, "account__standing__stage": self.stage,
                 "opened_on__gte": self.opened_from}  # fmt: skip
        found = {name: value for name, value in asked.items() if value is not None}
        closed = {} if self.open is None else {"closed_on__isnull": self.open}
        return found | closed | self.chosen()


class TimelineAsked(Paged):
    """Which part of a timeline is asked for."""

    account_id: Id
    kind: Kind | None = None
    since: Moment | None = None


@router.get("/cases", auth=may("read:cases"), response=Page[shapes.Case])
def list_cases(request: HttpRequest, asked: Query[CasesAsked]) -> Any:
    """List cases, oldest first."""
    cases = Case.objects.select_related("account__standing").filter(**asked.filters())
    rows, following = page_of(cases, ["id"], asked)
    return {"items": [told.case(row) for row in rows], "next": following}


@router.get("/cases/{case_id}", auth=may("read:cases"), response=shapes.Case)
def one_case(request: HttpRequest, case_id: Number) -> Any:
    """Return one case."""
    found = Case.objects.select_related("account__standing").filter(pk=case_id).first()
    if found is None:
        raise unknown("case", "case_id")
    return told.case(found)


@router.get("/timeline", auth=may("read:cases"), response=Page[shapes.Happening])
def timeline(request: HttpRequest, asked: Query[TimelineAsked]) -> Any:
    """List what happened to an account, in the order in which it was written down.

    What a circumstance is, is told to tokens that have read:circumstances too.
    """
    of = account(asked.account_id)
    events = Event.objects.filter(account=of)
    if asked.kind:
        events = events.filter(kind=asked.kind)
    if asked.since:
        events = events.filter(at__gte=asked.since)
    rows, following = page_of(events, ["id"], asked)
    care = sees_care(request)
    items = [told.happening(row, of.currency, care=care) for row in rows]
    return {"items": items, "next": following}
