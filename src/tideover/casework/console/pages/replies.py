"""The page of a reply, where a person says what it means."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from tideover.casework.access.scope import areas_of, look
from tideover.casework.cases.models import Case
from tideover.casework.console.forms import ReplyForm
from tideover.casework.console.pages.frame import doing, telling, visitor
from tideover.casework.console.words import meaning
from tideover.casework.outreach.confirming import MEANINGS, Said, confirm
from tideover.casework.outreach.models import Inbound
from tideover.terms import money


def _found(request: HttpRequest, reply_id: int) -> Inbound:
    """Return a reply that the visitor may read, and note that they read it."""
    reply = get_object_or_404(Inbound.objects.select_related("account__person"), pk=reply_id)
    if reply.account is not None:
        look(request, reply.account)
    elif areas_of(visitor(request)) is not None:
        raise Http404  # whose it is nobody knows, so no team's
    return reply


@require_safe
def reply(request: HttpRequest, reply_id: int) -> HttpResponse:
    """Show a reply and what it seems to mean."""
    found = _found(request, reply_id)
    return _page(request, found, ReplyForm(initial=_guessed(found), currency=_currency(found)))


def _currency(found: Inbound) -> str:
    return found.account.currency if found.account else "EUR"


def _guessed(found: Inbound) -> dict[str, Any]:
    """Return the form as it was understood: who agrees only presses the button."""
    amount, promises = found.amount_minor, found.intent == "will_pay"
    return {
        "meaning": found.intent if found.intent in MEANINGS else "",
        "amount": money.text(amount, _currency(found)) if amount and promises else "",
        "due_on": found.promise_on if promises else None,
    }


def _page(request: HttpRequest, found: Inbound, form: ReplyForm) -> HttpResponse:
    case = Case.objects.filter(account=found.account).order_by("-pk").first()
    context = {
        "reply": found, "form": form, "case": case if found.account else None,
        "seems": meaning(found.intent) if found.intent else "",
        "meant": meaning(found.meaning) if found.meaning else "",
        "meanings": MEANINGS.values(), "danger": found.danger,
    }  # fmt: skip
    return render(request, "console/reply.html", context, status=422 if form.errors else 200)


@require_POST
def reply_confirm(request: HttpRequest, reply_id: int) -> HttpResponse:
    """Take what a person says that a reply means."""
    found = _found(request, reply_id)
    if found.account is None:
        raise Http404  # first it must be somebody's
    form = ReplyForm(request.POST, currency=_currency(found))
    if not form.is_valid():
        return _page(request, found, form)
    told = form.cleaned_data
    said = Said(told["meaning"], told["channel"], told["amount"], told["due_on"])
    with telling(request, MEANINGS[said.meaning].follows + "."):
        confirm(found.pk, said, doing(request, found.account.pk))
    return redirect("console:worklist")
