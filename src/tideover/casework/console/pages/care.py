"""What calls for care on a case: what it is, for few; reviews, certificates, agreements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tideover.casework.access.scope import case_or_404
from tideover.casework.cases import caring, certifying
from tideover.casework.cases.deeds import CARE, Doing
from tideover.casework.cases.models import Circumstance
from tideover.casework.console.caring import care_of
from tideover.casework.console.pages.cases import filled
from tideover.casework.console.pages.frame import doing, now, telling
from tideover.casework.payments import hardship as agreements

ACTS: dict[str, Callable[[Doing, str], object]] = {
    "review": caring.review,
    "consent": caring.consent,
    "seen": certifying.seen,
}


@require_safe
def care(request: HttpRequest, case_id: int, of: str) -> HttpResponse:
    """Show what something is that calls for care; that somebody looked is noted."""
    found = case_or_404(request, case_id)
    one = Circumstance.objects.filter(pk=of, person=found.account.person_id).first()
    if one is None:
        raise Http404
    return render(request, "console/care.html", {
        "case": found, "what": CARE.get(one.kind, "Taken back by the person"),
        "care": care_of(found.account, one, now()),
    })  # fmt: skip


@require_POST
def circumstance_act(request: HttpRequest, case_id: int, of: str) -> HttpResponse:
    """Say that it still is so, that the person agreed, or that a certificate was seen."""
    found = case_or_404(request, case_id)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    with telling(request, "It is noted."):
        act(doing(request, found.account_id), of)
    return redirect("console:case", found.pk)


def _certificate(who: Doing, said: dict[str, Any]) -> object:
    one = certifying.Said(said["until_on"], said["in_writing"], said["chronic"],
                          said["cannot_pay"], said["agreed"])  # fmt: skip
    return certifying.receive(who, one, source="staff")


def _agree(who: Doing, said: dict[str, Any]) -> object:
    return agreements.agree(who, agreements.Wanted(
        said["terms"], said["amount"] or 0, said["months"], said["reason"]))  # fmt: skip


def _next(who: Doing, said: dict[str, Any]) -> object:
    made = agreements.running(who.account_id)
    if made is None:
        raise agreements.none_runs()
    if said["then"] == "review":
        return agreements.review(who, made.pk, said["reason"])
    return agreements.end(who, made.pk, said["then"], said["reason"])


certificate = filled("certificate", _certificate, "The certificate is noted, and heeded.")
hardship = filled("hardship", _agree, "It is agreed. Outreach rests until it is looked at again.")
hardship_next = filled("hardship_next", _next, "It is noted.")
