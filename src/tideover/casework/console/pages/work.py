"""The first page and the worklist."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tideover.casework.access.menu import ENTRIES
from tideover.casework.access.permissions import may
from tideover.casework.access.scope import accounts_of
from tideover.casework.cases.models import Case
from tideover.casework.console.exports import as_csv
from tideover.casework.console.pages.frame import now, roles, visitor
from tideover.casework.console.worklist import KINDS, sections


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Lead to the first page that the visitor's role lets them see."""
    mine = roles(request)
    return redirect(next(page for page, _ in ENTRIES if may(page, mine)))


@require_safe
def worklist(request: HttpRequest) -> HttpResponse:
    """Show what needs a person."""
    only = request.GET.get("kind", "")
    if only and only not in KINDS:
        raise Http404
    found = sections(visitor(request), roles(request), now(), only)
    context = {"sections": found, "only": only, "kinds": KINDS,
               "total": sum(one.count for one in found)}  # fmt: skip
    return render(request, "console/worklist.html", context)


@require_safe
def worklist_csv(request: HttpRequest) -> HttpResponse:
    """Give the worklist as a table to keep."""
    found = sections(visitor(request), roles(request), now())
    rows = [(one.title, task.what, task.why, task.since) for one in found for task in one.tasks]
    return as_csv("worklist", ("kind", "account", "why", "since"), rows)


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Lead to the case of an account, by its whole id."""
    wanted = request.GET.get("account", "").strip()
    mine = accounts_of(visitor(request)).filter(pk=wanted)
    case = Case.objects.filter(account__in=mine).order_by("-opened_on", "-pk").first()
    if case is None:
        return render(request, "console/not_found.html", {"wanted": wanted}, status=404)
    return redirect("console:case", case.pk)
