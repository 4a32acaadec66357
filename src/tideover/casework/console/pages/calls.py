"""The call list: shown, on paper, as a table, and where a call is logged that was made from it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from tideover.casework.access.scope import look, look_over
from tideover.casework.console.calling import HEADER, shown, to_call
from tideover.casework.console.exports import as_csv
from tideover.casework.console.forms import ListedCallForm
from tideover.casework.console.pages.frame import doing, now, telling, visitor
from tideover.casework.outreach.call_list import log_call
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.models.calls import PERSON

MOST, MOST_IN_A_TABLE = 50, 1_000


@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """Show the calls to make, with number and script; whose were shown is noted."""
    return _page(request)


def _page(request: HttpRequest, wrong: ListedCallForm | None = None) -> HttpResponse:
    found = to_call(visitor(request), now())
    first = list(shown(found[:MOST], now(), wrong))
    look_over(request, [one.account for one in first])
    context = {"calls": first, "count": found.count(), "more": max(0, found.count() - MOST),
               "wrong": wrong.of if wrong else None}  # fmt: skip
    return render(request, "console/calls.html", context, status=422 if wrong else 200)


@require_safe
def calls_csv(request: HttpRequest) -> HttpResponse:
    """Give the calls to make as a table, with room for how each went; whose they are is noted."""
    rows = list(shown(to_call(visitor(request), now())[:MOST_IN_A_TABLE], now()))
    look_over(request, [one.account for one in rows])
    return as_csv("calls", HEADER, (one.cells for one in rows))


@require_POST
def call_made(request: HttpRequest, of: int) -> HttpResponse:
    """Log a call that was made from the list; it is done, and counts once."""
    message = get_object_or_404(Message.objects.select_related("account"), pk=of, provider=PERSON)
    look(request, message.account)
    form = ListedCallForm(request.POST, of=of)
    if not form.is_valid():
        return _page(request, form)
    said = form.cleaned_data
    with telling(request, "The call is logged, and off the list."):
        log_call(doing(request, message.account_id), outcome=said["outcome"], text=said["text"],
                 listed=message.pk)  # fmt: skip
    return redirect("console:calls")
