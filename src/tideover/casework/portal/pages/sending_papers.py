"""Papers that somebody sends: a payslip, a doctor's note. One question a page needs no draft here,
since a file is not kept before it is sent.
"""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tideover.casework.cases.asking import LARGEST_BYTES, ask, hand_in
from tideover.casework.portal.frame import page, say, setting, visitor
from tideover.casework.portal.journeys.paying_later import A_FEW_DAYS, after_working_days
from tideover.casework.portal.papers import NotAPaper, paper
from tideover.terms.faults import Fault

KINDS = ("payslip", "benefit", "doctor", "payment", "other")


@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest) -> HttpResponseBase:
    """Take one paper at a time, and say what becomes of it."""
    if request.method != "POST":
        return _page(request)
    sent, kind = request.FILES.get("paper"), request.POST.get("kind", "")
    if kind not in KINDS:
        return _page(request, {"kind": say(request, "errors.one")}, kind)
    try:
        found = paper(sent.read(LARGEST_BYTES + 1) if sent else b"")
    except NotAPaper as why:
        return _page(request, {"paper": say(request, f"papers.wrong.{why.args[0]}")}, kind)
    try:
        _keep(request, kind, *found)
    except Fault:
        return _page(request, {"paper": say(request, "papers.wrong.many")}, kind)
    return redirect("portal:done", "papers")


@transaction.atomic
def _keep(request: HttpRequest, kind: str, form: str, content: bytes) -> None:
    here, stands = visitor(request), setting(request)
    made = ask(here.doing, "evidence", kind)
    kept = hand_in(here.doing, form, content, of=made)
    answer = after_working_days(stands.today, A_FEW_DAYS)
    here.draft.setdefault("done", {})["papers"] = {
        "kind": "done", "answer_on": answer.isoformat(), "gone_on": kept.keep_until.isoformat(),
    }  # fmt: skip
    here.keep()


def _page(
    request: HttpRequest, wrong: dict[str, str] | None = None, chosen: str = ""
) -> HttpResponse:
    kinds = [(kind, say(request, f"papers.kind.{kind}")) for kind in KINDS]
    return page(request, "portal/papers.html", "papers", kinds=kinds, chosen=chosen,
                wrong=wrong or None, status=422 if wrong else 200, private=True,
                back=reverse("portal:help"))  # fmt: skip
