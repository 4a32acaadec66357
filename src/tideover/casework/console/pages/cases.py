"""The page of a case, and what is done on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tideover.casework.access.permissions import may
from tideover.casework.access.scope import case_or_404
from tideover.casework.cases import asking, caring, deeds
from tideover.casework.cases.deeds import Doing
from tideover.casework.cases.models import Case
from tideover.casework.console.casefile import case_page
from tideover.casework.console.forms import FORMS, TITLES, CaseForm
from tideover.casework.console.pages.frame import doing, name_of, now, roles, telling
from tideover.casework.outreach import call_list, staff_acts
from tideover.casework.outreach.models import Message
from tideover.casework.payments import keeping, planning

LARGEST_ID = 2**63 - 1


@require_safe
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show a case."""
    before = request.GET.get("before", "")
    older_than = int(before) if before.isascii() and before.isdigit() else None
    if older_than and older_than > LARGEST_ID:
        raise Http404
    return _page(request, case_or_404(request, case_id), before=older_than)


def _page(
    request: HttpRequest, found: Case, *, bound: CaseForm | None = None, before: int | None = None
) -> HttpResponse:
    """Return the page of a case, with the form that was filled in wrongly open."""
    currency, mine = found.account.currency, roles(request)
    acts = [
        (
            name, TITLES[name], reverse(f"console:{name}", args=[found.pk]),
            bound if bound and bound.name == name else form(currency=currency),
        )
        for name, form in FORMS.items()
        if may(f"console:{name}", mine)
    ]  # fmt: skip
    shown = case_page(found, now=now(), before=before)
    running = shown["plan"] or {}
    idle = {"plan"} if running else {"plan_cancel"}
    idle |= {"hardship"} if shown["agreement"] else {"hardship_next"}
    idle |= set() if running.get("covers_use") else {"plan_size"}
    acts = [act for act in acts if act[0] not in idle]
    context = shown | {
        "acts": acts,
        "wrong": bound.name if bound else "",
    }
    return render(request, "console/case.html", context, status=422 if bound else 200)


def case_with(request: HttpRequest, found: Case, bound: CaseForm) -> HttpResponse:
    """Return the page of a case again, with what is wrong beside the fields of a form."""
    return _page(request, found, bound=bound)


def filled(name: str, act: Callable[[Doing, dict[str, Any]], object], done: str) -> Any:
    """Return the view that takes a form of a case and does what it asks."""

    @require_POST
    def view(request: HttpRequest, case_id: int) -> HttpResponse:
        found = case_or_404(request, case_id)
        form = FORMS[name](request.POST, currency=found.account.currency)
        if not form.is_valid():
            return _page(request, found, bound=form)
        with telling(request, done):
            act(doing(request, found.account_id), form.cleaned_data)
        return redirect("console:case", found.pk)

    return view


def pressed(act: Callable[[Doing, Any], object], done: str) -> Any:
    """Return the view of a button beside something on a case."""

    @require_POST
    def view(request: HttpRequest, case_id: int, of: int | str) -> HttpResponse:
        found = case_or_404(request, case_id)
        with telling(request, done):
            act(doing(request, found.account_id), of)
        return redirect("console:case", found.pk)

    return view


call = filled(
    "call",
    lambda who, said: call_list.log_call(
        who, outcome=said["outcome"], inbound=bool(said["inbound"]), text=said["text"]
    ),
    "The call is logged.",
)
promise = filled(
    "promise",
    lambda who, said: deeds.promise(who, amount_minor=said["amount"], due_on=said["due_on"]),
    "The promise is noted. What was queued has been taken back.",
)
plan_size = filled(
    "plan_size",
    lambda who, said: keeping.resize_running(who, said["amount"]),
    "The plan is sized again, from the next part on.",
)
plan_cancel = filled(
    "plan_cancel",
    lambda who, said: planning.cancel_running(who, said["reason"]),
    "The plan is cancelled.",
)
hold = filled(
    "hold",
    lambda who, said: deeds.hold(who, reason=said["reason"], until_on=said["until_on"]),
    "Outreach rests.",
)
circumstance = filled(
    "circumstance",
    lambda who, said: caring.note_agreed(
        who, said["kind"], ends_on=said["ends_on"], agreed=said["agreed"]
    ),
    "It is noted, and heeded from now on.",
)
note = filled("note", lambda who, said: deeds.note(who, said["text"]), "The note is kept.")
opt_out = filled(
    "opt_out",
    lambda who, said: deeds.opt_out(who, channel=said["channel"], via="staff"),
    "No such message will be sent any more.",
)
promise_confirm = pressed(deeds.confirm_promise, "The promise is confirmed.")
promise_withdraw = pressed(deeds.withdraw_promise, "The promise is withdrawn.")
hold_release = pressed(deeds.release, "Outreach may go on.")
answered = pressed(asking.answer, "It is noted as answered.")
circumstance_end = pressed(deeds.end_circumstance, "It is noted as over.")


@require_POST
def message_settle(request: HttpRequest, case_id: int, of: int) -> HttpResponse:
    """Say what became of a message of which nobody knew."""
    found = case_or_404(request, case_id)
    if not Message.objects.filter(pk=of, account=found.account).exists():
        raise Http404
    arrived = request.POST.get("arrived") == "yes"
    with telling(request, "It is noted."):
        staff_acts.settle(of, arrived=arrived, by=name_of(request), at=now())
    return redirect("console:case", found.pk)
