"""Money that needs a person: transactions of the bank that fit nobody, and providers' reports."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tideover.casework.access.scope import accounts_of
from tideover.casework.console.pages.frame import name_of, now, telling
from tideover.casework.console.words import money
from tideover.casework.payments.matching import ASIDE, LEFT, SEND_BACK, assign, put_aside, take_up
from tideover.casework.payments.models import BankLine
from tideover.casework.payments.settling import differences, overviews, providers_known

MOST = 100
DONE = {SEND_BACK: "It is to be sent back to its payer.", LEFT: "It is left as it is."}


@require_safe
def bank(request: HttpRequest) -> HttpResponse:
    """Show the transactions that fit nobody, and those that were put aside."""
    waiting = BankLine.objects.filter(how="").order_by("booked_on", "pk")
    aside = BankLine.objects.filter(how__in=ASIDE).order_by("-booked_on", "-pk")
    return render(request, "console/bank.html", {
        "waiting": _shown(waiting[:MOST]), "count": waiting.count(),
        "aside": _shown(aside[:MOST]),
    })  # fmt: skip


def _shown(lines: Any) -> list[tuple[BankLine, str]]:
    return [(line, money(line.amount_minor, line.currency)) for line in lines]


@require_POST
def bank_settle(request: HttpRequest, of: int) -> HttpResponse:
    """Give a transaction to an account, put it aside, or have it wait again."""
    line = BankLine.objects.filter(pk=of).first()
    if line is None:
        raise Http404
    by, wanted = name_of(request), request.POST.get("what", "")
    if wanted in ASIDE:
        with telling(request, DONE[wanted]):
            put_aside(line.line_id, wanted, by=by)
    elif wanted == "wait":
        with telling(request, "It waits again."):
            take_up(line.line_id, by=by)
    else:
        _assign(request, line, by)
    return redirect("console:bank")


def _assign(request: HttpRequest, line: BankLine, by: str) -> None:
    """Give a transaction to an account that the visitor may see."""
    typed = request.POST.get("account", "").strip()
    found = accounts_of(request.user).filter(pk=typed).first()
    if found is None:
        messages.error(request, "There is no such account among those you may see.")
        return
    with telling(request, "The money is on that account; messages about it are taken back."):
        assign(line.line_id, found.pk, by=by, now=now())


@require_safe
def settlements(request: HttpRequest) -> HttpResponse:
    """Show, a provider each, what was told, booked, reported and banked, and what differs."""
    shown = [
        {"name": name,
         "sums": [(one.currency, [money(minor, one.currency) for minor in (
             one.seen_minor, one.ledger_minor, one.reported_minor, one.banked_minor)])
             for one in overviews(name)],
         "differences": [(one, money(one.amount_minor, one.currency))
                         for one in list(differences(name, now().date()))[:MOST]]}
        for name in providers_known()
    ]  # fmt: skip
    return render(request, "console/settlements.html", {"providers": shown})
