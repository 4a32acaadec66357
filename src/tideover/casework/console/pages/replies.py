"""The page of a reply, where a person says what it means."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from tideover.casework.access.scope import accounts_of, in_scope, look
from tideover.casework.cases.models import Case
from tideover.casework.console.forms import CaseForm, NobodysForm, ReplyForm, WhoseForm
from tideover.casework.console.pages.frame import doing, name_of, now, telling
from tideover.casework.console.words import meaning
from tideover.casework.outreach.confirming import MEANINGS, Said, confirm
from tideover.casework.outreach.models import Inbound
from tideover.casework.outreach.placing import REASONS, close_as_nobodys, place, sharing
from tideover.terms import money


def _found(request: HttpRequest, reply_id: int) -> Inbound:
    """Return a reply that the visitor may read, and note that they read it."""
    reply = get_object_or_404(Inbound.objects.select_related("account__person"), pk=reply_id)
    look(request, reply.account)
    return reply


@require_safe
def reply(request: HttpRequest, reply_id: int) -> HttpResponse:
    """Show a reply and what it seems to mean."""
    found = _found(request, reply_id)
    return _page(request, found)


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


def _page(request: HttpRequest, found: Inbound, wrong: CaseForm | None = None) -> HttpResponse:
    """Return the page of a reply, with the form that was filled in wrongly in its place."""
    forms: list[CaseForm] = [
        ReplyForm(initial=_guessed(found), currency=_currency(found)), WhoseForm(), NobodysForm(),
    ]  # fmt: skip
    shown = {one.name: wrong if wrong and wrong.name == one.name else one for one in forms}
    case = Case.objects.filter(account=found.account).order_by("-pk").first()
    context = {
        "reply": found, "case": case if found.account else None, "wrong": bool(wrong),
        "form": shown["reply"], "whose": shown["whose"], "nobodys": shown["nobodys"],
        "sharing": [] if found.account else sharing(found).filter(in_scope(request.user)),
        "closed": REASONS.get(last.reason, "") if (last := found.placings.last()) else "",
        "seems": meaning(found.intent) if found.intent else "",
        "meant": meaning(found.meaning) if found.meaning else "",
        "meanings": MEANINGS.values(), "danger": found.danger,
    }  # fmt: skip
    return render(request, "console/reply.html", context, status=422 if wrong else 200)


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


@require_POST
def reply_whose(request: HttpRequest, reply_id: int) -> HttpResponse:
    """Take what a person says of whose a reply is; it goes on from there."""
    found = _found(request, reply_id)
    form = WhoseForm(request.POST)
    account = None
    if form.is_valid():
        account = accounts_of(request.user).filter(pk=form.cleaned_data["account"]).first()
        if account is None:
            form.add_error("account", "There is no such account among those you may see")
    if account is None:
        return _page(request, found, form)
    look(request, account)
    with telling(request, "It is theirs. Outreach rests until you say what it means."):
        place(found.pk, doing(request, account.pk))
    return redirect("console:reply", found.pk)


@require_POST
def reply_nobodys(request: HttpRequest, reply_id: int) -> HttpResponse:
    """Close a reply that is nobody's we know, with a reason."""
    found = _found(request, reply_id)
    form = NobodysForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    with telling(request, "It is closed as nobody's we know."):
        close_as_nobodys(found.pk, form.cleaned_data["reason"], by=name_of(request), at=now())
    return redirect("console:worklist")
