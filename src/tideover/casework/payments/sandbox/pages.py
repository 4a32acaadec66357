"""The sandbox bank's own page. It says on top that no money moves."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tideover.casework.payments.contract import OPEN, PAID
from tideover.casework.payments.models import SandboxPayment
from tideover.casework.payments.registry import SANDBOX, providers
from tideover.casework.payments.sandbox.acts import BACK, OUTCOMES, act
from tideover.casework.payments.sandbox.words import WORDS
from tideover.terms import money


@require_http_methods(["GET", "HEAD", "POST"])
def bank(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Show a payment, or do what was pressed; only a POST changes anything."""
    if SANDBOX not in providers():
        raise Http404
    now = datetime.now(UTC)
    deed = request.POST.get("deed", "") if request.method == "POST" else ""
    if deed in OUTCOMES or deed in BACK:
        found = act(provider_id, deed, now=now)
    else:
        found = SandboxPayment.objects.filter(pk=provider_id).first()
    if found is None:
        raise Http404
    if deed in OUTCOMES:
        return HttpResponseRedirect(found.come_back_url)
    return _page(request, found)


def _page(request: HttpRequest, found: SandboxPayment) -> HttpResponse:
    words = WORDS.get(found.language[:2], WORDS["en"])
    deeds = OUTCOMES if found.status == OPEN else BACK if found.status == PAID else ()
    response = render(request, "payments/bank.html", {
        "payment": found, "words": words, "language": found.language[:2],
        "amount": f"{found.currency} {money.text(found.amount_minor, found.currency)}",
        "status": words[found.status], "deeds": [(deed, words[deed]) for deed in deeds],
    })  # fmt: skip
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
